"""Sales of the coming months by account and category, beside what last year's month would say, with measured intervals.

Each class of demand is foretold by the method that did best on it at earlier origins, all its series together: a single series is
too short to choose by. Intervals are quantiles of the errors made there, in units of the series' own scale. Their coverage and the
error are then measured once more at an origin that took no part in the choice.
"""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.forecast.demand_methods import METHODS, MONTHS_OF_A_YEAR, SEASONAL_NAIVE
from openkam.analytics.forecast.demand_series import DEMAND_CLASSES, demand_class
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class RevenueParameters:
    """`horizon_months` to foretell, `origin_count` earlier origins a month apart to choose and measure on, and `level`, the share
    of months that an interval should hold."""

    horizon_months: int = 3
    origin_count: int = 6
    level: float = 0.80

    def __post_init__(self) -> None:
        if self.horizon_months < 1 or self.origin_count < 1:
            raise OpenKamError("horizon_months and origin_count need to be 1 or more.")
        if not 0 < self.level < 1:
            raise OpenKamError(f"level is {self.level}: give a share between 0 and 1, for example 0.8.")


@dataclass(frozen=True, slots=True)
class ForecastQuality:
    """What the forecasts of one class of demand were worth at the last origin.

    `mase` is the mean absolute error over the mean absolute change to the year before in the history (mean over series), beside
    that of the seasonal naive; below 1 it errs less than last year's month did. `coverage` is the share of months within the
    interval. NaN where the class has no series.
    """

    demand_class: str
    method: str
    series_count: int
    mase: float
    mase_seasonal_naive: float
    coverage: float


@dataclass(frozen=True, slots=True)
class RevenueForecast:
    """Series × months ahead (currency): `expected`, the interval from `lower` to `upper`, and `seasonal_naive` beside them.

    `method` and `demand_class` are those of each series; `quality` has one entry for each class.
    """

    expected: Vector
    lower: Vector
    upper: Vector
    seasonal_naive: Vector
    method: tuple[str, ...]
    demand_class: tuple[str, ...]
    quality: tuple[ForecastQuality, ...]


@dataclass(frozen=True, slots=True)
class _Learnt:
    """By class: the method, and the low and high quantiles of scaled errors, one for each month ahead."""

    method: tuple[str, ...]
    low: Vector
    high: Vector


def revenue_forecast(months: Vector, parameters: RevenueParameters | None = None) -> RevenueForecast:
    """Foretell every series of `months` (see `DemandSeries`); one whose sales began too lately to have been judged is foretold too.

    Raises `OpenKamError` where the history is too short to choose on earlier origins and measure on a later one.
    """
    given = parameters or RevenueParameters()
    ahead = given.horizon_months
    needed = MONTHS_OF_A_YEAR + 1 + 2 * ahead + given.origin_count - 1
    if months.shape[1] < needed:
        raise OpenKamError(
            f"{months.shape[1]} months of history are too few to foretell {ahead} and measure it: give {needed}, or fewer origins."
        )
    last = months.shape[1]
    earlier = _learnt(months, [last - 2 * ahead - back for back in range(given.origin_count)], given)
    learnt = _learnt(months, [last - ahead - back for back in range(given.origin_count)], given)
    expected, lower, upper, kind = _foretold(months, learnt, ahead)
    return RevenueForecast(
        expected=expected,
        lower=lower,
        upper=upper,
        seasonal_naive=METHODS[SEASONAL_NAIVE](months, ahead),
        method=tuple(learnt.method[one] for one in kind),
        demand_class=tuple(DEMAND_CLASSES[one] for one in kind),
        quality=_quality(months, earlier, ahead),
    )


def scale(history: Vector) -> Vector:
    """Mean absolute change to the same month of the year before, of every series; where that is unknown or zero the mean absolute
    month. NaN where that is zero too or nothing is known."""
    change = np.abs(history[:, MONTHS_OF_A_YEAR:] - history[:, :-MONTHS_OF_A_YEAR])
    found = _mean(change)
    size = _mean(np.abs(history))
    found = np.where(found > 0, found, size)
    return np.where(found > 0, found, np.nan)


def _learnt(months: Vector, origins: list[int], parameters: RevenueParameters) -> _Learnt:
    """The best method of each class over the origins, and the quantiles of its errors."""
    ahead = parameters.horizon_months
    kinds = np.concatenate([demand_class(months[:, :origin]) for origin in origins])
    errors = {
        name: np.concatenate([_scaled_errors(months, origin, method(months[:, :origin], ahead)) for origin in origins])
        for name, method in METHODS.items()
    }
    low, high = np.full((len(DEMAND_CLASSES), ahead), np.nan), np.full((len(DEMAND_CLASSES), ahead), np.nan)
    chosen: list[str] = []
    tail = (1 - parameters.level) / 2
    for kind in range(len(DEMAND_CLASSES)):
        judged = (kinds == kind) & ~np.isnan(errors[SEASONAL_NAIVE]).any(axis=1)
        best = min(METHODS, key=lambda name: float(np.abs(errors[name][judged]).mean()) if judged.any() else 0.0)
        chosen.append(best)
        if judged.any():
            low[kind], high[kind] = np.quantile(errors[best][judged], [tail, 1 - tail], axis=0)
    return _Learnt(tuple(chosen), low, high)


def _scaled_errors(months: Vector, origin: int, foretold: Vector) -> Vector:
    actual = months[:, origin : origin + foretold.shape[1]]
    return (actual - foretold) / scale(months[:, :origin])[:, None]


def _foretold(months: Vector, learnt: _Learnt, ahead: int) -> tuple[Vector, Vector, Vector, Indices]:
    """Expected, lower, upper and class of every series.

    An interval holds the expected value, and never reaches below zero where sales never did.
    """
    kind = demand_class(months)
    expected = np.full((len(months), ahead), np.nan)
    for one, name in enumerate(learnt.method):
        rows = kind == one
        expected[rows] = METHODS[name](months[rows], ahead)
    own = scale(months)[:, None]
    # Errors that all lay on one side would leave the expected value outside of its own interval.
    lower, upper = expected + np.minimum(learnt.low[kind], 0.0) * own, expected + np.maximum(learnt.high[kind], 0.0) * own
    never_negative = np.logical_not(np.any(np.nan_to_num(months) < 0, axis=1, keepdims=True))
    lower = np.where(never_negative, np.maximum(lower, 0.0), lower)
    return expected, lower, np.maximum(lower, upper), kind


def _quality(months: Vector, learnt: _Learnt, ahead: int) -> tuple[ForecastQuality, ...]:
    history, actual = months[:, :-ahead], months[:, -ahead:]
    expected, lower, upper, kind = _foretold(history, learnt, ahead)
    own = scale(history)
    error = np.abs(actual - expected).mean(axis=1) / own
    naive = np.abs(actual - METHODS[SEASONAL_NAIVE](history, ahead)).mean(axis=1) / own
    holds = (actual >= lower) & (actual <= upper)
    found: list[ForecastQuality] = []
    for one, name in enumerate(DEMAND_CLASSES):
        judged = (kind == one) & ~np.isnan(error) & ~np.isnan(naive) & ~np.isnan(lower).any(axis=1)
        values = [float(part[judged].mean()) if judged.any() else float("nan") for part in (error, naive, holds)]
        found.append(ForecastQuality(name, learnt.method[one], int(judged.sum()), *values))
    return tuple(found)


def _mean(values: Vector) -> Vector:
    """Mean of what is known in each row, NaN where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    return np.divide(np.nan_to_num(values).sum(axis=1), count, out=np.full(len(values), np.nan), where=count > 0)
