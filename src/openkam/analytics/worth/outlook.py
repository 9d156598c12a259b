"""Sales of the coming months: of the firm, its product groups, and every account, each beside last year's months."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from math import isnan
from typing import Any, Self

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.facts import Facts, months_after, months_before
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.forecast.demand_series import DemandSeries, read_demand_series
from openkam.analytics.forecast.revenue import RevenueForecast, RevenueParameters, revenue_forecast

MONTHS_SHOWN = 12
"""Past months that stand before the coming ones."""

CATEGORIES_SHOWN = 8
SERIES_AT_MOST = 20_000
"""Accounts times product groups that are foretold: beyond, accounts are foretold as a whole only, so that a valuation stays short."""

Places = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class SeriesAhead:
    """One series (currency): the `past` months, oldest first, and for the coming ones what is `expected`, from `lower` to `upper`,
    beside the `seasonal_naive`; None where it is not known. `method` and `demand_class` in words."""

    name: str
    past: Places
    expected: Places
    lower: Places
    upper: Places
    seasonal_naive: Places
    method: str
    demand_class: str

    @property
    def sum_expected(self) -> float | None:
        """All coming months together (currency), None where one is not known."""
        return _together(self.expected)

    @property
    def sold_months(self) -> int:
        """In how many of the past months anything was sold or came back."""
        return sum(bool(value) for value in self.past)

    @property
    def sum_naive(self) -> float | None:
        """The same months of the year before (currency), None where one is not known."""
        return _together(self.seasonal_naive)


@dataclass(frozen=True, slots=True)
class ClassQuality:
    """How one class of demand was foretold on the last months that were unseen (see `forecast.revenue.ForecastQuality`)."""

    demand_class: str
    method: str
    series_count: int
    mase: float | None
    mase_seasonal_naive: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class FirmOutlook:
    """The months ahead end on `ends_on`, the past ones on `past_ends_on`: all are counted from the as-of day.

    An interval should hold the share `level`. `categories` are the product groups, the largest expected sales first. `firm_quality` is
    over the firm and its groups, `account_quality` over the accounts: coverage and error as measured.
    """

    ends_on: tuple[date, ...]
    past_ends_on: tuple[date, ...]
    level: float
    firm: SeriesAhead
    categories: tuple[SeriesAhead, ...]
    firm_quality: tuple[ClassQuality, ...]
    account_quality: tuple[ClassQuality, ...]
    has_account_categories: bool

    def kept(self) -> dict[str, Any]:
        """As plain values, to be stored."""
        days = {name: [day.isoformat() for day in getattr(self, name)] for name in ("ends_on", "past_ends_on")}
        return asdict(self) | days

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """From what `kept` gave."""
        values: dict[str, Any] = {**kept, "firm": SeriesAhead(**kept["firm"])}
        values["categories"] = tuple(SeriesAhead(**one) for one in kept["categories"])
        values |= {name: tuple(map(date.fromisoformat, kept[name])) for name in ("ends_on", "past_ends_on")}
        values |= {name: tuple(ClassQuality(**one) for one in kept[name]) for name in ("firm_quality", "account_quality")}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Outlook:
    """`firm` and, per account, its whole and its product groups, the largest expected sales first; empty for who never bought."""

    firm: FirmOutlook
    accounts: tuple[tuple[SeriesAhead, ...], ...]


def months_ahead(facts: Facts, parameters: RevenueParameters | None = None) -> Outlook:
    """Foretell the firm, its product groups and every account. Raises `OpenKamError` where the history is too short."""
    given = parameters or RevenueParameters()
    series = read_demand_series(facts)
    categories = np.array(series.category, dtype=object)
    names = sorted(set(series.category))
    place = {name: number for number, name in enumerate(names)}
    group = np.array([place[name] for name in series.category], dtype=np.int64)
    of_groups = np.vstack(
        [_summed(series.months, np.zeros(len(group), dtype=np.int64), 1), _summed(series.months, group, len(names))]
    )
    whole = revenue_forecast(of_groups, given)
    firm, *groups = _told(("", *names), of_groups, whole)
    of_accounts, totals = _by_account(series, facts.account_count, given)
    has_groups = len(series.months) <= SERIES_AT_MOST
    parts: dict[int, list[SeriesAhead]] = {}
    if has_groups:
        told = _told(categories.tolist(), series.months, revenue_forecast(series.months, given))
        for account, one in zip(series.account.tolist(), told, strict=True):
            parts.setdefault(account, []).append(one)
    as_of = facts.parameters.as_of
    return Outlook(
        FirmOutlook(
            ends_on=tuple(months_after(as_of, ahead) for ahead in range(1, given.horizon_months + 1)),
            past_ends_on=tuple(months_before(as_of, back) for back in range(MONTHS_SHOWN - 1, -1, -1)),
            level=given.level,
            firm=firm,
            categories=_largest(groups, len(groups)),
            firm_quality=_quality(whole),
            account_quality=_quality(totals),
            has_account_categories=has_groups,
        ),
        tuple(
            () if one is None else (one, *_largest(parts.get(account, []), CATEGORIES_SHOWN))
            for account, one in enumerate(of_accounts)
        ),
    )


def _by_account(
    series: DemandSeries, account_count: int, given: RevenueParameters
) -> tuple[list[SeriesAhead | None], RevenueForecast]:
    """Every account as a whole, None for one that never bought, and the forecast over all of them."""
    bought = np.unique(series.account)
    months = _summed(series.months, np.searchsorted(bought, series.account), len(bought))
    found = revenue_forecast(months, given)
    told: list[SeriesAhead | None] = [None] * account_count
    for account, one in zip(bought.tolist(), _told([""] * len(bought), months, found), strict=True):
        told[account] = one
    return told, found


def _summed(months: Vector, row: Indices, count: int) -> Vector:
    """Rows added up, NaN before the first month of the oldest of them."""
    total, known = np.zeros((count, months.shape[1])), np.zeros((count, months.shape[1]))
    np.add.at(total, row, np.nan_to_num(months))
    np.add.at(known, row, ~np.isnan(months))
    return np.where(known > 0, total, np.nan)


def _told(names: Sequence[str], months: Vector, found: RevenueForecast) -> list[SeriesAhead]:
    rows = zip(
        names,
        _places(months[:, -MONTHS_SHOWN:]),
        *(_places(part) for part in (found.expected, found.lower, found.upper, found.seasonal_naive)),
        found.method,
        found.demand_class,
        strict=True,
    )
    return [SeriesAhead(*row) for row in rows]


def _places(values: Vector) -> list[list[float | None]]:
    return [[None if isnan(value) else round(value, 2) for value in row] for row in values.tolist()]


def _together(values: Places) -> float | None:
    known = [value for value in values if value is not None]
    return float(sum(known)) if len(known) == len(values) else None


def _largest(series: Sequence[SeriesAhead], count: int) -> tuple[SeriesAhead, ...]:
    return tuple(sorted(series, key=lambda one: (-(one.sum_expected or 0.0), one.name))[:count])


def _quality(found: RevenueForecast) -> tuple[ClassQuality, ...]:
    """Of the classes that have a series."""
    figures = ("mase", "mase_seasonal_naive", "coverage")
    return tuple(
        ClassQuality(
            demand_class=one.demand_class,
            method=one.method,
            series_count=one.series_count,
            **{name: None if np.isnan(value := getattr(one, name)) else float(value) for name in figures},
        )
        for one in found.quality
        if one.series_count
    )
