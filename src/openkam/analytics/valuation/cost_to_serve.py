"""Cost to serve by time-driven activity-based costing: minutes of service times the cost of a minute.

Kaplan and Anderson (2004, Harvard Business Review 82, 131-138): the cost of a minute is the cost of the capacity supplied over
the practical capacity; capacity that nobody used is shown apart and never spread over customers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, Vector, as_indices, as_vector, ratio
from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.behaviour.orders import Indices, Mask
from openkam.analytics.engine import Rows
from openkam.analytics.resolution.accounts import accounts_of_sources
from openkam.analytics.terms import Measure, OpenKamError, Unit


@dataclass(frozen=True, slots=True)
class ActivityCost:
    """One activity of a department: cost of one (currency), minutes and cost of all that were done."""

    cost_each: float
    minutes_used: float
    cost_used: float


@dataclass(frozen=True, slots=True)
class CapacityCost:
    """A department's capacity: cost of a minute (currency), each activity, and what was used and what was not."""

    cost_per_minute: float
    activities: dict[str, ActivityCost]
    minutes_used: float
    cost_used: float
    minutes_unused: float
    cost_unused: float


@dataclass(frozen=True, slots=True)
class CostToServe:
    """The measures of this file. `is_known` marks the accounts of sources that record service at a cost."""

    columns: Columns
    is_known: Mask
    notes: tuple[str, ...]


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    during = f"in {parameters.period_words}"
    family = "cost_to_serve"
    return (
        Measure(
            "service_activity_count", Unit.COUNT, f"Activities performed for the account {during}, rounded to whole ones", family
        ),
        Measure(
            "service_minutes",
            Unit.MINUTES,
            f"Minutes of those activities: as measured, else their number times the programme's minutes per activity, {during}",
            family,
        ),
        Measure(
            "cost_to_serve",
            Unit.CURRENCY,
            f"Cost of those activities: as recorded, else minutes times the programme's cost of a minute, {during}; activities "
            "without either are left out and counted in service_uncosted_count",
            family,
        ),
        Measure(
            "service_uncosted_count", Unit.COUNT, f"Activities {during} whose cost is unknown, rounded to whole ones", family
        ),
        Measure(
            "cost_to_serve_share",
            Unit.SHARE,
            f"Cost to serve over net sales {during}; null where it is not known or net sales are not positive",
            family,
        ),
    )


def time_driven_rates(
    capacity_cost: float, practical_capacity_minutes: float, activities: Mapping[str, tuple[float, float]]
) -> CapacityCost:
    """Rates of a department that costs `capacity_cost` (currency) and can work `practical_capacity_minutes` in the same time.

    `activities` give for each the number performed and the minutes one takes. Raises `OpenKamError` where no minute is supplied.
    """
    if practical_capacity_minutes <= 0:
        raise OpenKamError(
            f"The practical capacity is {practical_capacity_minutes} minutes: give the minutes people can work, above 0."
        )
    rate = capacity_cost / practical_capacity_minutes
    costs = {
        name: ActivityCost(minutes * rate, quantity * minutes, quantity * minutes * rate)
        for name, (quantity, minutes) in activities.items()
    }
    used = sum(cost.minutes_used for cost in costs.values())
    unused = practical_capacity_minutes - used
    return CapacityCost(rate, costs, used, used * rate, unused, unused * rate)


def cost_to_serve(facts: Facts) -> CostToServe:
    """Service to every account in the period. Null for accounts none of whose sources records service."""
    rows = facts.engine.to_arrow(_sums(facts))
    count = facts.account_count
    account = as_indices(rows["account_id"])
    activity = rows["activity"].to_pylist()
    has_cost, has_minutes = rows["has_cost"].to_numpy(), rows["has_minutes"].to_numpy()
    quantity = as_vector(rows["quantity"])
    rates = facts.parameters.service_rates
    standard = np.array([rates.get(name, (np.nan, np.nan)) for name in activity], dtype=np.float64).reshape(-1, 2)
    minutes = np.where(has_minutes, as_vector(rows["minutes"]), quantity * standard[:, 0])
    cost = np.where(has_cost, as_vector(rows["cost"]), minutes * standard[:, 1])
    is_costed = ~np.isnan(cost)
    sources = rows["source"].to_pylist()
    records_service = accounts_of_sources(facts.directory, set(sources))
    is_known = accounts_of_sources(facts.directory, {source for source, costed in zip(sources, is_costed, strict=True) if costed})
    columns = {
        "service_activity_count": np.where(records_service, np.round(_total(account, quantity, count)), np.nan),
        "service_minutes": _where_any(account, minutes, count, records_service),
        "cost_to_serve": _where_any(account, cost, count, is_known),
        "service_uncosted_count": np.where(
            records_service, np.round(_total(account[~is_costed], quantity[~is_costed], count)), np.nan
        ),
    }
    return CostToServe(columns, is_known, _notes(rows, is_costed))


def share_of_sales(cost_to_serve: Vector, net_sales: Vector) -> Vector:
    """Cost to serve over net sales (both currency, one place per account), NaN where sales are not positive."""
    return ratio(cost_to_serve, net_sales)


def _sums(facts: Facts) -> Rows:
    activities = facts.service_activities
    performed = activities.filter(activities.performed_on >= facts.parameters.period.start_on)
    known = facts.by_account(performed)
    dated = known.mutate(has_cost=known.cost_amount.notnull(), has_minutes=known.minutes.notnull())
    keys = ("account_id", "source", "activity", "has_cost", "has_minutes")
    return (
        dated.group_by(*keys)
        .agg(quantity=dated.quantity.sum(), minutes=dated.minutes.sum(), cost=dated.cost_amount.sum())
        .order_by(*keys)
    )


def _total(account: Indices, values: Vector, count: int) -> Vector:
    return np.bincount(account, weights=values, minlength=count).astype(np.float64)


def _where_any(account: Indices, values: Vector, count: int, is_known: Mask) -> Vector:
    """Sum per account of what is known: zero where nothing was done and service is recorded, null where all is unknown."""
    known = ~np.isnan(values)
    has_any = np.bincount(account, minlength=count) > 0
    has_known = np.bincount(account[known], minlength=count) > 0
    total = _total(account[known], values[known], count)
    return np.where(has_known | (~has_any & is_known), total, np.nan)


def _notes(rows: pa.Table, is_costed: Mask) -> tuple[str, ...]:
    uncosted = sorted(set(rows.filter(pa.array(~is_costed))["activity"].to_pylist()))
    if not uncosted:
        return ()
    names = ", ".join(uncosted)
    return (f"Activities without a cost, left out of cost to serve: {names}. Give the programme minutes and a rate for them.",)
