"""What changes when margin replaces volume: the same number of key accounts, taken by contribution instead of by net sales."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from openkam.analytics.report.account_columns import Vector, account_names, flags, numbers
from openkam.analytics.review.review import Review


class Quadrant(StrEnum):
    """Where an account stands by the two rankings."""

    BOTH = "key by both"
    LOSES = "key by sales only"
    GAINS = "key by contribution only"
    NEITHER = "key by neither"


@dataclass(frozen=True, slots=True)
class Place:
    """One account's place by sales and by contribution (1 = highest)."""

    name: str
    sales: float
    margin: float
    sales_rank: int
    margin_rank: int
    quadrant: Quadrant
    is_selected: bool

    @property
    def margin_share(self) -> float | None:
        """Contribution as a share of net sales; None where sales are not above zero."""
        return self.margin / self.sales if self.sales > 0 else None


@dataclass(frozen=True, slots=True)
class MarginAgainstSales:
    """Every account with both figures, by sales rank; `cut` is how many would be key; `missing_count` lack one of the figures."""

    places: tuple[Place, ...]
    cut: int
    missing_count: int

    def of(self, quadrant: Quadrant) -> tuple[Place, ...]:
        """The accounts of one quadrant, the largest by sales first."""
        return tuple(place for place in self.places if place.quadrant is quadrant)


def margin_against_sales(review: Review) -> MarginAgainstSales | None:
    """The comparison at the number of chosen accounts, or None where nothing is chosen or no account has both figures."""
    sales, margin = (numbers(review.accounts, name) for name in ("net_sales", "contribution_margin"))
    selected, names = flags(review.accounts, "is_selected"), account_names(review)
    known = np.flatnonzero(~np.isnan(sales) & ~np.isnan(margin))
    cut = int(selected.sum())
    if cut == 0 or len(known) <= cut:
        return None
    by_sales, by_margin = _ranks(sales[known]), _ranks(margin[known])
    places = [
        Place(
            name=names[row],
            sales=float(sales[row]),
            margin=float(margin[row]),
            sales_rank=int(by_sales[i]),
            margin_rank=int(by_margin[i]),
            quadrant=_quadrant(by_sales[i] <= cut, by_margin[i] <= cut),
            is_selected=bool(selected[row]),
        )
        for i, row in enumerate(known)
    ]
    return MarginAgainstSales(tuple(sorted(places, key=lambda p: p.sales_rank)), cut, len(sales) - len(known))


def _ranks(values: Vector) -> Vector:
    ranks = np.empty(len(values))
    ranks[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return ranks


def _quadrant(is_in_by_sales: bool, is_in_by_margin: bool) -> Quadrant:
    if is_in_by_sales:
        return Quadrant.BOTH if is_in_by_margin else Quadrant.LOSES
    return Quadrant.GAINS if is_in_by_margin else Quadrant.NEITHER
