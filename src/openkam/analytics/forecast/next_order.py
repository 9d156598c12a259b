"""The next order of every account by its own rhythm, and the day from which its silence is unlikely.

A fixed rule of 90 days is right only for random buyers with 30 days between orders: with k = 10 the same silence is unlikely
from day 47.1 on, six weeks earlier.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.behaviour.orders import Mask, OrderDays, day_number, read_order_days
from openkam.analytics.behaviour.regularity import MINIMUM_GAPS
from openkam.analytics.forecast.rhythm import Rhythm, recent_orders, rhythm
from openkam.analytics.terms import Measure, OpenKamError, Unit


@dataclass(frozen=True, slots=True)
class NextOrderParameters:
    """`confidence` is the share of an account's gaps that end before it is called overdue, `window_share` the share that the
    expected window holds, `gaps_at_most` how many of the newest gaps make the rhythm, so that a changed one is learnt."""

    confidence: float = 0.95
    window_share: float = 0.80
    gaps_at_most: int = 24

    def __post_init__(self) -> None:
        for name, share in (("confidence", self.confidence), ("window_share", self.window_share)):
            if not 0 < share < 1:
                raise OpenKamError(f"{name} is {share}: give a share between 0 and 1, for example 0.95.")
        if self.gaps_at_most < 1:
            raise OpenKamError(f"gaps_at_most is {self.gaps_at_most}: give at least 1 gap.")


@dataclass(frozen=True, slots=True)
class NextOrders:
    """One place per account, NaN for an account that never ordered; days are days since 1970-01-01.

    `last_on` is the last order, `expected_on` the day by which half of its gaps have ended, `window_from_on` and `window_to_on`
    the days between which the order falls with the probability of `window_share`. `overdue_on` is the first day on which the
    silence has lasted as long as no more than 1 − `confidence` of its gaps do. `silence_days` have passed since the last order;
    `silence_probability` is that of a gap lasting longer, if nothing has changed. `is_thin` marks fewer than 4 gaps.
    """

    last_on: Vector
    expected_on: Vector
    window_from_on: Vector
    window_to_on: Vector
    overdue_on: Vector
    silence_days: Vector
    silence_probability: Vector
    gap_count: Vector
    is_overdue: Mask
    is_thin: Mask
    rhythm: Rhythm


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What of this file stands among the measures of an account."""
    given = NextOrderParameters()
    family, today = "next_order", parameters.as_of
    return (
        Measure(
            "silence_beyond_overdue_days",
            Unit.DAYS,
            f"Days from the first on which the next order is overdue to {today}, negative while it is not: overdue is a silence that "
            f"{given.confidence:.0%} of the account's gaps do not last; null without an order, or where no account has two",
            family,
        ),
        Measure(
            "silence_probability",
            Unit.SHARE,
            f"Probability that a gap between the account's orders lasts longer than its silence on {today}, if nothing has changed: "
            "near 0 = unusual; null as silence_beyond_overdue_days",
            family,
        ),
    )


def next_order_measures(facts: Facts) -> tuple[Columns, tuple[str, ...]]:
    """The measures of `catalogue` for every account, and what a reader must know of them."""
    as_of = facts.parameters.as_of
    found = next_orders(read_order_days(facts), as_of)
    beyond = day_number(as_of) - found.overdue_on
    columns = {
        "silence_beyond_overdue_days": np.where(np.isfinite(beyond), beyond, np.nan),
        "silence_probability": found.silence_probability,
    }
    if np.isnan(found.silence_probability).all():
        return columns, ("No account has two orders, so no silence can be held against a rhythm.",)
    return columns, ()


def next_orders(orders: OrderDays, as_of: date, parameters: NextOrderParameters | None = None) -> NextOrders:
    """The next order of every account, from its orders up to the as-of day; later ones are not looked at.

    The silence since the last order is not a gap yet and does not slow the rhythm it is held against.
    """
    given = parameters or NextOrderParameters()
    today = day_number(as_of)
    known = orders_until(orders, today)
    found = rhythm(recent_orders(known, given.gaps_at_most))
    _, last_on = known.first_and_last()
    half = (1 - given.window_share) / 2
    silence = today - last_on
    overdue_on = last_on + np.ceil(found.quantile(given.confidence))
    return NextOrders(
        last_on=last_on,
        expected_on=last_on + np.ceil(found.quantile(0.5)),
        window_from_on=last_on + np.floor(found.quantile(half)),
        window_to_on=last_on + np.ceil(found.quantile(1 - half)),
        overdue_on=overdue_on,
        silence_days=silence,
        silence_probability=found.survival(silence),
        gap_count=np.where(np.isnan(last_on), np.nan, found.gap_count),
        is_overdue=overdue_on <= today,
        is_thin=~(found.gap_count >= MINIMUM_GAPS),
        rhythm=found,
    )


def orders_until(orders: OrderDays, day: int) -> OrderDays:
    """The orders up to and with that day (days since 1970-01-01)."""
    is_known = orders.day <= day
    return OrderDays(orders.account[is_known], orders.day[is_known], orders.account_count)
