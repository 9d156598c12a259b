"""Would the alerts have been right? Week by week over the past, each time with nothing but what was known on that day.

A *silence* runs from an order of an account to its next one. It is a loss when it lasts longer than a given number of days, the
same for all or each account's own; one in which the ledger ends before is undecided and counts nowhere. A rule alerts at most
once in a silence. What the budget leaves out waits, and competes again in the next week.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Indices, Mask, OrderDays, day_number
from openkam.analytics.forecast.next_order import NextOrderParameters, next_orders, orders_until
from openkam.analytics.forecast.order_alerts import ALERTS_PER_MANAGER_WEEK, DaySales, alerts_within_budget
from openkam.analytics.terms import OpenKamError

OverdueRule = Callable[[OrderDays, date], Vector]
"""From the orders known on a day: the first day on which each account counts as overdue (days since 1970-01-01)."""

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class BackTestParameters:
    """Alerts are told every seven days from `first_on` to `last_on`, about silences that begin in that time.

    `orders_at_least` are the orders an account must have had before it is watched.
    """

    first_on: date
    last_on: date
    orders_at_least: int = 3
    alerts_per_manager_week: int = ALERTS_PER_MANAGER_WEEK

    def __post_init__(self) -> None:
        if self.first_on > self.last_on:
            raise OpenKamError(f"The back-test begins on {self.first_on} and ends before that, on {self.last_on}: swap the days.")
        if min(self.orders_at_least, self.alerts_per_manager_week) < 1:
            raise OpenKamError("orders_at_least and alerts_per_manager_week need to be 1 or more.")


@dataclass(frozen=True, slots=True)
class Silences:
    """Every silence: its account, the order it begins with, the order that ends it (NaN while there is none), both as days since
    1970-01-01, and how many orders the account had by then, the first included."""

    account: Indices
    begins_on: Indices
    ends_on: Vector
    order_number: Indices

    def losses(self, after_days: Vector | float, last_known_day: int) -> "Losses":
        """Losses are the silences of `after_days` or more, one figure for all or one for each silence."""
        lasted = np.where(np.isnan(self.ends_on), last_known_day, self.ends_on) - self.begins_on
        is_lost = np.where(lasted >= after_days, 1.0, np.where(np.isnan(self.ends_on), np.nan, 0.0))
        return Losses(is_lost, self.begins_on.astype(np.float64) + np.ceil(after_days))

    def own_bounds(self, mean_gaps: float, days_at_least: int) -> Vector:
        """Days after which each silence is out of the ordinary for its account: `mean_gaps` times the mean of the account's
        *other* ended silences, later ones included, and no fewer than `days_at_least`. NaN where there is no other."""
        ended = ~np.isnan(self.ends_on)
        days = np.where(ended, self.ends_on - self.begins_on, 0.0)
        total = np.bincount(self.account, weights=days)[self.account] - days
        count = np.bincount(self.account, weights=ended)[self.account] - ended
        mean = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
        return np.maximum(mean_gaps * mean, days_at_least)


@dataclass(frozen=True, slots=True)
class Losses:
    """What became of each silence: `is_lost` 1, 0 or NaN where it is not known yet; `plain_on` the day (since 1970-01-01) from
    which a loss would be plain to everybody."""

    is_lost: Vector
    plain_on: Vector


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """The alerts that would have been told: position of the silence, day and money at stake (currency a year)."""

    silence: Indices
    told_on: Indices
    money_at_stake: Vector


@dataclass(frozen=True, slots=True)
class AlertQuality:
    """What the alerts were worth.

    `precision`: lost silences among the decided ones that were told. `recall`: among the lost ones, those told before the loss was
    plain; `money_recall` the same weighted by the sales of the year to the last order. `lead_days`: median days from telling until
    the loss was plain, over the lost ones told in time; `days_silent`: median silence when these were told. `base_rate`: lost ones
    among all decided silences. NaN where nothing can be counted.
    """

    alert_count: int
    decided_count: int
    lost_count: int
    precision: float
    recall: float
    money_recall: float
    lead_days: float
    days_silent: float
    base_rate: float
    alerts_per_manager_week: float
    most_in_a_manager_week: int


def by_own_rhythm(parameters: NextOrderParameters | None = None) -> OverdueRule:
    """Overdue by each account's own rhythm, fitted anew each week."""
    return lambda known, today: next_orders(known, today, parameters).overdue_on


def after_fixed_days(days: int) -> OverdueRule:
    """Overdue after the same number of days for every account."""
    return lambda known, _today: known.first_and_last()[1] + days


