"""Alerts for overdue orders: the few that a manager can act on in a week, those with the most money at stake first."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector, as_indices, as_vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import Indices, Mask

ALERTS_PER_MANAGER_WEEK = 3
"""What a manager can look into in a week beside the work that is planned; more alerts are read less."""

DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class DaySales:
    """Net sales (currency) of an account on a day (days since 1970-01-01), sorted by day."""

    account: Indices
    day: Indices
    net: Vector
    account_count: int

    def of_the_year_to(self, day: int) -> Vector:
        """Net sales of every account in the 365 days up to and with the day: what is at stake when it stops."""
        start, end = np.searchsorted(self.day, [day - DAYS_OF_A_YEAR, day], side="right")
        totals = np.bincount(self.account[start:end], weights=self.net[start:end], minlength=self.account_count)
        return totals.astype(np.float64)


def read_day_sales(facts: Facts) -> DaySales:
    """Net sales by account and day of the whole history."""
    rows = facts.engine.to_arrow(facts.account_days.select("account_id", "transacted_on", "net").order_by("transacted_on"))
    return DaySales(
        as_indices(rows["account_id"]),
        as_indices(rows["transacted_on"]),
        np.nan_to_num(as_vector(rows["net"])),
        facts.account_count,
    )


def alerts_within_budget(
    is_overdue: Mask, money_at_stake: Vector, manager: Indices, budget: int = ALERTS_PER_MANAGER_WEEK
) -> Indices:
    """The accounts to tell: of each manager's overdue ones the `budget` with the most money at stake, by manager and money.

    `manager` numbers the manager of every account. Equal money falls by account.
    """
    overdue = np.flatnonzero(is_overdue)
    ranked = overdue[np.lexsort((overdue, -money_at_stake[overdue], manager[overdue]))]
    own = manager[ranked]
    first = np.searchsorted(own, own, side="left")
    return ranked[np.arange(len(ranked)) - first < budget]
