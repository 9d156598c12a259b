"""All measures of all accounts: the engine against one bare DuckDB query over the same columns and against vectorised pandas."""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from benchmarks.measures_pandas import pandas_measures
from benchmarks.measuring import peak_memory_gib

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.engine import open_engine
from openkam.analytics.valuation.account_measures import account_measures

THREADS = 2
MEMORY_GIB = 5
SIZES = (1_000_000, 5_000_000, 20_000_000)
ROWS_PER_ACCOUNT = 100
PARAMETERS = MeasureParameters(as_of=date(2024, 12, 31), reporting_currency="EUR")

BARE_QUERY = """
    SELECT customer_key, product_key, count(*), count(transaction_key), count(line_type), count(currency), count(source),
        min(transacted_on), max(transacted_on), sum(quantity), sum(net_amount), sum(list_amount), sum(rebate_amount),
        sum(cost_amount)
    FROM read_parquet(?) GROUP BY customer_key, product_key
"""


def run(quick: bool) -> dict[str, Any]:
    """Measure made-up ledgers of growing size; the promises are held against the largest."""
    rows: list[dict[str, Any]] = []
    for size in (20_000,) if quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            files = generate(size, size // ROWS_PER_ACCOUNT, Path(folder))
            timed = {
                "one bare DuckDB query": alone(time_bare_query, files, folder),
                "all measures, OpenKAM": alone(time_measures, files, folder),
                "same measures, pandas": alone(time_pandas, files, folder),
                "same measures, pandas fed by Arrow": alone(time_pandas_fed_by_arrow, files, folder),
            }
        rows += [{"rows": size, "what": what, "seconds": seconds, "memory GiB": gib} for what, (seconds, gib) in timed.items()]
    bare, measures, in_pandas, _ = rows[-4:]
    return {
        "title": "Measures: a ledger of transactions to one row per account",
        "method": (
            f"A seeded ledger over four years, {ROWS_PER_ACCOUNT} lines per account, {THREADS} threads. Each time is one cold run "
            "in a process of its own, imports left out, Parquet read included. The bare query groups by account and product and reads "
            "the columns that the measures read. pandas keeps keys as categories and amounts as doubles; it reads the file itself, or, "
            "tuned by hand, is fed by Arrow with doubles and categories. Both pandas runs take the shapes of gaps and the slopes of "
            "growth from OpenKAM, sum doubles where OpenKAM sums exact decimals, and leave out currencies and records of customers."
        ),
        "rows": rows,
        "targets": [
            {"what": "times the bare query", "measured": measures["seconds"] / bare["seconds"], "limit": 4},
            {
                "what": "times faster than pandas",
                "measured": in_pandas["seconds"] / measures["seconds"],
                "limit": 5,
                "at_most": False,
            },
            {"what": "GiB of memory", "measured": measures["memory GiB"], "limit": 8},
        ],
        "chart": {"x": "rows", "y": "seconds", "by": "what"},
    }


def alone(function: Callable[..., float], files: dict[str, str], folder: str) -> tuple[float, float]:
    """Run in a process of its own; its seconds and its peak memory (GiB)."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_with_memory, function, files, folder).result()


def _with_memory(function: Callable[..., float], files: dict[str, str], folder: str) -> tuple[float, float]:
    seconds = function(files, folder)
    return seconds, peak_memory_gib()


def time_bare_query(files: dict[str, str], folder: str) -> float:
    """Seconds of the bare query, its result kept in the engine."""
    with duckdb.connect(config={"threads": THREADS, "memory_limit": f"{MEMORY_GIB}GiB", "temp_directory": folder}) as connection:
        connection.execute("SET enable_progress_bar = false")
        started = time.perf_counter()
        connection.execute(f"CREATE TEMPORARY TABLE result AS {BARE_QUERY}", [files["transactions"]])
        return time.perf_counter() - started


def time_measures(files: dict[str, str], folder: str) -> float:
    """Seconds of all measures."""
    with open_engine("duckdb", memory_gib=MEMORY_GIB, threads=THREADS, temporary_folder=folder) as engine:
        started = time.perf_counter()
        account_measures(engine, Files(files), PARAMETERS)
        return time.perf_counter() - started


def time_pandas(files: dict[str, str], _folder: str) -> float:
    """Seconds of the measures of transactions in pandas."""
    started = time.perf_counter()
    pandas_measures(files["transactions"], files["products"], PARAMETERS)
    return time.perf_counter() - started


def time_pandas_fed_by_arrow(files: dict[str, str], _folder: str) -> float:
    """Seconds of the same with the read tuned by hand."""
    started = time.perf_counter()
    pandas_measures(files["transactions"], files["products"], PARAMETERS, reads_by_arrow=True)
    return time.perf_counter() - started


class Files:
    """One Parquet file per table, as a version of a ledger."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def uris(self, table: str, /) -> list[str]:
        """The file of the table, if there is one."""
        return [self.files[table]] if table in self.files else []


def generate(rows: int, accounts: int, folder: Path, seed: int = 1) -> dict[str, str]:
    """Write transactions and products as a ledger would hold them; every figure follows from the seed.

    An order has five lines and each account its own forty products of 3,000. Sizes of accounts are skewed. A tenth of the lines
    has no cost of its own, 2 % are returns, 1 % freight.
    """
    files = {name: str(folder / f"{name}.parquet") for name in ("transactions", "products")}
    with duckdb.connect(
        config={"threads": THREADS, "memory_limit": f"{MEMORY_GIB}GiB", "temp_directory": str(folder)}
    ) as connection:
        connection.execute(
            f"COPY ({LINES.format(rows=rows, accounts=accounts, seed=seed)}) TO '{files['transactions']}' {FORMAT}"
        )
        connection.execute(f"COPY ({PRODUCTS}) TO '{files['products']}' {FORMAT}")
    return files


FORMAT = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 500000)"

