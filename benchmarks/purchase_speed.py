"""Purchase models: from transactions to a fitted BG/NBD and Gamma-Gamma, beside `lifetimes` and `pymc-marketing`."""

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CUSTOMERS = 1_000_000
LARGE = 10 * CUSTOMERS
QUICK = 2_000
AT_ONCE = 250_000
FIRST_DAY = date(2021, 1, 1)
DAYS = 1461
SCHEMA = pa.schema([("customer", pa.int64()), ("day", pa.date32()), ("amount", pa.float64())])


def run(quick: bool) -> dict[str, Any]:
    """Fit the same transactions three ways; ten times as many by OpenKAM alone."""
    customers, large = (QUICK, 2 * QUICK) if quick else (CUSTOMERS, LARGE)
    # The second peer is a group of its own (`uv sync --inexact --group peers`); a quick run does without.
    peers = ("lifetimes",) if quick else ("lifetimes", "pymc_marketing")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "transactions.parquet"
        transactions = generate(customers, file)
        ours = fitted("openkam", file)
        others = [fitted(peer, file) for peer in peers]
        transactions_of_large = generate(large, file)
        at_scale = fitted("openkam", file)
    rows = [{"customers": customers, "transactions": transactions, **one} for one in (ours, *others)]
    rows.append({"customers": large, "transactions": transactions_of_large, **at_scale})
    likelihoods = ("BG/NBD log-likelihood", "Gamma-Gamma log-likelihood")
    apart = [abs(ours[name] / other[name] - 1) for other in others for name in likelihoods]
    return {
        "title": "Purchase models: transactions to a fitted BG/NBD and Gamma-Gamma",
        "method": (
            "Seeded BG/NBD buyers over four years, about 6.5 transactions each, in a Parquet file. Timed from the open file to both fitted "
            "models, the summary by customer included; each in a process of its own, imports and (pymc-marketing) nothing else left out. "
            "lifetimes fits by its own defaults, pymc-marketing finds the maximum a posteriori under flat priors, which is the "
            "maximum likelihood. All fit the same histories in days."
        ),
        "rows": rows,
        "targets": [
            {
                "what": "times faster than the faster peer",
                "measured": min(other["seconds"] for other in others) / ours["seconds"],
                "limit": 8,
                "at_most": False,
            },
            {"what": "relative distance of log-likelihoods from the peers'", "measured": max(apart), "limit": 1e-6},
            {"what": f"seconds at {large:,} customers", "measured": at_scale["seconds"], "limit": 40},
            {"what": f"GiB of memory at {large:,} customers", "measured": at_scale["memory GiB"], "limit": 6},
        ],
    }


def fitted(library: str, file: Path) -> dict[str, Any]:
    """What `benchmarks.purchase_<library>` found: `what`, `seconds`, `memory GiB` and the two log-likelihoods."""
    command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.purchase_{library}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def generate(customers: int, file: Path, seed: int = 1) -> int:
    """Write the transactions of so many BG/NBD buyers (at most one a day) with Gamma-Gamma values; returns how many."""
    written = 0
    with pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer:
        for start in range(0, customers, AT_ONCE):
            count = min(AT_ONCE, customers - start)
            rows = _transactions(np.random.default_rng([seed, start]), start, count)
            writer.write_table(rows)
            written += len(rows)
    return written


def _transactions(generator: np.random.Generator, start: int, count: int) -> pa.Table:
    rate, stops = generator.gamma(0.9, 1 / 75, count), generator.beta(0.9, 9, count)
    level = generator.gamma(4, 1 / 60, count)
    day = generator.integers(0, DAYS - 90, count).astype(np.float64)
    alive = np.arange(count)
    customer, days = [alive], [day.astype(np.int64)]
    while len(alive):
        day[alive] += np.maximum(generator.exponential(1 / rate[alive]), 1)
        alive = alive[day[alive] < DAYS]
        customer.append(alive)
        days.append(day[alive].astype(np.int64))
        alive = alive[generator.random(len(alive)) >= stops[alive]]
    who, when = np.concatenate(customer), np.concatenate(days)
    order = generator.permutation(len(who))  # a ledger is not sorted by customer
    who, when = who[order], when[order]
    amount = np.maximum(np.round(generator.gamma(3, 1 / level[who]), 2), 0.01)
    since = np.datetime64(FIRST_DAY) + when
    return pa.table([pa.array(who + start), pa.array(since.astype("datetime64[D]")), pa.array(amount)], schema=SCHEMA)
