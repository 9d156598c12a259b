"""One run of the benchmark of purchase models: OpenKAM."""

import sys
import tempfile
import time
from datetime import date

from benchmarks.purchase_result import bg_nbd, gamma_gamma, tell
from benchmarks.purchase_speed import DAYS, FIRST_DAY, SCHEMA

from openkam.analytics.engine import Engine, Rows, open_engine
from openkam.analytics.valuation.purchase_model import fit_bg_nbd
from openkam.analytics.valuation.purchase_summary import summarise_purchases
from openkam.analytics.valuation.spend_model import fit_gamma_gamma

THREADS = 2
MEMORY_GIB = 3


def main(file: str) -> None:
    """Time it and tell what was found."""
    until = date.fromordinal(FIRST_DAY.toordinal() + DAYS)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_engine("duckdb", memory_gib=MEMORY_GIB, threads=THREADS, temporary_folder=folder) as engine,
    ):
        # The query compiler is imported when it is first used; imports are left out of every library's time.
        summarise_purchases(engine, read(engine, file).limit(1), until)
        started = time.perf_counter()
        summary = summarise_purchases(engine, read(engine, file), until)
        print(f"summary {time.perf_counter() - started:.1f} s", file=sys.stderr)
        often = fit_bg_nbd(summary.frequency, summary.recency_days, summary.age_days)
        print(f"BG/NBD {time.perf_counter() - started:.1f} s", file=sys.stderr)
        much = fit_gamma_gamma(summary.frequency, summary.repeat_value)
        seconds = time.perf_counter() - started
    histories = (summary.frequency, summary.recency_days, summary.age_days)
    tell(
        "OpenKAM",
        seconds,
        bg_nbd(histories, **often.estimate.parameters),
        gamma_gamma(summary.frequency, summary.repeat_value, **much.estimate.parameters),
    )


def read(engine: Engine, file: str) -> Rows:
    """The transactions as order days."""
    lines: Rows = engine.read([file], SCHEMA)
    return lines.select(account_id=lines.customer, transacted_on=lines.day, has_sale=True, net=lines.amount)


if __name__ == "__main__":
    main(sys.argv[1])
