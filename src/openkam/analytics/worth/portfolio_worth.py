"""What some accounts are worth together: whale curve, concentration, the loss of the largest, and rank by sales against margin."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.valuation.concentration import Concentration, LossStress, concentration, joined_by_group, loss_of_largest
from openkam.analytics.valuation.margin_against_sales import Quadrant, compare_rankings
from openkam.analytics.valuation.whale_curve import WhaleCurve, whale_curve


@dataclass(frozen=True, slots=True)
class PortfolioAccount:
    """One account as stored (currency; None = not known). `group` is the buying group it belongs to, or empty."""

    sales: float | None
    contribution: float | None
    capacity_cost: float | None
    lifetime_value: float | None
    is_overdue: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class RankShift:
    """An account whose place in the top changes: its position among those given, ranks (1 = highest) and whether it would gain."""

    position: int
    sales_rank: int
    margin_rank: int
    gains: bool


@dataclass(frozen=True, slots=True)
class PortfolioWorth:
    """Sums in currency, None where no account's figure is known.

    `concentrations` are by sales and by contribution, each also with buying groups joined where there are any. `overdue_value` is the
    lifetime value of the accounts whose order is overdue. `shifts` are the accounts that would lose or gain a place among the `cut` best,
    the largest shift first.
    """

    account_count: int
    sales: float | None
    contribution: float | None
    lifetime_value: float | None
    overdue_count: int
    overdue_value: float | None
    whale: WhaleCurve | None
    concentrations: tuple[tuple[str, Concentration], ...]
    stress: LossStress | None
    cut: int
    shifts: tuple[RankShift, ...]


def portfolio_worth(accounts: Sequence[PortfolioAccount], cut: int) -> PortfolioWorth:
    """The figures of the accounts given; `cut` is how many of them the top holds."""
    sales, left, capacity, ahead = (
        _column([getattr(one, name) for one in accounts]) for name in ("sales", "contribution", "capacity_cost", "lifetime_value")
    )
    is_overdue = np.array([one.is_overdue for one in accounts], dtype=np.bool_)
    groups = [one.group for one in accounts]
    return PortfolioWorth(
        account_count=len(accounts),
        sales=_total(sales),
        contribution=_total(left),
        lifetime_value=_total(ahead),
        overdue_count=int(is_overdue.sum()),
        overdue_value=_total(ahead[is_overdue]),
        whale=whale_curve(left),
        concentrations=tuple(_concentrations(sales, left, groups)),
        stress=loss_of_largest(left, cost_to_serve=capacity),
        cut=cut,
        shifts=_shifts(sales, left, cut),
    )


def _column(values: Sequence[float | None]) -> Vector:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _total(values: Vector) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else None


def _concentrations(sales: Vector, left: Vector, groups: Sequence[str]) -> list[tuple[str, Concentration]]:
    named = [("Net sales", sales), ("Contribution", left)]
    if any(groups):
        named.append(("Contribution, buying groups joined", joined_by_group(left, groups)))
    return [(label, found) for label, values in named if (found := concentration(values)) is not None]


def _shifts(sales: Vector, left: Vector, cut: int) -> tuple[RankShift, ...]:
    compared = compare_rankings(sales, left, cut)
    if compared is None:
        return ()
    moved = [
        RankShift(int(row), int(s), int(m), quadrant is Quadrant.GAINS)
        for row, s, m, quadrant in zip(compared.rows, compared.sales_rank, compared.margin_rank, compared.quadrants, strict=True)
        if quadrant in (Quadrant.GAINS, Quadrant.LOSES)
    ]
    return tuple(sorted(moved, key=lambda one: (-abs(one.sales_rank - one.margin_rank), one.position)))
