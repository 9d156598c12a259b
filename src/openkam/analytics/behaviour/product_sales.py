"""What each account bought in the period, by product: its price ladder, its breadth, and what others pay for the same."""

from dataclasses import dataclass

import ibis
import numpy as np
import polars as pl
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, as_indices, as_vector, spread
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.sales import sales_by_customer_product
from openkam.analytics.engine import Rows
from openkam.analytics.resolution.accounts import UNIT

SUMMED = "decimal(38, 12)"
"""Type of a product of doubles before it is summed: unlike doubles, decimals add up alike in every order of rows."""


@dataclass(frozen=True, slots=True)
class ProductSales:
    """Totals of the period per account (NaN = the account has no such line).

    `net, weight, rebate`: net sales lines, their absolute value, their rebates. `sold`: lines of sale. `list_value, list_net,
    list_weight`: lines with a list price, at list, net and absolute net. `cost, cost_net, cost_rebate, cost_weight`: lines with
    a known cost: the cost, and their net, rebate and weight. `products, categories`: different ones bought. `compared,
    reference`: lines of sale that others bought too in the same quantity band, as paid and at the average price of all
    accounts. `category_count`: different categories sold to anybody.
    """

    totals: Columns
    category_count: int


def product_sales(facts: Facts) -> ProductSales:
    """Read the transactions by customer, product and quantity band, and sum them to accounts."""
    engine = facts.engine
    parameters = facts.parameters
    by_customer = engine.cache(
        sales_by_customer_product(facts.transactions, parameters.period.start_on, parameters.quantity_band_edges)
    )
    products = _products(facts, by_customer)
    rows = engine.cache(
        facts.by_account(by_customer)
        .left_join(engine.table(products), ["source", "product_key"])
        .select(
            *("account_id", "product_id", "category_id", "band", "is_sale", "has_cost", "has_quantity", "has_list"),
            *("net", "weight", "quantity", "list_value", "rebate", "cost", "unit_list_price", "unit_cost"),
        )
    )
    totals = spread(engine.to_arrow(_totals(rows)), facts.account_count)
    prices = engine.table(_average_prices(engine.to_arrow(_by_product_band(rows))))
    totals |= spread(engine.to_arrow(_at_average_price(rows, prices)), facts.account_count)
    category_count = len(products["category_id"].drop_null().unique())
    return ProductSales(totals, category_count)


def _products(facts: Facts, by_customer: Rows) -> pa.Table:
    """The products sold in the period: `source, product_key, product_id, category_id, unit_list_price, unit_cost`."""
    sold = (
        by_customer.filter(by_customer.product_key.notnull())
        .group_by("source", "product_key")
        .agg(is_sold=by_customer.is_sale.any())
    )
    described = facts.products.select(
        *("source", "product_key", "category", "batch_id", "source_row"),
        unit_list_price=facts.products.unit_list_price.cast("float64"),
        unit_cost=facts.products.unit_cost.cast("float64"),
    )
    newest = (
        pl.DataFrame(facts.engine.to_arrow(described))
        .with_columns(UNIT)
        .sort("batch_id", "source_row")
        .unique(["unit", "product_key"], keep="last", maintain_order=True)
        .drop("source", "batch_id", "source_row")
    )
    return (
        pl.DataFrame(facts.engine.to_arrow(sold))
        .with_columns(UNIT)
        .join(newest, on=["unit", "product_key"], how="left")
        .sort("source", "product_key")
        .with_columns(
            product_id=pl.struct("unit", "product_key").rank("dense").cast(pl.Int32),
            category_id=pl.when("is_sold").then(pl.col("category").rank("dense").cast(pl.Int32)),
        )
        .select("source", "product_key", "product_id", "category_id", "unit_list_price", "unit_cost")
        .to_arrow()
    )


def _totals(rows: Rows) -> Rows:
    quantity = rows.quantity.cast("float64")
    line_cost: Rows = ibis.ifelse(rows.has_cost, rows.cost.cast(SUMMED), (quantity * rows.unit_cost).cast(SUMMED))
    line_list: Rows = ibis.ifelse(rows.has_list, rows.list_value.cast(SUMMED), (quantity * rows.unit_list_price).cast(SUMMED))
    knows_cost = rows.has_cost | (rows.has_quantity & rows.unit_cost.notnull())
    knows_list = rows.has_list | (rows.has_quantity & rows.unit_list_price.notnull())
    return rows.group_by("account_id").agg(
        net=rows.net.sum(),
        weight=rows.weight.sum(),
        rebate=rows.rebate.sum(),
        sold=rows.net.sum(where=rows.is_sale),
        list_value=line_list.sum(where=knows_list),
        list_net=rows.net.sum(where=knows_list),
        list_weight=rows.weight.sum(where=knows_list),
        cost=line_cost.sum(where=knows_cost),
        cost_net=rows.net.sum(where=knows_cost),
        cost_rebate=rows.rebate.sum(where=knows_cost),
        cost_weight=rows.weight.sum(where=knows_cost),
        products=rows.product_id.nunique(where=rows.is_sale),
        categories=rows.category_id.nunique(where=rows.is_sale),
    )


def _by_product_band(rows: Rows) -> Rows:
    priced = rows.filter(rows.band > 0)
    return priced.group_by("product_id", "band").agg(
        net=priced.net.sum(),
        quantity=priced.quantity.sum(),
        first_account=priced.account_id.min(),
        last_account=priced.account_id.max(),
    )


def _average_prices(bands: pa.Table) -> pa.Table:
    """Average price of each product and band that at least two accounts bought, in doubles that every engine multiplies alike."""
    net, quantity = as_vector(bands["net"]), as_vector(bands["quantity"])
    is_shared = (as_indices(bands["first_account"]) != as_indices(bands["last_account"])) & (net > 0)
    price = np.divide(net, quantity, out=np.zeros(len(net)), where=quantity > 0)
    return bands.select(["product_id", "band"]).append_column("average_price", pa.array(price)).filter(pa.array(is_shared))


def _at_average_price(rows: Rows, prices: Rows) -> Rows:
    compared = rows.inner_join(prices, ["product_id", "band"])
    value = (compared.quantity.cast("float64") * compared.average_price).cast(SUMMED)
    return compared.group_by("account_id").agg(compared=compared.net.sum(), reference=value.sum())
