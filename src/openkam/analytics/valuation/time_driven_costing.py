"""Time-driven activity-based costing of accounts: minutes by time equations, at the rate of the day, and the capacity left over.

cost = Σ rate · t (Kaplan and Anderson 2004, Harvard Business Review 82, 131-138). In this order: a cost that the ledger records
is charged as it is and draws on no pool; minutes that were measured count before those of the equation. Capacity that nobody used
belongs to the pool and is charged to no account: supplied = charged + without a customer + unused, for every pool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector, as_indices, as_vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import Mask
from openkam.analytics.engine import Rows
from openkam.analytics.resolution.accounts import accounts_of_sources
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.resource_pools import CostModel, ServiceStep
from openkam.analytics.valuation.service_drivers import SUMMED, service_rows

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PoolUse:
    """What became of a pool's capacity in the period (minutes, currency)."""

    pool: str
    minutes_supplied: float
    cost_supplied: float
    minutes_charged: float
    cost_charged: float
    minutes_without_customer: float
    cost_without_customer: float

    @property
    def minutes_unused(self) -> float:
        """Minutes that nobody used; below zero where more was done than the practical capacity allows."""
        return self.minutes_supplied - self.minutes_charged - self.minutes_without_customer

    @property
    def cost_unused(self) -> float:
        """Cost of capacity supplied that was charged to nobody: the pool's own."""
        return self.cost_supplied - self.cost_charged - self.cost_without_customer

    @property
    def is_over_capacity(self) -> bool:
        """Whether more minutes were used than supplied: the practical capacity or a time equation is wrong."""
        return self.minutes_unused < 0


@dataclass(frozen=True, slots=True)
class TimeDrivenCosts:
    """Matrices are accounts × `activities`.

    `minutes` and `pool_cost` (currency) are those at the pools' rates, `direct_cost` (currency) what the ledger records itself,
    `uncosted` the number of activities without either. `is_recorded` marks where one of the account's sources records the
    activity, so that nothing done is 0 and not null.
    """

    activities: tuple[str, ...]
    steps: tuple[ServiceStep, ...]
    minutes: Matrix
    pool_cost: Matrix
    direct_cost: Matrix
    uncosted: Matrix
    is_recorded: npt.NDArray[np.bool_]
    pools: tuple[PoolUse, ...]
    notes: tuple[str, ...]

    def cost(self, step: ServiceStep | None = None) -> Vector:
        """Cost to serve per account (currency), of one step of the ladder or of all.

        NaN where none of the account's sources records an activity of the step, and where all that was done is without a cost.
        """
        return self._of(self.pool_cost + self.direct_cost, step)

    def capacity_cost(self, step: ServiceStep | None = None) -> Vector:
        """The part of `cost` that is capacity: serving less frees it, and saves money only once the capacity goes."""
        return self._of(self.pool_cost, step)

    def _of(self, values: Matrix, step: ServiceStep | None) -> Vector:
        chosen = np.array([step is None or one is step for one in self.steps], dtype=np.bool_)
        recorded = self.is_recorded[:, chosen]
        is_costed = (self.minutes[:, chosen] + np.abs(self.direct_cost[:, chosen]) > 0).any(axis=1)
        is_uncosted = (self.uncosted[:, chosen] > 0).any(axis=1)
        is_known = recorded.any(axis=1) & (is_costed | ~is_uncosted)
        return np.where(is_known, values[:, chosen].sum(axis=1), np.nan)

    @property
    def cost_unused(self) -> float:
        """Cost of all capacity that nobody used (currency): beneath the ladder, never on an account."""
        return sum(use.cost_unused for use in self.pools)


def time_driven_costs(
    facts: Facts, model: CostModel, *, document_activities: Sequence[str] = (), extra: Rows | None = None
) -> TimeDrivenCosts:
    """Charge what was done in the period to the accounts it was done for.

    `document_activities` and `extra` as in `service_rows`. Raises `OpenKamError` where an equation yields minutes below zero.
    """
    rows = service_rows(facts, sorted(model.drivers), document_activities, extra)
    segments = (facts.parameters.period.start_on, *model.changes(facts.parameters.period))
    sums = facts.engine.to_arrow(_sums(facts, rows, model, segments))
    return _charged(facts, model, segments, sums)


def _sums(facts: Facts, rows: Rows, model: CostModel, segments: Sequence[date]) -> Rows:
    """Sums by account (null = none), source, activity and segment of days between which no rate or equation changes."""
    segment = ibis.literal(0, "int64")
    for day in segments[1:]:
        segment = segment + (rows.performed_on >= ibis.literal(day)).cast("int64")
    placed = rows.left_join(facts.account_of, ["source", "customer_key"]).mutate(segment=segment)
    timed = placed.mutate(
        minutes=ibis.coalesce(placed.minutes, _equation_minutes(placed, model, segments).cast(SUMMED)),
        is_direct=placed.cost.notnull(),
    )
    is_timed = ~timed.is_direct & timed.minutes.notnull()
    keys = ("account_id", "source", "activity", "segment")
    return (
        timed.group_by(*keys)
        .agg(
            direct=timed.cost.sum(),
            minutes=timed.minutes.sum(where=is_timed),
            least=timed.minutes.min(where=is_timed),
            timed=timed.quantity.sum(where=is_timed),
            untimed=timed.quantity.sum(where=~timed.is_direct & timed.minutes.isnull()),
        )
        .order_by(*keys)
    )


