"""The whole review, ledger to explained selection, against one bare DuckDB query over the same columns and against pandas."""

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
from benchmarks.measures_pandas import pandas_measures
from benchmarks.measures_speed import BARE_QUERY, MEMORY_GIB, PARAMETERS, ROWS_PER_ACCOUNT, THREADS, generate
from benchmarks.measuring import peak_memory_gib

import openkam
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.report.document import accounts_parquet, review_html, review_json

SIZES = (1_000_000, 5_000_000, 20_000_000, 50_000_000)
PROMISED = 20_000_000
PANDAS_UP_TO = 20_000_000
IMPORTED_AT = datetime(2025, 1, 1, tzinfo=UTC)


def run(quick: bool) -> dict[str, Any]:
    """Review made-up ledgers of growing size; the promises are held at 20 million lines of 200,000 accounts."""
    rows: list[dict[str, Any]] = []
    sizes = (20_000,) if quick else SIZES
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            timed = measure(size, Path(folder))
        rows += [{"rows": size, "what": what, "seconds": s, "memory GiB": gib} for what, (s, gib) in timed.items()]
    promised = {row["what"]: row for row in rows if row["rows"] == (sizes[0] if quick else PROMISED)}
    bare, whole, in_pandas = (promised[what] for what in ("one bare DuckDB query", "whole review", "same measures, pandas"))
    return {
        "title": "Review: a ledger to an explained selection",
        "method": (
            f"A seeded ledger over four years, {ROWS_PER_ACCOUNT} lines per account, {THREADS} threads; the default programme. The review "
            "measures every account, takes the 20,000 best as candidates, solves, explains every chosen account and the 20 nearest "
            "left out, and makes its JSON document. Each time is one cold run in a process of its own, imports left out. The bare "
            "query groups by account and product over the columns that the measures read. pandas computes the measures alone."
        ),
        "rows": rows,
        "targets": [
            {"what": "times the bare query", "measured": whole["seconds"] / bare["seconds"], "limit": 5},
            {"what": "GiB of memory", "measured": whole["memory GiB"], "limit": 8},
            {
                "what": "times faster than the measures alone in pandas",
                "measured": in_pandas["seconds"] / whole["seconds"],
                "limit": 5,
                "at_most": False,
            },
        ],
        "chart": {"x": "rows", "y": "seconds", "by": "what"},
    }


def measure(size: int, folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds and peak memory (GiB) of everything that is compared, over one ledger of `size` lines."""
    files = generate(size, size // ROWS_PER_ACCOUNT, folder)
    ledger = str(folder / "ledger")
    fill(ledger, files)
    timed = {
        "one bare DuckDB query": alone(time_bare_query, files["transactions"], str(folder)),
        "whole review": alone(time_review, ledger, str(folder)),
        "page and table of accounts": alone(time_documents, ledger, str(folder)),
    }
    if size <= PANDAS_UP_TO:
        timed["same measures, pandas"] = alone(time_pandas, files["transactions"], files["products"])
    return timed


def fill(path: str, files: dict[str, str]) -> None:
    """A ledger of these files, one batch each."""
    ledger = openkam.Ledger.open(path)
    for table, file in files.items():
        batch_id = ledger.new_batch_id(IMPORTED_AT)
        with (
            ledger.stage(table) as staging,
            duckdb.connect(config={"threads": THREADS, "memory_limit": f"{MEMORY_GIB}GiB"}) as connection,
        ):
            connection.register("no_rows", TABLES[table].arrow.empty_table())
            connection.execute(
                f"COPY (SELECT * FROM no_rows UNION ALL BY NAME "
                f"SELECT * REPLACE ('made-up' AS source, '{batch_id}' AS batch_id) FROM read_parquet('{file}')) "
                f"TO '{staging.path}/rows.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 500000)"
            )
            ledger.append(table, staging, source="made-up", imported_at=IMPORTED_AT, batch_id=batch_id)


def alone(function: Any, *arguments: str) -> tuple[float, float]:
    """Run in a process of its own; its seconds and its peak memory (GiB)."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(_with_memory, function, arguments).result()


def _with_memory(function: Any, arguments: tuple[str, ...]) -> tuple[float, float]:
    seconds = function(*arguments)
    return seconds, peak_memory_gib()


def time_bare_query(transactions: str, folder: str) -> float:
    """Seconds of the bare query, its result kept in the engine."""
    with duckdb.connect(config={"threads": THREADS, "memory_limit": f"{MEMORY_GIB}GiB", "temp_directory": folder}) as connection:
        started = time.perf_counter()
        connection.execute(f"CREATE TEMPORARY TABLE result AS {BARE_QUERY}", [transactions])
        return time.perf_counter() - started


def time_review(path: str, _folder: str) -> float:
    """Seconds of a review with its JSON document."""
    ledger = openkam.Ledger.open(path)
    started = time.perf_counter()
    review_json(openkam.review(ledger, as_of=PARAMETERS.as_of))
    return time.perf_counter() - started


def time_documents(path: str, _folder: str) -> float:
    """Seconds of the page and the table of accounts of a review, the review itself left out."""
    review = openkam.review(openkam.Ledger.open(path), as_of=PARAMETERS.as_of)
    started = time.perf_counter()
    review_html(review)
    accounts_parquet(review)
    return time.perf_counter() - started


def time_pandas(transactions: str, products: str) -> float:
    """Seconds of the measures of transactions in pandas."""
    started = time.perf_counter()
    pandas_measures(transactions, products, PARAMETERS)
    return time.perf_counter() - started
