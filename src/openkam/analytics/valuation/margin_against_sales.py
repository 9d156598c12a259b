"""What changes when margin replaces volume: as many accounts taken by contribution as by net sales."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from openkam.analytics.behaviour.account_columns import Vector


class Quadrant(StrEnum):
    """Where an account stands by the two rankings."""

    BOTH = "key by both"
    LOSES = "key by sales only"
    GAINS = "key by contribution only"
    NEITHER = "key by neither"


@dataclass(frozen=True, slots=True)
class Rankings:
    """The accounts with both figures: their `rows`, ranks by either figure (1 = highest, ties by row) and quadrants.

    `missing_count` accounts lack one of the figures.
    """

    rows: npt.NDArray[np.int64]
    sales_rank: npt.NDArray[np.int64]
    margin_rank: npt.NDArray[np.int64]
    quadrants: tuple[Quadrant, ...]
    missing_count: int


def compare_rankings(sales: Vector, margin: Vector, cut: int) -> Rankings | None:
    """Both rankings with `cut` accounts taken from the top of each; None where not more than `cut` accounts have both figures.

    `sales` and `margin` in currency, NaN = not known.
    """
    known = np.flatnonzero(~np.isnan(sales) & ~np.isnan(margin))
    if cut <= 0 or len(known) <= cut:
        return None
    by_sales, by_margin = _ranks(sales[known]), _ranks(margin[known])
    quadrants = tuple(quadrant(bool(s <= cut), bool(m <= cut)) for s, m in zip(by_sales, by_margin, strict=True))
    return Rankings(known, by_sales, by_margin, quadrants, len(sales) - len(known))


def _ranks(values: Vector) -> npt.NDArray[np.int64]:
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return ranks


def quadrant(is_in_by_sales: bool, is_in_by_margin: bool) -> Quadrant:
    """Where an account stands that either ranking takes or not."""
    if is_in_by_sales:
        return Quadrant.BOTH if is_in_by_margin else Quadrant.LOSES
    return Quadrant.GAINS if is_in_by_margin else Quadrant.NEITHER
