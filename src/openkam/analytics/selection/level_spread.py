"""How the levels of a measure spread over a value function: what accounts would get for it, and where its points could stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openkam.analytics.selection.criteria import Points, Shape, Vector, value_of
from openkam.analytics.selection.programme_terms import Rating
from openkam.analytics.terms import OpenKamError

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
MARGIN = 0.06
"""How far the picture reaches beyond the first and last point, as a part of the distance between them."""


@dataclass(frozen=True, slots=True)
class LevelSpread:
    """Accounts counted over the range that a value function needs to be seen in, `low` to `high` in the unit of the measure.

    `counts` are accounts per bin of equal width, those `below` and `above` the range left out, as are those `without` a level.
    `quantiles` are (share of accounts at most, level, value). `at_worst` and `at_best` count accounts with the lowest and the
    highest value of the points. `mean_value` is over accounts with a level, None where there is none.
    """

    low: float
    high: float
    counts: tuple[int, ...]
    below: int
    above: int
    without: int
    quantiles: tuple[tuple[float, float, float], ...]
    at_worst: int
    at_best: int
    mean_value: float | None

    @property
    def known(self) -> int:
        """Accounts with a level."""
        return sum(self.counts) + self.below + self.above


def spread_levels(points: Points, levels: Vector, *, bin_count: int = 32) -> LevelSpread:
    """The spread of levels (NaN = missing) over faultless points."""
    first, last = points[0][0], points[-1][0]
    margin = (last - first) * MARGIN
    low, high = first - margin, last + margin
    present = levels[np.isfinite(levels)]
    counts, _ = np.histogram(present, bins=bin_count, range=(low, high))
    values = value_of(points, present)
    worst, best = min(v for _, v in points), max(v for _, v in points)
    return LevelSpread(
        low=low,
        high=high,
        counts=tuple(int(count) for count in counts),
        below=int((present < low).sum()),
        above=int((present > high).sum()),
        without=len(levels) - len(present),
        quantiles=tuple(
            (share, float(level), float(value_of(points, level)))
            for share, level in zip(SHARES, np.quantile(present, SHARES), strict=True)
        )
        if len(present)
        else (),
        at_worst=int((values <= worst).sum()),
        at_best=int((values >= best).sum()),
        mean_value=float(values.mean()) if len(present) else None,
    )


def suggested_points(levels: Vector, shape: Shape) -> Points:
    """Two or three points over the middle nine tenths of the levels, to two figures: a start to edit, fixed from then on.

    Raises `OpenKamError` where the levels do not differ.
    """
    present = levels[np.isfinite(levels)]
    if not len(present) or present.min() == present.max():
        raise OpenKamError("The accounts do not differ in it, so no value function can be drafted: write its points yourself.")
    low, middle, high = (two_figures(float(level)) for level in np.quantile(present, (0.05, 0.5, 0.95)))
    if low == high:
        low, high = float(present.min()), float(present.max())
    is_between = low < middle < high
    if shape is Shape.PEAKED:
        return (low, 0.0), (middle if is_between else (low + high) / 2, 1.0), (high, 0.0)
    worst, best = (0.0, 1.0) if shape is Shape.RISING else (1.0, 0.0)
    return ((low, worst), *([(middle, 0.5)] if is_between else []), (high, best))


def rated_levels(ratings: Sequence[Rating], scale: str) -> Vector:
    """The mean rating of every account that anybody rated on the scale."""
    by_account: dict[str, list[int]] = {}
    for rating in ratings:
        if rating.criterion == scale:
            by_account.setdefault(rating.account, []).append(rating.value)
    return np.array([sum(values) / len(values) for values in by_account.values()], dtype=np.float64)


def any_known(levels: Vector) -> bool:
    """Whether any account has a level."""
    return bool(np.isfinite(levels).any())


def two_figures(number: float) -> float:
    """The number to two significant figures."""
    return 0.0 if number == 0 else round(number, 1 - math.floor(math.log10(abs(number))))
