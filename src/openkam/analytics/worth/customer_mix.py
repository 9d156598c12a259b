"""Risk and return of the mix of customers by segment, from the months of the history.

The return of a segment in a month is its contribution (net sales less rebates and cost of goods, on lines whose cost is known)
over its average monthly net sales: so the swings of its volume count, and not of its prices alone. A weight is its share of these
sales. See `valuation.risk_return` for the method.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import numpy as np
import polars as pl
import pyarrow as pa

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.product_sales import unit_costs
from openkam.analytics.behaviour.sales import NET_TYPES
from openkam.analytics.engine import Rows
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.risk_return import Frontier, Mix, customer_beta, efficient_frontier
from openkam.analytics.valuation.time_driven_costing import Matrix

MONTHS = 36
"""Newest months looked at; months before the first sale are left out."""
FEWEST_MONTHS = 12
"""Below a year of months a segment's season would pass for its risk."""
LARGEST = 12
"""Segments told apart, the largest by sales; the others are joined."""
OTHERS, WITHOUT = "All other segments", "Without a segment"


@dataclass(frozen=True, slots=True)
class CustomerMix:
    """The frontier of `segments` over `months`: `frontier` of weights (shares of sales) and returns (per month, of monthly sales).

    `margins` is mean contribution per month (currency), `beta` how a segment's contribution moves with the whole (the betas add up to
    1), `reward` contribution over beta (currency per month; None where beta is not above zero).
    """

    segments: tuple[str, ...]
    months: int
    largest_shift: float
    frontier: Frontier
    margins: tuple[float, ...]
    beta: tuple[float, ...]
    reward: tuple[float | None, ...]

    def kept(self) -> dict[str, Any]:
        """The mix as JSON can hold it."""
        frontier = self.frontier
        return {
            "segments": list(self.segments),
            "months": self.months,
            "largest_shift": self.largest_shift,
            "today": _kept(frontier.today),
            "same_return": _kept(frontier.same_return),
            "mixes": [_kept(mix) for mix in frontier.mixes],
            "shrinkage": frontier.shrinkage,
            "is_thin": frontier.is_thin,
            "margins": list(self.margins),
            "beta": list(self.beta),
            "reward": list(self.reward),
        }


def _kept(mix: Mix) -> dict[str, Any]:
    return {"weights": mix.weights.tolist(), "mean": mix.mean, "deviation": mix.deviation}


def customer_mix(facts: Facts, largest_shift: float) -> CustomerMix:
    """The mix of a firm's segments near today's weights. Raises `OpenKamError` where the history cannot tell it."""
    segments, margin, net = _months(facts)
    if len(margin) < FEWEST_MONTHS:
        raise OpenKamError(f"There are {len(margin)} months of sales with a known cost: a mix needs at least {FEWEST_MONTHS}.")
    average = net.mean(axis=0)
    keeps = average > 0
    if keeps.sum() < 2:
        raise OpenKamError("There are not two segments with sales whose cost is known: import the category of customers.")
    segments = tuple(name for name, is_kept in zip(segments, keeps, strict=True) if is_kept)
    margin, average = margin[:, keeps], average[keeps]
    frontier = efficient_frontier(
        margin, np.tile(average, (len(margin), 1)), average / average.sum(), largest_shift=largest_shift
    )
    betas = customer_beta(margin)
    return CustomerMix(
        segments=segments,
        months=len(margin),
        largest_shift=largest_shift,
        frontier=frontier,
        margins=tuple(margin.mean(axis=0).tolist()),
        beta=tuple(betas.beta.tolist()),
        reward=tuple(float(value) if np.isfinite(value) else None for value in betas.reward),
    )


def _months(facts: Facts) -> tuple[tuple[str, ...], Matrix, Matrix]:
    """Segments, and contribution and net sales (currency) as months (oldest first) × segments."""
    lines = facts.transactions.filter(facts.transactions.line_type.isin(NET_TYPES))
    rows = facts.by_account(lines).left_join(facts.engine.table(unit_costs(facts)), ["source", "product_key"])
    standard: Rows = (rows.quantity.cast("float64") * rows.unit_cost).cast("decimal(38, 12)")
    rows = rows.mutate(cost=ibis.coalesce(rows.cost_amount.cast("decimal(38, 12)"), standard))
    rows = rows.filter(rows.cost.notnull())
    nothing = ibis.literal(Decimal(0)).cast(rows.rebate_amount.type())
    day, as_of = rows.transacted_on, facts.parameters.as_of
    back = (as_of.year - day.year()) * 12 + (as_of.month - day.month()) - ibis.ifelse(day.day() > as_of.day, 1, 0)
    rows = rows.mutate(
        month_back=back.cast("int64"), margin=rows.net_amount - ibis.coalesce(rows.rebate_amount, nothing) - rows.cost
    )
    rows = rows.inner_join(facts.engine.table(_segment_of(facts)), "account_id")
    recent = rows.filter(rows.month_back < MONTHS)
    sums = pl.DataFrame(
        facts.engine.to_arrow(
            recent.group_by("segment", "month_back").agg(net=recent.net_amount.sum(), margin=recent.margin.sum())
        )
    ).with_columns(pl.col("net", "margin").cast(pl.Float64), pl.col("segment").cast(pl.String))
    if not len(sums):
        return (), np.empty((0, 0)), np.empty((0, 0))
    sums = _joined(sums)
    names = tuple(sorted(sums["segment"].unique().to_list()))
    count = int(sums["month_back"].to_numpy().max()) + 1
    margin, net = np.zeros((count, len(names))), np.zeros((count, len(names)))
    place: Mapping[str, int] = {name: column for column, name in enumerate(names)}
    for row in sums.iter_rows(named=True):
        at = count - 1 - row["month_back"], place[row["segment"]]
        margin[at] += row["margin"]
        net[at] += row["net"]
    # Where the ledger begins within the oldest month, that month is not whole.
    first = 1 if count < MONTHS else 0
    return names, margin[first:], net[first:]


def _segment_of(facts: Facts) -> pa.Table:
    segments = [segment or WITHOUT for segment in facts.directory.attributes["category"].to_pylist()]
    ids = pa.array(range(len(segments)), pa.int32())
    return pa.table({"account_id": ids, "segment": pa.array(segments, pa.string())})


def _joined(sums: pl.DataFrame) -> pl.DataFrame:
    """The smallest segments joined to one where there are more than `LARGEST`."""
    by_size = sums.group_by("segment").agg(pl.col("net").sum()).sort(["net", "segment"], descending=[True, False])
    kept = by_size["segment"].to_list()[:LARGEST] if len(by_size) > LARGEST else by_size["segment"].to_list()
    renamed = pl.when(pl.col("segment").is_in(kept)).then(pl.col("segment")).otherwise(pl.lit(OTHERS))
    return sums.with_columns(segment=renamed).sort("segment", "month_back")
