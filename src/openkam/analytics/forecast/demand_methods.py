"""Methods that carry a series of months on, for many series at once.

Each takes series × months, oldest first and NaN before a series begins, and gives series × `horizon_months`. The smoothing
constants and starts are those of `statsforecast`, which the tests hold every method against.
"""

from collections.abc import Callable, Mapping

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector

MONTHS_OF_A_YEAR = 12
CROSTON_SMOOTHING = 0.1
SBA_CORRECTION = 0.95
"""1 − smoothing / 2 (Syntetos and Boylan 2005, Int. J. Forecasting 21, 303-314): Croston's ratio is too high by that much."""

TSB_SMOOTHING = (0.1, 0.1)
"""Of the size of a demand and of its probability (Teunter, Syntetos and Babai 2011, Eur. J. Oper. Res. 214, 606-615)."""

SMOOTHING_GRID = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.95)

Method = Callable[[Vector, int], Vector]


def seasonal_naive(months: Vector, horizon_months: int) -> Vector:
    """The same month of the year before; the last month where a series is younger than that."""
    step = np.arange(horizon_months) % MONTHS_OF_A_YEAR
    if months.shape[1] < MONTHS_OF_A_YEAR:
        return np.repeat(months[:, -1:], horizon_months, axis=1)
    year = months[:, -MONTHS_OF_A_YEAR:][:, step]
    return np.where(np.isnan(year), months[:, -1:], year)


def smoothed(months: Vector, horizon_months: int) -> Vector:
    """Simple exponential smoothing; each series with the constant of the grid whose one-step errors were the least."""
    best, least = np.full(len(months), np.nan), np.full(len(months), np.inf)
    for constant in SMOOTHING_GRID:
        level, squares = smoothed_level(months, constant)
        is_better = squares < least
        best[is_better], least[is_better] = level[is_better], squares[is_better]
    return np.repeat(best[:, None], horizon_months, axis=1)


def seasonally_smoothed(months: Vector, horizon_months: int) -> Vector:
    """Simple smoothing of the series without its season, the season put back.

    Each month's index is the mean of its ratios to the series' mean of their year, over the whole years up to now, drawn halfway to
    1; where there are fewer than two whole years of positive sales it is 1.
    """
    count = months.shape[1]
    years = count // MONTHS_OF_A_YEAR
    index = np.ones((len(months), MONTHS_OF_A_YEAR))
    if years >= 2:
        whole = months[:, count - years * MONTHS_OF_A_YEAR :].reshape(len(months), years, MONTHS_OF_A_YEAR)
        level = whole.mean(axis=2, keepdims=True)
        is_known = ~np.isnan(level) & (level > 0)
        ratios = np.divide(whole, level, out=np.zeros_like(whole), where=np.broadcast_to(is_known, whole.shape))
        year_count = is_known.sum(axis=1)
        average = ratios.sum(axis=1) / np.maximum(year_count, 1)
        index = np.where(year_count >= 2, np.maximum((1 + average) / 2, 0.25), 1.0)
    position = (np.arange(count) - count) % MONTHS_OF_A_YEAR
    ahead = np.arange(horizon_months) % MONTHS_OF_A_YEAR
    return smoothed(months / index[:, position], horizon_months) * index[:, ahead]


def croston_sba(months: Vector, horizon_months: int) -> Vector:
    """Croston's mean demand per month with Syntetos and Boylan's correction: smoothed size over smoothed interval."""
    size, interval = np.full(len(months), np.nan), np.full(len(months), np.nan)
    waited = np.zeros(len(months))
    for value in months.T:
        waited = waited + ~np.isnan(value)
        has_demand = ~np.isnan(value) & (value != 0)
        size = np.where(has_demand, _towards(size, value, CROSTON_SMOOTHING), size)
        interval = np.where(has_demand, _towards(interval, waited, CROSTON_SMOOTHING), interval)
        waited = np.where(has_demand, 0.0, waited)
    rate = np.where(np.isnan(size), 0.0, SBA_CORRECTION * size / interval)
    return np.repeat(rate[:, None], horizon_months, axis=1)


def tsb(months: Vector, horizon_months: int) -> Vector:
    """Teunter, Syntetos and Babai's mean demand per month: smoothed size times smoothed probability, which falls in silence."""
    size_constant, chance_constant = TSB_SMOOTHING
    size, chance = np.full(len(months), np.nan), np.full(len(months), np.nan)
    for value in months.T:
        is_known = ~np.isnan(value)
        has_demand = is_known & (value != 0)
        size = np.where(has_demand, _towards(size, value, size_constant), size)
        chance = np.where(is_known, _towards(chance, has_demand.astype(np.float64), chance_constant), chance)
    rate = np.where(np.isnan(size), 0.0, size * chance)
    return np.repeat(rate[:, None], horizon_months, axis=1)


def smoothed_level(months: Vector, constant: float) -> tuple[Vector, Vector]:
    """Last level of simple smoothing that starts with a series' first month, and the sum of its squared one-step errors."""
    level, squares = np.full(len(months), np.nan), np.zeros(len(months))
    for value in months.T:
        squares = squares + np.nan_to_num(value - level) ** 2
        level = np.where(np.isnan(value), level, _towards(level, value, constant))
    return level, squares


def _towards(level: Vector, value: Vector, constant: float) -> Vector:
    return np.where(np.isnan(level), value, level + constant * (value - level))


METHODS: Mapping[str, Method] = {
    "seasonal naive": seasonal_naive,
    "smoothing": smoothed,
    "seasonal smoothing": seasonally_smoothed,
    "Croston-SBA": croston_sba,
    "TSB": tsb,
}
"""Every method by its words; the first stands beside each forecast."""

SEASONAL_NAIVE = "seasonal naive"
