"""Criteria and their fixed value functions.

A value function turns a level of a measure into a value in [0, 1]: piecewise linear through fixed points, flat beyond the ends,
rising, falling, or rising to one peak and falling from it (Keeney & Raiffa 1976, chapter 3: additive multi-attribute value).
The points are numbers the firm wrote down, never the minimum and maximum of today's list, so an account that joins the list
cannot change another's value.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Points = tuple[tuple[float, float], ...]

RATING_LEVELS = 5
"""Anchors of a rating: 0, 1, 2, 3, 4."""

RATING_POINTS: Points = ((0.0, 0.0), (4.0, 1.0))
"""The value function of a rating that gives none."""


class Shape(StrEnum):
    """Which way a value function goes."""

    RISING = "rising"
    FALLING = "falling"
    PEAKED = "peaked"


class MissingRule(StrEnum):
    """What becomes of an account without the measure: the worst value of the function, or no candidate at all."""

    WORST = "worst"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the utility, with either a `measure` (a column) or a `rating` (the name of an anchored 0-4 scale).

    `weight` is as written; weights are normalised to 1 over all criteria. `fallback_measure` replaces `measure` for every account
    where no account at all has `measure`. `missing` is a rule, or the value in [0, 1] of an account without the measure.
    """

    name: str
    label: str
    weight: float
    points: Points
    measure: str | None = None
    fallback_measure: str | None = None
    rating: str | None = None
    anchors: tuple[str, ...] = ()
    missing: MissingRule | float = MissingRule.WORST

    @property
    def missing_value(self) -> float:
        """The value of an account without the measure that stays a candidate: as written, else the worst of the function."""
        return min(v for _, v in self.points) if isinstance(self.missing, MissingRule) else self.missing


def fault_of_points(points: Points) -> str | None:
    """What is wrong with a value function's points, in words that end with what to do; None where nothing is."""
    if len(points) < 2:
        return "needs at least two points [level, value]: add one"
    for (low, _), (high, _) in pairwise(points):
        if high <= low:
            return f"levels must rise from point to point, but {high:g} follows {low:g}: put the points in rising order"
    for _, value in points:
        if not 0 <= value <= 1:
            return f"a value must lie between 0 and 1, but one is {value:g}: the best level has value 1, the worst 0"
    steps = [high - low for (_, low), (_, high) in pairwise(points)]
    if not any(steps):
        return "all values are equal, so the criterion tells no account from another: change a value or remove the criterion"
    has_fallen = False
    for (level, value), step in zip(points[1:], steps, strict=True):
        if has_fallen and step > 0:
            return f"values may rise to one peak and fall from it, but at {level:g} they rise again to {value:g}: keep one peak"
        has_fallen = has_fallen or step < 0
    return None


def shape_of(points: Points) -> Shape:
    """Which way the function of faultless points goes."""
    steps = [high - low for (_, low), (_, high) in pairwise(points)]
    if min(steps) < 0 < max(steps):
        return Shape.PEAKED
    return Shape.RISING if max(steps) > 0 else Shape.FALLING


def value_of(points: Points, level: npt.ArrayLike) -> Vector:
    """Values in [0, 1] at the levels, any shape; a missing level (NaN) has a missing value (NaN)."""
    levels, values = _columns(points)
    return np.clip(np.interp(np.asarray(level, dtype=np.float64), levels, values), values.min(), values.max())


def level_for(points: Points, value: npt.ArrayLike, own_level: npt.ArrayLike = np.nan) -> Vector:
    """The level nearest to the bad end that reaches at least the value; NaN where no level does.

    For a rising function that is the smallest such level, for a falling one the largest. A value that every level reaches gives
    the first (falling: the last) point's level. A peaked function has two bad ends: `own_level`, where an account is now, says
    which way is shorter (the rising side where it is missing); a level that reaches the value already is its own answer.
    """
    levels, values = _columns(points)
    wanted, own = np.asarray(value, dtype=np.float64), np.asarray(own_level, dtype=np.float64)
    shape = shape_of(points)
    if shape is Shape.RISING:
        return _smallest_level(levels, values, wanted)
    if shape is Shape.FALLING:
        return _largest_level(levels, values, wanted)
    peak = int(np.argmax(values))
    least = _smallest_level(levels[: peak + 1], values[: peak + 1], wanted)
    most = _largest_level(levels[peak:], values[peak:], wanted)
    return np.where(own > most, most, np.where(own > least, own, least))


def _columns(points: Points) -> tuple[Vector, Vector]:
    table = np.asarray(points, dtype=np.float64)
    return table[:, 0], table[:, 1]


def _largest_level(levels: Vector, values: Vector, wanted: Vector) -> Vector:
    return -_smallest_level(-levels[::-1], values[::-1], wanted)


def _smallest_level(levels: Vector, values: Vector, wanted: Vector) -> Vector:
    at = np.searchsorted(values, wanted, side="left")
    upper = np.clip(at, 1, len(values) - 1)
    lower = upper - 1
    rise = values[upper] - values[lower]
    share = np.clip((wanted - values[lower]) / np.where(rise > 0, rise, 1.0), 0.0, 1.0)
    reached = levels[lower] + share * (levels[upper] - levels[lower])
    inside = np.where(at == 0, levels[0], reached)
    return np.where((at == len(values)) | np.isnan(wanted), np.nan, inside)
