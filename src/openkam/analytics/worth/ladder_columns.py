"""The margin ladder as columns: amounts with their sources, what is left on the deepest rung, ranks, and the middle of a segment."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.valuation.margin_against_sales import compare_rankings
from openkam.analytics.valuation.margin_ladder import MarginLadder
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts
from openkam.analytics.worth.account_worth import LADDER, LadderMedians

CONTRIBUTION_RUNGS = ("cm3", "cm2", "cm1")
"""Where a contribution is read, the deepest first: capital and risk below CM3 are the account's finance, not its service."""

FEWEST_OF_A_SEGMENT = 5
"""Accounts below which a segment's middle is not told: it would give away what a single one of them leaves."""


def ladder_amounts(ladder: MarginLadder) -> Columns:
    """Every step and rung by name (currency, NaN = not known)."""
    return {name: ladder.rungs[name] if name in ladder.rungs else ladder.steps[name].amount for name in LADDER}


def step_sources(ladder: MarginLadder) -> pa.Array:
    """Per account, in the order of `LADDER`, which of the step's texts says where its amount comes from; 0 for a rung."""
    count = len(ladder.account_names)
    nothing = np.zeros(count, dtype=np.int64)
    chosen = [ladder.steps[name].chosen if name in ladder.steps and name not in ladder.rungs else nothing for name in LADDER]
    codes = np.column_stack(chosen).astype(np.int8)
    return pa.array(codes.tolist(), pa.list_(pa.int8()))


def source_texts(ladder: MarginLadder) -> dict[str, tuple[str, ...]]:
    """The texts of every step that `step_sources` points into."""
    return {name: ladder.steps[name].sources for name in LADDER if name in ladder.steps and name not in ladder.rungs}


def contribution(ladder: MarginLadder) -> tuple[Vector, pa.Array]:
    """What is left of each account (currency) on the deepest known rung from CM3 up, and the name of that rung."""
    amount = np.full(len(ladder.account_names), np.nan)
    basis = np.full(len(amount), "", dtype=object)
    for rung in reversed(CONTRIBUTION_RUNGS):
        known = ~np.isnan(ladder.rungs[rung])
        amount[known], basis[known] = ladder.rungs[rung][known], rung
    return amount, pa.array(basis.tolist(), pa.string())


def margin_ratio(ladder: MarginLadder, left: Vector) -> Vector:
    """Contribution over the net invoice of the sales whose cost is known; NaN where these are not above zero."""
    costed = ladder.rungs["net_invoice"] - np.nan_to_num(ladder.steps["uncosted_sales"].amount)
    return np.divide(left, costed, out=np.full(len(left), np.nan), where=costed > 0)


def service_columns(service: TimeDrivenCosts) -> Columns:
    """Cost to serve and the part of it that is capacity (currency)."""
    return {"cost_to_serve": service.cost(), "capacity_cost": service.capacity_cost()}


def ranks(sales: Vector, left: Vector) -> Columns:
    """Rank by net invoice and by contribution among the accounts that have both (1 = highest), NaN for the others.

    Prospects and others that bought nothing and cost nothing have no place in either.
    """
    found: Columns = {name: np.full(len(sales), np.nan) for name in ("sales_rank", "margin_rank")}
    compared = compare_rankings(np.where((sales == 0) & (left == 0), np.nan, sales), left, 1)
    if compared is not None:
        found["sales_rank"][compared.rows], found["margin_rank"][compared.rows] = compared.sales_rank, compared.margin_rank
    return found


def medians(ladder: MarginLadder, segments: Sequence[str | None]) -> tuple[LadderMedians, ...]:
    """The middle of all accounts that bought, then of every segment with at least `FEWEST_OF_A_SEGMENT` of them."""
    bought = np.nan_to_num(ladder.rungs["net_invoice"]) > 0
    names = np.array([segment or "" for segment in segments], dtype=object)
    wanted = ["", *sorted(set(names.tolist()) - {""})]
    found = [_median(ladder, name, bought if not name else bought & (names == name)) for name in wanted]
    return tuple(one for one in found if one.account_count >= FEWEST_OF_A_SEGMENT)


def _median(ladder: MarginLadder, segment: str, accounts: npt.NDArray[np.bool_]) -> LadderMedians:
    return LadderMedians(segment, int(accounts.sum()), ladder.medians(accounts))
