"""What is at stake while an account is silent, and what alerts of silences would have been worth in the firm's own past year."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import Indices, OrderDays, day_number
from openkam.analytics.forecast.next_order import orders_until
from openkam.analytics.forecast.order_alerts import DaySales
from openkam.analytics.forecast.order_alerts_back_test import (
    AlertQuality,
    BackTestParameters,
    OverdueRule,
    after_fixed_days,
    alert_quality,
    by_own_rhythm,
    silences,
    told_alerts,
)
from openkam.analytics.terms import OpenKamError

WEEKS = 52
FEWEST_WEEKS = 13
LEARNT_DAYS = 180
"""Days of orders before the first week that is judged: a rhythm is learnt first."""

ORDER_WEEKS_AT_MOST = 40_000_000
"""Orders times weeks that a back-test goes through: in a larger firm it judges fewer weeks, so that a valuation stays short."""

ORDERS_AT_LEAST = 5
MEAN_GAPS, DAYS_AT_LEAST = 3.0, 30
"""A silence is a loss when it lasts so many of the account's own mean gaps, and no fewer days."""

FIXED_DAYS = 90


@dataclass(frozen=True, slots=True)
class RuleQuality:
    """What a rule's alerts would have been worth, figures as in `AlertQuality`, None where nothing can be counted."""

    rule: str
    alert_count: int
    decided_count: int
    lost_count: int
    precision: float | None
    recall: float | None
    money_recall: float | None
    lead_days: float | None
    base_rate: float | None
    alerts_per_manager_week: float | None
    most_in_a_manager_week: int


@dataclass(frozen=True, slots=True)
class AlertBackTest:
    """The `weeks` from `first_on` to `last_on`, told to `manager_count` managers under a budget of `alerts_per_manager_week`.

    `rules` are the accounts' own rhythm and, beside it, the same number of days for all. A loss is a silence of `mean_gaps` of an
    account's own mean gaps and at least `days_at_least` days; watched is who has ordered `orders_at_least` times.
    """

    first_on: date
    last_on: date
    weeks: int
    manager_count: int
    alerts_per_manager_week: int
    orders_at_least: int
    mean_gaps: float
    days_at_least: int
    rules: tuple[RuleQuality, ...]

    def kept(self) -> dict[str, Any]:
        """As plain values, to be stored."""
        return asdict(self) | {"first_on": self.first_on.isoformat(), "last_on": self.last_on.isoformat()}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """From what `kept` gave."""
        values: dict[str, Any] = {**kept, "rules": tuple(RuleQuality(**one) for one in kept["rules"])}
        values |= {name: date.fromisoformat(kept[name]) for name in ("first_on", "last_on")}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Silence:
    """An account's silence in days: its `usual_gap`, how long it has been silent, and the `bound` within which 95 % of its gaps end."""

    usual_gap: int
    silent: int
    bound: int


def silence_in_days(last_on: date, expected_on: date, overdue_on: date, as_of: date) -> Silence:
    """The days between the last order and what the rhythm says of the next (see `forecast.next_order`)."""
    return Silence((expected_on - last_on).days, (as_of - last_on).days, (overdue_on - last_on).days)


def managers_of(facts: Facts) -> Indices:
    """A number for the manager of every account, as the ledger names them; accounts without one share a number."""
    names = facts.directory.attributes["current_manager"].to_pylist()
    numbers = {name: number for number, name in enumerate(sorted({name or "" for name in names}))}
    return np.array([numbers[name or ""] for name in names], dtype=np.int64)


def alert_back_test(
    orders: OrderDays, sales: DaySales, manager: Indices, as_of: date, alerts_per_manager_week: int
) -> AlertBackTest:
    """Judge the alerts of the year to the as-of day. Raises `OpenKamError` where the history is too short to learn from and to judge."""
    known = orders_until(orders, day_number(as_of))
    weeks = _weeks(known, as_of)
    first_on = as_of - timedelta(days=7 * (weeks - 1))
    parameters = BackTestParameters(first_on, as_of, ORDERS_AT_LEAST, alerts_per_manager_week)
    every = silences(known)
    losses = every.losses(every.own_bounds(MEAN_GAPS, DAYS_AT_LEAST), day_number(as_of))

    def judged(words: str, rule: OverdueRule) -> RuleQuality:
        alerts = told_alerts(known, sales, manager, rule, parameters)
        return _told(words, alert_quality(alerts, every, losses, sales=sales, manager=manager, parameters=parameters))

    return AlertBackTest(
        first_on=first_on,
        last_on=as_of,
        weeks=weeks,
        manager_count=len(np.unique(manager)),
        alerts_per_manager_week=alerts_per_manager_week,
        orders_at_least=ORDERS_AT_LEAST,
        mean_gaps=MEAN_GAPS,
        days_at_least=DAYS_AT_LEAST,
        rules=(
            judged("own rhythm, 95 %", by_own_rhythm()),
            judged(f"{FIXED_DAYS} days for all", after_fixed_days(FIXED_DAYS)),
        ),
    )


def _weeks(known: OrderDays, as_of: date) -> int:
    """How many weeks to judge, from what was learnt before them and what they cost to go through."""
    if not len(known.day):
        raise OpenKamError("No account has ordered yet: there is no silence to look back on.")
    learnt = (day_number(as_of) - int(known.day.min()) - LEARNT_DAYS) // 7
    weeks = min(WEEKS, learnt, ORDER_WEEKS_AT_MOST // len(known.day))
    if weeks < FEWEST_WEEKS:
        raise OpenKamError(
            f"A back-test needs {LEARNT_DAYS} days of orders to learn from and {FEWEST_WEEKS} weeks to judge after them, in a ledger of at "
            f"most {ORDER_WEEKS_AT_MOST // FEWEST_WEEKS:,} order days."
        )
    return weeks


def _told(words: str, found: AlertQuality) -> RuleQuality:
    figures = ("precision", "recall", "money_recall", "lead_days", "base_rate", "alerts_per_manager_week")
    counts = ("alert_count", "decided_count", "lost_count", "most_in_a_manager_week")
    return RuleQuality(
        rule=words,
        **{name: None if np.isnan(value := getattr(found, name)) else float(value) for name in figures},
        **{name: int(getattr(found, name)) for name in counts},
    )


def money_at_stake(sales: DaySales, as_of: date) -> Vector:
    """Net sales (currency) of every account in the 365 days to the as-of day: what would not come again if it has left."""
    return sales.of_the_year_to(day_number(as_of))
