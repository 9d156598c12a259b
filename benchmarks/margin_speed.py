"""The margin ladder with time-driven costing of all accounts: the engine against vectorised pandas."""

import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.margin_pandas import pandas_margin
from benchmarks.measures_speed import MEMORY_GIB, ROWS_PER_ACCOUNT, THREADS, Files, alone, generate

from openkam.analytics.behaviour.facts import MeasureParameters, load_facts
from openkam.analytics.engine import Engine, open_engine
from openkam.analytics.valuation.margin_ladder import MarginLadder, margin_ladder
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, ServiceStep, TimeEquation
from openkam.analytics.valuation.time_driven_costing import time_driven_costs

SIZES = (1_000_000, 5_000_000)
PARAMETERS = MeasureParameters(as_of=date(2024, 12, 31), reporting_currency="EUR", period_months=48)
START = date(2021, 1, 1)
MODEL = CostModel(
    rates=(PoolRate("order desk", START, Decimal(80_000), Decimal(100_000)),),
    equations=(
        TimeEquation(
            "order",
            "order desk",
            "8 + 3 * lines + (20 if net_amount < 500 else 0)",
            START,
            step=ServiceStep.ORDER_AND_LOGISTICS,
        ),
    ),
)
MINUTES = (8.0, 3.0, 20.0, 500.0)


def run(quick: bool) -> dict[str, Any]:
    """Time the ladder of made-up ledgers of growing size; the promises are held against the largest."""
    rows: list[dict[str, Any]] = []
    for size in (20_000,) if quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            files = generate(size, size // ROWS_PER_ACCOUNT, Path(folder))
            timed = {
                "ladder and costing, OpenKAM": alone(time_ladder, files, folder),
                "same steps, pandas fed by Arrow": alone(time_pandas, files, folder),
            }
        rows += [{"rows": size, "what": what, "seconds": seconds, "memory GiB": gib} for what, (seconds, gib) in timed.items()]
    ladder, in_pandas = rows[-2:]
    return {
        "title": "Margin: the ladder of every account with time-driven costing",
        "method": (
            f"A seeded ledger over four years, all of it in the period, {ROWS_PER_ACCOUNT} lines per account and five per document, "
            f"{THREADS} threads. Each time is one cold run in a process of its own, imports left out, Parquet read included. OpenKAM "
            "resolves accounts and currencies, sums exact decimals, costs each document by a time equation at the rate of its day and "
            "names the source of every step; pandas, fed by Arrow with doubles and categories, does the sums and the minutes alone."
        ),
        "rows": rows,
        "targets": [
            {
                "what": "times faster than pandas",
                "measured": in_pandas["seconds"] / ladder["seconds"],
                "limit": 1,
                "at_most": False,
            },
            {"what": "GiB of memory", "measured": ladder["memory GiB"], "limit": 3},
        ],
        "chart": {"x": "rows", "y": "seconds", "by": "what"},
    }


def ladder_of(engine: Engine, files: dict[str, str]) -> MarginLadder:
    """The ladder of a generated ledger."""
    facts = load_facts(engine, Files(files), PARAMETERS)
    return margin_ladder(facts, service=time_driven_costs(facts, MODEL, document_activities=["order"]))


def time_ladder(files: dict[str, str], folder: str) -> float:
    """Seconds of the ladder with its costing."""
    with open_engine("duckdb", memory_gib=MEMORY_GIB, threads=THREADS, temporary_folder=Path(folder)) as engine:
        started = time.perf_counter()
        ladder_of(engine, files)
        return time.perf_counter() - started


def time_pandas(files: dict[str, str], _folder: str) -> float:
    """Seconds of the same steps in pandas."""
    started = time.perf_counter()
    pandas_margin(files["transactions"], files["products"], PARAMETERS, MINUTES, 0.8)
    return time.perf_counter() - started
