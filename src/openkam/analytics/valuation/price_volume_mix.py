"""The price-volume-mix bridge: why an account's sales or contribution changed between two periods, in parts that sum exactly.

Over products that continuing sites bought in both periods, with q units, value v and pocket value p of a product:

    price     = Σ p₁ − p₀ · q₁/q₀          unit cost = −Σ (c₁ − c₀ · q₁/q₀)
    volume    = Σ v₀ · (Σ q₁ / Σ q₀ − 1)   mix       = what remains of their change

Sites and products that only one period has stand apart. Amounts are whole ten-thousandths of the currency, and mix is a remainder,
so nothing is lost to rounding: before + effects = after holds to the last digit.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import ibis
import numpy as np
import numpy.typing as npt
import polars as pl

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.product_sales import unit_costs
from openkam.analytics.behaviour.sales import NET_TYPES
from openkam.analytics.engine import Rows
from openkam.analytics.terms import OpenKamError, Period

EFFECTS = (
    *("lost_accounts", "new_accounts", "lost_sites", "new_sites", "lost_products", "new_products"),
    *("price", "unit_cost", "volume", "mix", "other"),
)
"""Parts of a bridge. `other` is the change of lines without product or quantity, and of products whose units net to none."""

_PLACES = 10_000
_LARGEST = 2**62
_CELL = ("account_id", "site", "product")
Wholes = npt.NDArray[np.int64]


class BridgeOf(StrEnum):
    """What a bridge explains: net sales, or contribution (net sales less rebates and cost, on lines whose cost is known)."""

    NET_SALES = "net sales"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class Bridge:
    """`before`, `after` and `effects` (accounts × `EFFECTS`) in ten-thousandths of the reporting currency."""

    of: BridgeOf
    before: Wholes
    after: Wholes
    effects: Wholes

    def account(self, account_id: int) -> dict[str, Decimal]:
        """`before`, every effect and `after` of one account (currency)."""
        return self._named(self.before[account_id], self.effects[account_id], self.after[account_id])

    def firm(self) -> dict[str, Decimal]:
        """`before`, every effect and `after` over all accounts (currency)."""
        return self._named(self.before.sum(), self.effects.sum(axis=0), self.after.sum())

    @staticmethod
    def _named(before: np.int64, effects: Wholes, after: np.int64) -> dict[str, Decimal]:
        whole = {"before": before, **dict(zip(EFFECTS, effects, strict=True)), "after": after}
        return {name: Decimal(int(value)) / _PLACES for name, value in whole.items()}


def price_volume_mix(facts: Facts, before: Period, after: Period, of: BridgeOf = BridgeOf.NET_SALES) -> Bridge:
    """The bridge of every account from one period to another, both up to the as-of day of the facts.

    Raises `OpenKamError` where the periods overlap or reach beyond the as-of day.
    """
    if before.end_on >= after.start_on:
        raise OpenKamError(
            f"The first period ends on {before.end_on}, the second starts on {after.start_on}: let them not overlap."
        )
    if after.end_on > facts.parameters.as_of:
        raise OpenKamError(f"The second period ends on {after.end_on}, after the as-of day {facts.parameters.as_of}.")
    cells = pl.DataFrame(facts.engine.to_arrow(_cells(facts, before, after, of)))
    amounts = {name: _wholes(cells[name]) for name in cells.columns if name[:-1] in {"quantity", "value", "cost"}}
    return bridge_of_cells(cells.with_columns(**amounts), facts.account_count, of)


def bridge_of_cells(cells: pl.DataFrame, account_count: int, of: BridgeOf) -> Bridge:
    """The bridge of cells: one row per `account_id, site, product` (product null: none, or no quantity).

    Each row has `lines0, lines1` (how many lines it stands for), `quantity0, quantity1`, `value0, value1` and `cost0, cost1` as
    whole ten-thousandths, of the period before and after.
    """
    if any(float(np.abs(cells[name].to_numpy().astype(np.float64)).sum()) > _LARGEST for name in ("value0", "value1")):
        raise OpenKamError("The amounts are too large to be summed to a ten-thousandth: choose a larger currency to report in.")
    bought = [(pl.col(f"lines{place}") > 0).any() for place in (0, 1)]
    presence = [
        cells.group_by(*keys).agg(bought[0].alias(f"{name}0"), bought[1].alias(f"{name}1"))
        for name, keys in (("account", ["account_id"]), ("site", ["account_id", "site"]))
    ]
    placed = cells.join(presence[0], on="account_id").join(presence[1], on=["account_id", "site"], nulls_equal=True)
    change = pl.col("value1") - pl.col("value0")
    is_continuing = pl.col("site0") & pl.col("site1")
    left = (
        placed.filter(~is_continuing)
        .with_columns(
            effect=pl.when(~pl.col("account1"))
            .then(pl.lit("lost_accounts"))
            .when(~pl.col("account0"))
            .then(pl.lit("new_accounts"))
            .when(pl.col("site0"))
            .then(pl.lit("lost_sites"))
            .otherwise(pl.lit("new_sites"))
        )
        .select("account_id", "effect", amount=change)
    )
    named = _named_products(placed.filter(is_continuing))
    is_kept = pl.col("effect") == "priced"
    effects = np.zeros((account_count, len(EFFECTS)), dtype=np.int64)
    for rows in (left, named.filter(~is_kept).select("account_id", "effect", amount=change)):
        places = np.array([EFFECTS.index(name) for name in rows["effect"].to_list()], dtype=np.int64)
        np.add.at(effects, (rows["account_id"].to_numpy(), places), rows["amount"].to_numpy())
    _add_priced(effects, named.filter(is_kept))
    before, after = (_summed(cells, name, account_count) for name in ("value0", "value1"))
    return Bridge(of, before, after, effects)


def _named_products(cells: pl.DataFrame) -> pl.DataFrame:
    """Products over continuing sites, each with its effect; `priced` are those that both periods bought."""
    sums = [pl.col(f"{name}{place}").sum() for name in ("lines", "quantity", "value", "cost") for place in (0, 1)]
    is_priced = (pl.col("quantity0") > 0) & (pl.col("quantity1") > 0)
    effect = (
        pl.when(pl.col("product").is_null())
        .then(pl.lit("other"))
        .when(pl.col("lines1") == 0)
        .then(pl.lit("lost_products"))
        .when(pl.col("lines0") == 0)
        .then(pl.lit("new_products"))
        .when(is_priced)
        .then(pl.lit("priced"))
        .otherwise(pl.lit("other"))
    )
    return cells.group_by("account_id", "product").agg(*sums).with_columns(effect=effect)


def _summed(rows: pl.DataFrame, name: str, account_count: int) -> Wholes:
    total = np.zeros(account_count, dtype=np.int64)
    np.add.at(total, rows["account_id"].to_numpy(), rows[name].to_numpy())
    return total


def _add_priced(effects: Wholes, products: pl.DataFrame) -> None:
    """Price, unit cost, volume and mix of the products that both periods bought at continuing sites."""
    q0, q1, v0, v1, c0, c1 = (
        products[name].to_numpy() for name in ("quantity0", "quantity1", "value0", "value1", "cost0", "cost1")
    )
    ratio = q1 / q0
    # Contribution is value: what was paid is contribution and cost.
    price = np.rint((v1 + c1) - (v0 + c0) * ratio).astype(np.int64)
    unit_cost = -np.rint(c1 - c0 * ratio).astype(np.int64)
    priced = products.select("account_id", "value0", "value1", "quantity0", "quantity1").with_columns(
        price=price, unit_cost=unit_cost
    )
    price_sum, cost_sum, value0, value1, units0, units1 = (
        _summed(priced, name, len(effects)) for name in ("price", "unit_cost", "value0", "value1", "quantity0", "quantity1")
    )
    growth = np.divide(units1, units0, out=np.ones(len(effects)), where=units0 > 0) - 1
    volume = np.rint(value0 * growth).astype(np.int64)
    mix = value1 - value0 - price_sum - cost_sum - volume
    for name, values in (("price", price_sum), ("unit_cost", cost_sum), ("volume", volume), ("mix", mix)):
        effects[:, EFFECTS.index(name)] += values


def _cells(facts: Facts, before: Period, after: Period, of: BridgeOf) -> Rows:
    lines = facts.transactions.filter(facts.transactions.line_type.isin(NET_TYPES))
    in_before, in_after = (
        lines.transacted_on.between(ibis.literal(one.start_on), ibis.literal(one.end_on)) for one in (before, after)
    )
    rows = facts.by_account(lines.mutate(is_before=in_before, is_after=in_after).filter(in_before | in_after))
    rows = rows.mutate(site=ibis.coalesce(rows.site_key, rows.customer_key))
    if of is BridgeOf.CONTRIBUTION:
        costed = rows.left_join(facts.engine.table(unit_costs(facts)), ["source", "product_key"])
        standard: Rows = (costed.quantity.cast("float64") * costed.unit_cost).cast("decimal(38, 12)")
        costed = costed.mutate(cost=ibis.coalesce(costed.cost_amount.cast("decimal(38, 12)"), standard))
        rows = costed.filter(costed.cost.notnull())
        nothing = ibis.literal(Decimal(0)).cast(rows.rebate_amount.type())
        rows = rows.mutate(value=rows.net_amount - ibis.coalesce(rows.rebate_amount, nothing) - rows.cost)
    else:
        rows = rows.mutate(value=rows.net_amount, cost=ibis.literal(Decimal(0), "decimal(38, 12)"))
    is_product = rows.product_key.notnull() & rows.quantity.notnull()
    product: Rows = ibis.ifelse(is_product, rows.source.concat("\x1f", rows.product_key), ibis.null("string"))
    rows = rows.mutate(product=product)
    sums: dict[str, Rows] = {}
    for place, holds in enumerate((rows.is_before, rows.is_after)):
        sums[f"lines{place}"] = holds.sum().cast("int64")
        for name in ("quantity", "value", "cost"):
            sums[f"{name}{place}"] = rows[name].sum(where=holds).cast("decimal(22, 4)")
    return rows.group_by(*_CELL).agg(**sums).order_by(*_CELL)


def _wholes(column: pl.Series) -> pl.Series:
    """Amounts with four places as whole ten-thousandths; null, the sum of nothing, is zero."""
    return column.cast(pl.Decimal(22, 4)).to_physical().cast(pl.Int64).fill_null(0)
