"""Resource pools: what capacity costs, how much of it people can really work, and from when to when that holds.

The cost of a minute is the cost of the capacity supplied over its practical capacity (Kaplan and Anderson 2004), commonly 80 to
85 % of what people are paid for. Rates and time equations are data with days of validity, so that last year stays as it was.
"""

import calendar
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from openkam.analytics.terms import OpenKamError, Period
from openkam.analytics.valuation.time_equation import Minutes, read_minutes

_Dated = TypeVar("_Dated", "PoolRate", "TimeEquation")


class ServiceStep(StrEnum):
    """The step of the ladder that an activity's cost stands on."""

    ORDER_AND_LOGISTICS = "order and logistics"
    SELLING_AND_SERVICE = "selling and service"


@dataclass(frozen=True, slots=True)
class PoolRate:
    """What a pool costs (reporting currency) and how many minutes its people can work, each per `per_months` calendar months.

    It holds from `valid_from` to `valid_until`, both included; None means until further notice.
    """

    pool: str
    valid_from: date
    cost: Decimal
    practical_minutes: Decimal
    per_months: int = 1
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.practical_minutes <= 0:
            raise OpenKamError(
                f"Pool {self.pool}: the practical capacity is {self.practical_minutes} minutes: give the minutes people can work, "
                "above 0."
            )
        if self.cost < 0 or self.per_months < 1:
            raise OpenKamError(f"Pool {self.pool}: give a cost of 0 or more and at least 1 month that it is for.")
        _check_days(f"Pool {self.pool}", self.valid_from, self.valid_until)

    @property
    def cost_per_minute(self) -> Decimal:
        """Cost of one minute of capacity (currency)."""
        return self.cost / self.practical_minutes

    def supplied(self, period: Period) -> tuple[Fraction, Fraction]:
        """Minutes and cost (currency) supplied in the period, as far as the rate holds in it."""
        first = max(self.valid_from, period.start_on)
        last = period.end_on if self.valid_until is None else min(self.valid_until, period.end_on)
        share = calendar_months(first, last) / self.per_months if first <= last else Fraction(0)
        return Fraction(self.practical_minutes) * share, Fraction(self.cost) * share


@dataclass(frozen=True, slots=True)
class TimeEquation:
    """How long one `activity` takes, in minutes of a pool, from `valid_from` to `valid_until` (None: until further notice).

    `minutes` is the equation as text, see `time_equation`.
    """

    activity: str
    pool: str
    minutes: str
    valid_from: date
    valid_until: date | None = None
    step: ServiceStep = ServiceStep.SELLING_AND_SERVICE
    formula: Minutes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_days(f"Activity {self.activity}", self.valid_from, self.valid_until)
        object.__setattr__(self, "formula", read_minutes(self.minutes, f"Activity {self.activity}"))


@dataclass(frozen=True, slots=True)
class CostModel:
    """All pools with their rates and all activities with their equations.

    Raises `OpenKamError` where an activity draws on a pool without a rate, where two rates of a pool or two equations of an
    activity hold on the same day, and where an activity changes its step of the ladder.
    """

    rates: tuple[PoolRate, ...]
    equations: tuple[TimeEquation, ...]

    def __post_init__(self) -> None:
        _refuse_overlaps("Pool", ((rate.pool, rate.valid_from, rate.valid_until) for rate in self.rates))
        _refuse_overlaps("Activity", ((one.activity, one.valid_from, one.valid_until) for one in self.equations))
        for equation in self.equations:
            if equation.pool not in self.pools:
                raise OpenKamError(
                    f"Activity {equation.activity} draws on the pool {equation.pool}, which has no rate: give it one, or name one "
                    f"of {', '.join(self.pools) or 'the pools'}."
                )
            if equation.step is not self.step_of(equation.activity):
                raise OpenKamError(f"Activity {equation.activity} stands on two steps of the ladder: give it one.")

    @property
    def pools(self) -> tuple[str, ...]:
        """Names of the pools, sorted."""
        return tuple(sorted({rate.pool for rate in self.rates}))

    @property
    def drivers(self) -> frozenset[str]:
        """Names of all drivers that the equations need."""
        return frozenset(driver for equation in self.equations for driver in equation.formula.drivers)

    def step_of(self, activity: str) -> ServiceStep:
        """The step an activity stands on; an activity without an equation counts as selling and service."""
        found = (equation.step for equation in self.equations if equation.activity == activity)
        return next(found, ServiceStep.SELLING_AND_SERVICE)

    def rate_on(self, pool: str, day: date) -> PoolRate | None:
        """The pool's rate on a day, None where it has none."""
        return _on([rate for rate in self.rates if rate.pool == pool], day)

    def equation_on(self, activity: str, day: date) -> TimeEquation | None:
        """The activity's equation on a day, None where it has none."""
        return _on([equation for equation in self.equations if equation.activity == activity], day)

    def changes(self, period: Period) -> tuple[date, ...]:
        """The days within the period on which a rate or an equation begins or has ended, ascending: between two, all stay alike."""
        days = {one.valid_from for one in (*self.rates, *self.equations)}
        days |= {one.valid_until + timedelta(days=1) for one in (*self.rates, *self.equations) if one.valid_until is not None}
        return tuple(sorted(day for day in days if period.start_on < day <= period.end_on))

    def supplied(self, pool: str, period: Period) -> tuple[Fraction, Fraction]:
        """Minutes and cost (currency) that the pool supplied in the period."""
        found = [rate.supplied(period) for rate in self.rates if rate.pool == pool]
        return sum((minutes for minutes, _ in found), Fraction(0)), sum((cost for _, cost in found), Fraction(0))


def calendar_months(first: date, last: date) -> Fraction:
    """Months from `first` to `last`, both days included: each calendar month counts by the share of its days."""
    months = Fraction(0)
    day = first
    while day <= last:
        length = calendar.monthrange(day.year, day.month)[1]
        end = min(date(day.year, day.month, length), last)
        months += Fraction((end - day).days + 1, length)
        day = end + timedelta(days=1)
    return months


def _on(found: Sequence[_Dated], day: date) -> _Dated | None:
    holding = (one for one in found if one.valid_from <= day and (one.valid_until is None or day <= one.valid_until))
    return next(holding, None)


def _check_days(what: str, first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise OpenKamError(f"{what}: valid from {first} until {last}, which is before: swap the two days.")


def _refuse_overlaps(what: str, spans: Iterable[tuple[str, date, date | None]]) -> None:
    by_name: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for name, first, last in spans:
        by_name[name].append((first, last or date.max))
    for name, found in by_name.items():
        found.sort()
        for (_, end), (start, _) in itertools.pairwise(found):
            if start <= end:
                raise OpenKamError(f"{what} {name}: two entries hold on {start}. End the earlier one the day before.")
