"""What changes when margin replaces volume: the same number of key accounts, taken by contribution instead of by net sales."""

from dataclasses import dataclass

from openkam.analytics.report.account_columns import account_names, flags, numbers
from openkam.analytics.review.review import Review
from openkam.analytics.valuation.margin_against_sales import Quadrant, compare_rankings


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
    cut = int(selected.sum())
    found = compare_rankings(sales, margin, cut)
    if found is None:
        return None
    places = [
        Place(
            name=names[row],
            sales=float(sales[row]),
            margin=float(margin[row]),
            sales_rank=int(found.sales_rank[i]),
            margin_rank=int(found.margin_rank[i]),
            quadrant=found.quadrants[i],
            is_selected=bool(selected[row]),
        )
        for i, row in enumerate(found.rows)
    ]
    return MarginAgainstSales(tuple(sorted(places, key=lambda p: p.sales_rank)), cut, found.missing_count)
