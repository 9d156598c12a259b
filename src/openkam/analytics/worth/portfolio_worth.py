"""What some accounts are worth together: whale curve, concentration, the loss of the largest, and rank by sales against margin."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.valuation.concentration import Concentration, LossStress, concentration, joined_by_group, loss_of_largest
from openkam.analytics.valuation.margin_against_sales import Quadrant, compare_rankings, quadrant
from openkam.analytics.valuation.whale_curve import WhaleOutline, whale_curve


@dataclass(frozen=True, slots=True)
class PortfolioColumns:
    """Some accounts as stored, a column for each figure (currency; None = not known). `groups` are their buying groups, or empty."""

    sales: Sequence[float | None]
    contribution: Sequence[float | None]
    capacity_cost: Sequence[float | None]
    lifetime_value: Sequence[float | None]
    is_overdue: Sequence[bool]
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class RankPair:
    """An account's ranks by sales and by margin (1 = highest), its position among those given, and what margin would change.

    `quadrant` says whether it would gain or lose a place in the top.
    """

    position: int
    sales_rank: int
    margin_rank: int
    quadrant: Quadrant

    @property
    def gains(self) -> bool:
        """Whether it comes into the top by margin."""
        return self.quadrant is Quadrant.GAINS

    @property
    def loses(self) -> bool:
        """Whether it is in the top by sales only."""
        return self.quadrant is Quadrant.LOSES


@dataclass(frozen=True, slots=True)
class PortfolioWorth:
    """Sums in currency, None where no account's figure is known.

    `concentrations` are by sales and by contribution, each also with buying groups joined where there are any. `overdue_value` is the
    lifetime value of the accounts whose order is overdue. `stress` is the loss of the largest account, `group_stress` that of the largest
    buying group with its name, where there are any. `ranks` hold every account that bought and has
    both figures, where more than `cut` do; read from a valuation, those that a page shows. `ranked_count` is how many have ranks.
    """

    account_count: int
    sales: float | None
    contribution: float | None
    lifetime_value: float | None
    overdue_count: int
    overdue_value: float | None
    whale: WhaleOutline | None
    concentrations: tuple[tuple[str, Concentration], ...]
    stress: LossStress | None
    group_stress: tuple[str, LossStress] | None
    ranked_count: int
    cut: int
    ranks: tuple[RankPair, ...]

    @property
    def shifts(self) -> tuple[RankPair, ...]:
        """The accounts that would lose or gain a place among the `cut` best, the largest shift first."""
        moved = [one for one in self.ranks if one.gains or one.loses]
        return tuple(sorted(moved, key=lambda one: (-abs(one.sales_rank - one.margin_rank), one.position)))


def portfolio_worth(accounts: PortfolioColumns, cut: int) -> PortfolioWorth:
    """The figures of the accounts given; `cut` is how many of them the top holds."""
    sales, left = _column(accounts.sales), _column(accounts.contribution)
    capacity, ahead = _column(accounts.capacity_cost), _column(accounts.lifetime_value)
    is_overdue, groups = np.array(accounts.is_overdue, dtype=np.bool_), accounts.groups
    whale, ranks = whale_curve(left), _ranks(sales, left, cut)
    return PortfolioWorth(
        account_count=len(groups),
        sales=_total(sales),
        contribution=_total(left),
        lifetime_value=_total(ahead),
        overdue_count=int(is_overdue.sum()),
        overdue_value=_total(ahead[is_overdue]),
        whale=whale.outlined() if whale else None,
        concentrations=tuple(_concentrations(sales, left, groups)),
        stress=loss_of_largest(left, cost_to_serve=capacity),
        group_stress=_group_stress(left, capacity, groups),
        ranked_count=int((~np.isnan(_bought(sales, left)) & ~np.isnan(left)).sum()),
        cut=cut,
        ranks=ranks,
    )


def kept(found: PortfolioWorth) -> dict[str, Any]:
    """What a run keeps of the whole, as JSON can hold it: everything but the ranks, which stand with their accounts."""
    values = asdict(found)
    return {name: value for name, value in values.items() if name not in ("cut", "ranks")}


def restored(values: Mapping[str, Any], ranks: Sequence[tuple[int, int]], cut: int) -> PortfolioWorth:
    """The whole as `kept` and read back, with the pairs (by sales, by margin) of the accounts that a page shows, in their order."""
    whale, group = values["whale"], values["group_stress"]
    told: dict[str, Any] = dict(values)
    told["whale"] = _whale(whale) if whale else None
    told["concentrations"] = tuple((label, _concentration(one)) for label, one in values["concentrations"])
    told["stress"] = _stress(values["stress"]) if values["stress"] else None
    told["group_stress"] = (group[0], _stress(group[1])) if group else None
    pairs = [
        RankPair(position, by_sales, by_margin, quadrant(by_sales <= cut, by_margin <= cut))
        for position, (by_sales, by_margin) in enumerate(ranks)
    ]
    return PortfolioWorth(**told, cut=cut, ranks=tuple(pairs) if values["ranked_count"] > cut else ())


def _whale(values: Mapping[str, Any]) -> WhaleOutline:
    told: dict[str, Any] = dict(values)
    told["points"] = tuple((int(place), float(amount)) for place, amount in values["points"])
    return WhaleOutline(**told)


def _concentration(values: Mapping[str, Any]) -> Concentration:
    told: dict[str, Any] = dict(values)
    told["top_share"] = {int(count): float(share) for count, share in values["top_share"].items()}
    return Concentration(**told)


def _stress(values: Mapping[str, Any]) -> LossStress:
    told: dict[str, Any] = dict(values)
    told["lost"] = tuple(values["lost"])
    return LossStress(**told)


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


def _group_stress(left: Vector, capacity: Vector, groups: Sequence[str]) -> tuple[str, LossStress] | None:
    """The loss of the largest buying group, where one is larger than every single account."""
    names = sorted({group for group in groups if group})
    if not names:
        return None
    place = {name: number for number, name in enumerate(names)}
    member = np.array([place.get(group, -1) for group in groups])
    grouped, count = member >= 0, len(names)

    def summed(values: Vector) -> Vector:
        return np.bincount(member[grouped], values[grouped], count).astype(np.float64)

    joined = summed(np.nan_to_num(left))
    # A group's capacity is known only where that of all its accounts is.
    costs = np.where(summed(np.isnan(capacity).astype(np.float64)) > 0, np.nan, summed(np.nan_to_num(capacity)))
    stress = loss_of_largest(np.concatenate([joined, left[~grouped]]), cost_to_serve=np.concatenate([costs, capacity[~grouped]]))
    largest = int(np.argmax(joined))
    return (names[largest], stress) if stress is not None and stress.lost == (largest,) else None


def _bought(sales: Vector, left: Vector) -> Vector:
    """Sales of who is compared: prospects and others that bought nothing have no place in either ranking."""
    return np.where((sales == 0) & (left == 0), np.nan, sales)


def _ranks(sales: Vector, left: Vector, cut: int) -> tuple[RankPair, ...]:
    compared = compare_rankings(_bought(sales, left), left, cut)
    if compared is None:
        return ()
    pairs = zip(compared.rows, compared.sales_rank, compared.margin_rank, compared.quadrants, strict=True)
    return tuple(RankPair(int(row), int(s), int(m), one) for row, s, m, one in pairs)