def silences(orders: OrderDays) -> Silences:
    """Every silence between the orders of an account, and the one after its last."""
    continues = np.append(orders.account[1:] == orders.account[:-1], [False] if len(orders.account) else [])
    ends_on = np.where(continues, np.roll(orders.day, -1).astype(np.float64), np.nan)
    first = np.searchsorted(orders.account, orders.account, side="left")
    return Silences(orders.account, orders.day, ends_on, np.arange(len(orders.account)) - first + 1)


def told_alerts(
    orders: OrderDays, sales: DaySales, manager: Indices, rule: OverdueRule, parameters: BackTestParameters
) -> AlertRecord:
    """The alerts that `rule` would have told each manager week by week under the budget."""
    found: list[tuple[Indices, int, Vector]] = []
    was_told = np.zeros(len(orders.account), dtype=np.bool_)
    today = parameters.first_on
    while today <= parameters.last_on:
        day = day_number(today)
        known = orders_until(orders, day)
        count = np.bincount(known.account, minlength=orders.account_count)
        # Orders are sorted by account and day: the newest known one of an account stands `count` places after its first.
        first = np.searchsorted(orders.account, np.arange(orders.account_count), side="left")
        position = np.where(count > 0, first + count - 1, -1)
        is_watched = (count >= parameters.orders_at_least) & (position >= 0)
        is_watched &= orders.day[position] >= day_number(parameters.first_on)
        is_overdue = is_watched & ~was_told[position] & (rule(known, today) <= day)
        money = sales.of_the_year_to(day)
        told = alerts_within_budget(is_overdue, money, manager, parameters.alerts_per_manager_week)
        was_told[position[told]] = True
        found.append((position[told], day, money[told]))
        today += timedelta(days=DAYS_OF_A_WEEK)
    return AlertRecord(
        silence=np.concatenate([silence for silence, _, _ in found]),
        told_on=np.concatenate([np.full(len(silence), day) for silence, day, _ in found]),
        money_at_stake=np.concatenate([money for _, _, money in found]),
    )


def alert_quality(
    alerts: AlertRecord,
    all_silences: Silences,
    losses: Losses,
    *,
    sales: DaySales,
    manager: Indices,
    parameters: BackTestParameters,
) -> AlertQuality:
    """Judge alerts by what became of the silences. Recall counts the losses that began and were plain within the weeks told."""
    begins, is_lost = all_silences.begins_on, losses.is_lost
    in_question = (begins >= day_number(parameters.first_on)) & (all_silences.order_number >= parameters.orders_at_least)
    in_question &= losses.plain_on <= day_number(parameters.last_on)
    verdict = is_lost[alerts.silence]
    is_decided = ~np.isnan(verdict)
    plain_on = losses.plain_on[alerts.silence]
    is_hit = (verdict == 1) & (alerts.told_on < plain_on)
    lost = np.flatnonzero(in_question & (is_lost == 1))
    told_in_time = np.isin(lost, alerts.silence[is_hit])
    money = _money_at_last_order(lost, all_silences, sales)
    weeks = (parameters.last_on - parameters.first_on).days // DAYS_OF_A_WEEK + 1
    manager_count = len(np.unique(manager))
    owner = manager[all_silences.account[alerts.silence]]
    _, per_week = np.unique(np.column_stack([owner, alerts.told_on]), axis=0, return_counts=True)
    return AlertQuality(
        alert_count=len(alerts.silence),
        decided_count=int(is_decided.sum()),
        lost_count=len(lost),
        precision=_mean(verdict[is_decided]),
        recall=_mean(told_in_time.astype(np.float64)),
        money_recall=float(money[told_in_time].sum() / money.sum()) if money.sum() > 0 else float("nan"),
        lead_days=_median((plain_on - alerts.told_on)[is_hit]),
        days_silent=_median((alerts.told_on - begins[alerts.silence])[is_hit].astype(np.float64)),
        base_rate=_mean(is_lost[in_question & ~np.isnan(is_lost)]),
        alerts_per_manager_week=len(alerts.silence) / (weeks * manager_count) if manager_count else float("nan"),
        most_in_a_manager_week=int(per_week.max(initial=0)),
    )


def _money_at_last_order(lost: Indices, all_silences: Silences, sales: DaySales) -> Vector:
    """Sales of the year to the last order of each lost silence, never below zero."""
    money = np.zeros(len(lost))
    begins = all_silences.begins_on[lost]
    for day in np.unique(begins):
        there: Mask = begins == day
        money[there] = sales.of_the_year_to(int(day))[all_silences.account[lost[there]]]
    return np.maximum(money, 0.0)


def _mean(values: Vector) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _median(values: Vector) -> float:
    return float(np.median(values)) if len(values) else float("nan")
