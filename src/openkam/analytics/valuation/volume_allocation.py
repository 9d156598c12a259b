"""The costing that time-driven costing replaces, to see what it hides: service spread by volume, and rates from a survey.

By volume, every account bears service in proportion to its sales, so that all look alike; whole capacity is spread, used or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class AllocationComparison:
    """Per account (currency, NaN = not known): service `by_volume` and what is left after it, and after service `by_time`.

    `hidden_losses` are positions of accounts that lose money by time and do not by volume, `hidden_profits` the opposite, those
    with the largest change first.
    """

    by_volume: Vector
    contribution_by_volume: Vector
    contribution_by_time: Vector
    hidden_losses: Indices
    hidden_profits: Indices


def compare_with_volume(
    contribution_before: Vector, by_time: Vector, volume: Vector, cost_to_spread: float
) -> AllocationComparison:
    """Spread `cost_to_spread` (currency) over accounts by `volume`, and see who changes sign against the cost `by_time`.

    `volume` is what the old way spreads by: net sales, orders, units; below zero it bears nothing. `cost_to_spread` is the cost of
    the capacity supplied, since the old way does not know what is unused. Raises `OpenKamError` where no volume is above zero.
    """
    weight = np.maximum(np.nan_to_num(volume), 0.0)
    if weight.sum() <= 0:
        raise OpenKamError("There is no volume above 0 to spread the cost of service by: choose another volume.")
    by_volume = np.where(np.isnan(volume), np.nan, cost_to_spread * weight / weight.sum())
    after_volume, after_time = contribution_before - by_volume, contribution_before - by_time
    losses, profits = changed_signs(after_volume, after_time)
    return AllocationComparison(by_volume, after_volume, after_time, losses, profits)


def changed_signs(before: Vector, after: Vector) -> tuple[Indices, Indices]:
    """Positions that fall below zero from `before` to `after`, and those that rise out of it; the largest change first.

    NaN changes nothing. For a preview of changed rates as well as for a comparison of methods.
    """
    change = after - before
    found = [np.flatnonzero((before >= 0) & (after < 0)), np.flatnonzero((before < 0) & (after >= 0))]
    falls, rises = (places[np.argsort(-np.abs(change[places]), kind="stable")] for places in found)
    return falls, rises


def survey_rates(capacity_cost: float, activities: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Cost of one activity (currency) where people were asked how they spend their time: share · capacity cost / quantity.

    `activities` give for each the share of time and the quantity performed. Nobody reports idle time in such a survey: the rates
    contain unused capacity. Raises `OpenKamError` where a quantity is not above 0 or the shares do not add up to 1.
    """
    if any(quantity <= 0 for _, quantity in activities.values()):
        raise OpenKamError("A survey's rate needs a quantity above 0 for each activity.")
    total = sum(share for share, _ in activities.values())
    if abs(total - 1) > 1e-9:
        raise OpenKamError(f"The shares of time add up to {total:g}: they must add up to 1.")
    return {name: capacity_cost * share / quantity for name, (share, quantity) in activities.items()}