def _equation_minutes(rows: Rows, model: CostModel, segments: Sequence[date]) -> Rows:
    found = ibis.null("float64")
    for activity in sorted({equation.activity for equation in model.equations}):
        for place, day in enumerate(segments):
            equation = model.equation_on(activity, day)
            if equation is not None:
                each = equation.formula.of({name: rows[name] for name in equation.formula.drivers}, ibis.ifelse)
                applies = (rows.activity == activity) & (rows.segment == place)
                found = ibis.ifelse(applies, rows.quantity * each, found)
    return found


def _charged(facts: Facts, model: CostModel, segments: Sequence[date], sums: pa.Table) -> TimeDrivenCosts:
    activity = sums["activity"].to_pylist()
    names = tuple(sorted({*activity, *(equation.activity for equation in model.equations)}))
    column = np.array([names.index(name) for name in activity], dtype=np.int64)
    segment, account = as_indices(sums["segment"]), as_indices(sums["account_id"].fill_null(-1))
    least, direct, minutes, timed, untimed = (
        as_vector(sums[name]) for name in ("least", "direct", "minutes", "timed", "untimed")
    )
    if (least < 0).any():
        wrong = names[column[int(np.nanargmin(least))]]
        raise OpenKamError(
            f"The time equation of {wrong} yields {np.nanmin(least):g} minutes for a row: it must never fall below 0."
        )
    pool, rate = (values[column, segment] for values in _pools_and_rates(model, names, segments))
    is_rated = pool >= 0
    minutes = np.where(is_rated, np.nan_to_num(minutes), 0.0)
    cost = minutes * np.where(is_rated, rate, 0.0)
    uncosted = np.nan_to_num(untimed) + np.where(is_rated, 0.0, np.nan_to_num(timed))

    def by_account(values: Vector) -> Matrix:
        known = has_customer
        place = account[known] * len(names) + column[known]
        sums_of_all = np.bincount(place, weights=np.nan_to_num(values[known]), minlength=facts.account_count * len(names))
        return sums_of_all.astype(np.float64).reshape(facts.account_count, len(names))

    has_customer, spent = account >= 0, (minutes, cost)
    uses = tuple(
        _use(
            name,
            model.supplied(name, facts.parameters.period),
            (pool == place) & has_customer,
            (pool == place) & ~has_customer,
            spent,
        )
        for place, name in enumerate(model.pools)
    )
    recorded = np.zeros((facts.account_count, len(names)), dtype=np.bool_)
    recorders = set(zip(activity, sums["source"].to_pylist(), strict=True))
    for place, name in enumerate(names):
        recorded[:, place] = accounts_of_sources(facts.directory, {source for one, source in recorders if one == name})
    return TimeDrivenCosts(
        activities=names,
        steps=tuple(model.step_of(name) for name in names),
        minutes=by_account(minutes),
        pool_cost=by_account(cost),
        direct_cost=by_account(direct),
        uncosted=by_account(uncosted),
        is_recorded=recorded,
        pools=uses,
        notes=_notes(names, column, uncosted, uses),
    )


def _pools_and_rates(model: CostModel, names: Sequence[str], segments: Sequence[date]) -> tuple[npt.NDArray[np.int64], Matrix]:
    """The pool (-1 = none with a rate) and the cost of its minute for each activity and segment."""
    pool, rate = np.full((len(names), len(segments)), -1), np.zeros((len(names), len(segments)))
    for row, name in enumerate(names):
        for column, day in enumerate(segments):
            equation = model.equation_on(name, day)
            found = equation and model.rate_on(equation.pool, day)
            if found:
                pool[row, column], rate[row, column] = model.pools.index(found.pool), float(found.cost_per_minute)
    return pool, rate


def _use(pool: str, supplied: tuple[Fraction, Fraction], own: Mask, other: Mask, spent: tuple[Vector, Vector]) -> PoolUse:
    supplied_minutes, supplied_cost = supplied
    minutes, cost = spent
    return PoolUse(
        pool=pool,
        minutes_supplied=float(supplied_minutes),
        cost_supplied=float(supplied_cost),
        minutes_charged=float(minutes[own].sum()),
        cost_charged=float(cost[own].sum()),
        minutes_without_customer=float(minutes[other].sum()),
        cost_without_customer=float(cost[other].sum()),
    )


def _notes(names: Sequence[str], column: npt.NDArray[np.int64], untimed: Vector, uses: Sequence[PoolUse]) -> tuple[str, ...]:
    missing = [f"{names[place]} ({untimed[column == place].sum():,.0f})" for place in np.unique(column[untimed > 0])]
    notes: list[str] = []
    if missing:
        notes.append(
            f"Activities without a cost, left out of cost to serve: {', '.join(missing)}. Give them an equation and a rate."
        )
    notes += [
        f"Pool {use.pool} was used for {use.minutes_charged + use.minutes_without_customer:,.0f} minutes but supplies "
        f"{use.minutes_supplied:,.0f}: its practical capacity or a time equation is wrong."
        for use in uses
        if use.is_over_capacity
    ]
    return tuple(notes)
