"""The next order of every account, from order days to the day from which silence is unlikely."""

import time
from datetime import date, timedelta
from typing import Any

import numpy as np
from benchmarks.measuring import peak_memory_gib
from scipy.stats import betaprime

from openkam.analytics.behaviour.orders import OrderDays
from openkam.analytics.forecast.next_order import NextOrders, next_orders

SIZES = ((20_000, 500_000), (200_000, 5_000_000))
SPAN_DAYS = 1460
LOOP_ACCOUNTS = 500
"""Accounts on which the loop is timed: at full size it would take most of an hour."""


def run(quick: bool) -> dict[str, Any]:
    """Foretell made-up accounts of two sizes; the promises are held against the larger."""
    rows: list[dict[str, Any]] = []
    for accounts, orders in ((500, 12_500),) if quick else SIZES:
        made = generate(accounts, orders)
        started = time.perf_counter()
        found = next_orders(made, date(1970, 1, 1) + timedelta(days=SPAN_DAYS))
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        looped = [
            betaprime.ppf(0.95, found.rhythm.shape[i], found.rhythm.pace_shape[i], scale=_scale(found, i))
            for i in range(min(LOOP_ACCOUNTS, accounts))
        ]
        loop_seconds = (time.perf_counter() - started) * accounts / len(looped)
        rows.append(
            {"accounts": accounts, "orders": len(made.day), "seconds": seconds, "points alone in a SciPy loop": loop_seconds}
        )
    largest = rows[-1]
    return {
        "title": "Next order: from order days to the day of unlikely silence",
        "method": (
            "Seeded orders over four years, about 25 for each account, gaps of shape 0.5 to 6. Timed is one call on days in memory: "
            "shapes and paces of the population, each account's own, its expected window, its overdue day and how likely its silence "
            f"is. The loop asks SciPy for one account's overdue day after the other, fitted rhythms given; {LOOP_ACCOUNTS} accounts "
            "are timed and scaled up."
        ),
        "rows": rows,
        "targets": [
            {"what": "seconds", "measured": largest["seconds"], "limit": 20},
            {"what": "GiB of memory", "measured": peak_memory_gib(), "limit": 3},
        ],
    }


def generate(account_count: int, order_count: int, seed: int = 1) -> OrderDays:
    """About so many orders; every account has one at least, and orders of one day are one."""
    random = np.random.default_rng(seed)
    each = np.maximum(random.poisson(order_count / account_count, account_count), 1)
    account = np.repeat(np.arange(account_count), each)
    shape = random.choice([0.5, 1.0, 2.0, 6.0], account_count)[account]
    gap = random.gamma(shape, SPAN_DAYS / each[account] / shape)
    total = np.cumsum(gap)
    before = np.concatenate([[0.0], total])[np.cumsum(each) - each][account]
    day = np.minimum((total - before).astype(np.int64), SPAN_DAYS)
    # Gaps are positive, so days ascend within an account and equal ones stand beside each other.
    is_new = np.append([True], (account[1:] != account[:-1]) | (day[1:] != day[:-1]))
    return OrderDays(account[is_new], day[is_new], account_count)


def _scale(found: NextOrders, account: int) -> float:
    return float(found.rhythm.pace_days[account] / found.rhythm.shape[account])
