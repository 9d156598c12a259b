"""Import: a clean CSV to rows committed in the ledger, against DuckDB's own copy of the same file to Parquet.

`python -m benchmarks.import_speed ROWS …` prints one JSON document for sizes of your own.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from openkam.analytics.ledger.import_files import MEMORY_LIMIT, import_files
from openkam.analytics.ledger.ledger import Ledger

SIZES = (5_000_000, 20_000_000)
LINES_PER_TRANSACTION = 5
SEED = 20_260_115


def run(quick: bool) -> dict[str, Any]:
    """Measure the speed at five million rows and the memory at twenty."""
    found = [measure(size) for size in ((20_000, 50_000) if quick else SIZES)]
    rows = [
        {"rows": m["rows"], "what": what, "seconds": m[f"{key}_seconds"], "rows per second": m["rows"] / m[f"{key}_seconds"]}
        for m in found
        for key, what in (("copy", "DuckDB's own copy"), ("import", "OpenKAM, committed"))
    ]
    fast, large = found
    return {
        "title": "Import: a CSV to rows committed in the ledger",
        "method": (
            f"A seeded file of invoice lines (10 columns, {LINES_PER_TRANSACTION} lines per invoice, no row in error). OpenKAM "
            "reads, checks every cell, decides formats from all rows, looks for duplicates and commits; DuckDB's copy is "
            "`COPY (FROM read_csv(file)) TO parquet`, right before, on the same file with the same memory. Each in a process of "
            "its own."
        ),
        "rows": rows,
        "targets": [
            {"what": "rows per second", "measured": fast["rows_per_second"], "limit": 500_000, "at_most": False},
            {"what": "share of the speed of DuckDB's copy", "measured": fast["ratio_to_copy"], "limit": 0.4, "at_most": False},
            {"what": f"GiB of memory at {large['rows']:,} rows", "measured": large["peak_memory_gib"], "limit": 3},
        ],
        "chart": {"x": "rows", "y": "seconds", "by": "what"},
    }


def measure(rows: int) -> dict[str, Any]:
    """Import a made-up file of that many rows: seconds, rows per second, share of DuckDB's speed, peak memory (GiB)."""
    with tempfile.TemporaryDirectory(prefix="openkam-benchmark-") as folder:
        file = _alone(generate, rows, folder)[0]
        copy_seconds, _ = _alone(time_copy, file, folder)
        import_seconds, peak_memory_gib = _alone(time_import, file, folder)
        file_bytes = Path(file).stat().st_size
    return {
        "rows": rows,
        "file_bytes": file_bytes,
        "copy_seconds": copy_seconds,
        "import_seconds": import_seconds,
        "rows_per_second": rows / import_seconds,
        "ratio_to_copy": copy_seconds / import_seconds,
        "peak_memory_gib": peak_memory_gib,
    }


def generate(rows: int, folder: str) -> str:
    """Write the file: invoices over four years, 200,000 customers, 5,000 products, amounts with cents, a credit now and then."""
    path = f"{folder}/sales.csv"
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"COPY (WITH lines AS (SELECT i, i // {LINES_PER_TRANSACTION} AS t, i % {LINES_PER_TRANSACTION} + 1 AS line, "
            "CASE WHEN hash(i + 3 * $seed) % 50 = 0 THEN -1 ELSE 1 END AS sign FROM range($rows) r(i)) "
            "SELECT 'INV' || t AS transaction_key, line AS line_number, 'C' || hash(t + $seed) % 200000 AS customer_key, "
            "DATE '2021-01-01' + CAST((t * 7919) % 1461 AS INTEGER) AS transacted_on, "
            "'P' || hash(i + 2 * $seed) % 5000 AS product_key, sign * CAST(1 + hash(i) % 40 AS INTEGER) AS quantity, "
            "CAST(sign * (1 + hash(i + 4 * $seed) % 1000000) / 100 AS DECIMAL(18,2)) AS net_amount, "
            "CAST(sign * (hash(i + 5 * $seed) % 700000) / 100 AS DECIMAL(18,2)) AS cost_amount, 'EUR' AS currency, "
            "['North', 'South', 'East', 'West'][CAST(1 + t % 4 AS INTEGER)] AS business_unit FROM lines) "
            f"TO '{path}' (HEADER)",
            {"rows": rows, "seed": SEED},
        )
    return path


def time_copy(file: str, folder: str) -> float:
    """Seconds of DuckDB's own copy."""
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": f"{folder}/spill"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        started = time.perf_counter()
        connection.execute(f"COPY (FROM read_csv('{file}')) TO '{folder}/copy.parquet' (FORMAT parquet)")
        return time.perf_counter() - started


def time_import(file: str, folder: str) -> float:
    """Seconds of an import into a new ledger, the commit included."""
    ledger = Ledger.open(f"{folder}/ledger")
    started = time.perf_counter()
    result = import_files(
        ledger,
        [file],
        table="transactions",
        source="benchmark",
        imported_at=datetime(2026, 1, 15, tzinfo=UTC),
        latest_day=date(2026, 1, 15),
    )
    seconds = time.perf_counter() - started
    if result.rows_rejected or result.batch is None:
        raise RuntimeError(f"The file is not clean: {result.reject_counts}.")
    return seconds


def _alone(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """Run in a process of its own; what it returns and its peak memory (GiB)."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_with_memory, function, arguments).result()


def _with_memory(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, float]:
    returned = function(*arguments)
    return returned, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    print(json.dumps([measure(int(rows.replace("_", ""))) for rows in sys.argv[1:] or ["5_000_000"]], indent=2))