LINES = """
    WITH drawn AS (
        SELECT i, i // 5 AS document, hash(i + {seed} * 1000003) AS h, hash(i // 5 + {seed} * 7000003) AS d
        FROM range({rows}) t(i)
    ), placed AS (
        SELECT *, ({accounts} * pow((d % 1000003) / 1000003.0, 1.5))::BIGINT AS account,
            (CASE WHEN h % 50 = 0 THEN -1 ELSE 1 END * (1 + (h // 64) % 37 * (1 + (h // 4096) % 5 // 4 * 20)))::DECIMAL(18, 4)
                AS units,
            5 + (h // 128) % 101 AS list_price
        FROM drawn
    )
    SELECT 'D' || document AS transaction_key, i % 5 + 1 AS line_number, 'C' || lpad(account::VARCHAR, 7, '0') AS customer_key,
        DATE '2021-01-01' + (document * 1461 // greatest({rows} // 5, 1))::INTEGER AS transacted_on,
        'P' || lpad(((account * 37 + h % 40) % 3000)::VARCHAR, 5, '0') AS product_key,
        CASE WHEN h % 50 = 0 THEN 'return' WHEN h % 100 = 1 THEN 'freight' ELSE 'sale' END AS line_type,
        units AS quantity, (units * list_price * (80 + (h // 1024) % 20) / 100)::DECIMAL(18, 4) AS net_amount,
        (units * list_price)::DECIMAL(18, 4) AS list_amount, (h // 512 % 7)::DECIMAL(18, 4) AS rebate_amount,
        CASE WHEN h // 256 % 10 > 0 THEN (units * (4 + (h // 2048) % 53))::DECIMAL(18, 4) END AS cost_amount,
        'EUR' AS currency, 'erp' AS source, '20250101T000000Z' AS batch_id, i + 2 AS source_row
    FROM placed
"""

PRODUCTS = """
    SELECT 'P' || lpad(p::VARCHAR, 5, '0') AS product_key, 'Product ' || p AS name, 'Category ' || p % 40 AS category,
        CASE WHEN p % 4 > 0 THEN 20 + p % 17 END::DECIMAL(18, 4) AS unit_cost, (50 + p % 31)::DECIMAL(18, 4) AS unit_list_price,
        'EUR' AS currency, 'erp' AS source, '20250101T000000Z' AS batch_id, p AS source_row
    FROM range(3000) t(p)
"""
