"""What each account bought in the period, by product: its price ladder, its breadth, and what others pay for the same."""

from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, Vector, as_indices, as_vector, distinct, spread
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.sales import net_sales_lines
from openkam.analytics.engine import Rows
from openkam.analytics.resolution.accounts import UNIT

PRODUCT_BITS = 31
"""Room for the number of a product, which is an int32."""

SUMMED = "decimal(38, 12)"
"""Type of a product of doubles before it is summed: unlike doubles, decimals add up alike in every order of rows."""


@dataclass(frozen=True, slots=True)
class ProductSales:
    """Totals of the period per account (NaN = the account has no such line).

    `net, weight, rebate`: net sales lines, their absolute value, their rebates. `sold, returned`: lines of sale, and returns
    and cancellations. `list_value, list_net, list_weight`: lines with a list price, at list, net and absolute net. `cost,
    cost_net, cost_rebate, cost_weight`: lines with a known cost: the cost, and their net, rebate and weight. `products,
    categories`: different ones bought. `compared, reference`: lines of sale that others bought too in the same quantity band,
    as paid and at the average price of all accounts. `category_count`: different categories sold to anybody.
    """

    totals: Columns
    category_count: int


def product_sales(facts: Facts) -> ProductSales:
    """Read the lines of the period once, with their account and product, and sum them to accounts."""
    engine, count = facts.engine, facts.account_count
    uncached, products = period_lines(facts)
    rows = engine.cache(uncached)
    totals = line_totals(facts, rows)
    totals |= _breadth(as_indices(engine.to_arrow(_bought(rows))["bought"]), products, totals["sold"])
    prices = engine.table(_average_prices(engine.to_arrow(_by_product_band(rows))))
    totals |= spread(engine.to_arrow(_at_average_price(rows, prices)), count)
    return ProductSales(totals, len(products["category_id"].drop_null().unique()))


def period_lines(facts: Facts) -> tuple[Rows, pa.Table]:
    """The net sales lines of the period, each with its `account_id`, `product_id` and the product's `unit_list_price, unit_cost`;
    and the products among them."""
    parameters = facts.parameters
    lines = net_sales_lines(facts.transactions, parameters.period.start_on, parameters.quantity_band_edges)
    products = _products(facts, lines)
    rows = (
        facts.by_account(lines)
        .left_join(facts.engine.table(products), ["source", "product_key"])
        .select(
            *("account_id", "product_id", "band", "is_sale", "net_amount", "quantity"),
            *("list_amount", "rebate_amount", "cost_amount", "unit_list_price", "unit_cost"),
        )
    )
    return rows, products


def line_totals(facts: Facts, rows: Rows) -> Columns:
    """The totals of `ProductSales` that need no product, from the lines of `period_lines`.

    `own_list, own_cost` are the parts of `list_value, cost` that lines give themselves, `standard_list, standard_cost` those at the
    product's own price and cost.
    """
    totals = spread(facts.engine.to_arrow(_totals(rows)), facts.account_count)
    totals["cost"] = _sum_known(totals["own_cost"], totals["standard_cost"])
    totals["list_value"] = _sum_known(totals["own_list"], totals["standard_list"])
    return totals


def _products(facts: Facts, lines: Rows) -> pa.Table:
    """The products sold in the period: `source, product_key, product_id, category_id, unit_list_price, unit_cost`."""
    sold = lines.filter(lines.product_key.notnull()).group_by("source", "product_key").agg(is_sold=lines.is_sale.any())
    newest = _newest_products(facts)
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


def _newest_products(facts: Facts) -> pl.DataFrame:
    """The newest record of every product of a unit: `unit, product_key, category, unit_list_price, unit_cost`."""
    described = facts.products.select(
        *("source", "product_key", "category", "batch_id", "source_row"),
        unit_list_price=facts.products.unit_list_price.cast("float64"),
        unit_cost=facts.products.unit_cost.cast("float64"),
    )
    return (
        pl.DataFrame(facts.engine.to_arrow(described))
        .with_columns(UNIT)
        .sort("batch_id", "source_row")
        .unique(["unit", "product_key"], keep="last", maintain_order=True)
        .drop("source", "batch_id", "source_row")
    )


def unit_costs(facts: Facts) -> pa.Table:
    """The variable cost of one unit of every product that was ever sold: `source, product_key, unit_cost` (reporting currency)."""
    sold = facts.transactions.filter(facts.transactions.product_key.notnull()).select("source", "product_key").distinct()
    found = pl.DataFrame(facts.engine.to_arrow(sold)).with_columns(UNIT)
    costs = found.join(_newest_products(facts).select("unit", "product_key", "unit_cost"), on=["unit", "product_key"], how="left")
    return costs.select("source", "product_key", "unit_cost").to_arrow()


def _totals(rows: Rows) -> Rows:
    net, weight = rows.net_amount, rows.net_amount.abs()
    # Where the line has an amount of its own the standard one is not computed: casting is what costs here.
    standard_cost = _at_standard(rows, rows.cost_amount, rows.unit_cost)
    standard_list = _at_standard(rows, rows.list_amount, rows.unit_list_price)
    knows_cost = rows.cost_amount.notnull() | (rows.quantity.notnull() & rows.unit_cost.notnull())
    knows_list = rows.list_amount.notnull() | (rows.quantity.notnull() & rows.unit_list_price.notnull())
    return rows.group_by("account_id").agg(
        net=net.sum(),
        weight=weight.sum(),
        rebate=rows.rebate_amount.sum(),
        sold=net.sum(where=rows.is_sale),
        returned=net.sum(where=~rows.is_sale),
        own_list=rows.list_amount.sum(),
        standard_list=standard_list.sum(),
        list_net=net.sum(where=knows_list),
        list_weight=weight.sum(where=knows_list),
        own_cost=rows.cost_amount.sum(),
        standard_cost=standard_cost.sum(),
        cost_net=net.sum(where=knows_cost),
        cost_rebate=rows.rebate_amount.sum(where=knows_cost),
        cost_weight=weight.sum(where=knows_cost),
    )


def _at_standard(rows: Rows, own_amount: Rows, unit_amount: Rows) -> Rows:
    """Quantity times the product's own price or cost; null where the line has an amount of its own."""
    value: Rows = ibis.ifelse(own_amount.isnull(), rows.quantity.cast("float64") * unit_amount, ibis.null("float64"))
    return value.cast(SUMMED)


def _sum_known(one: Vector, other: Vector) -> Vector:
    """Sum of what is known of two columns, NaN where neither is."""
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, one + other))


def _bought(rows: Rows) -> Rows:
    """Every product that an account bought, once, as one number: a single narrow column is told apart twice as fast as three."""
    sold = rows.filter(rows.is_sale, rows.product_id.notnull())
    return sold.select(bought=sold.account_id.cast("int64") * (1 << PRODUCT_BITS) + sold.product_id).distinct()


def _breadth(bought: npt.NDArray[np.int64], products: pa.Table, sold: Vector) -> Columns:
    """Different products and categories per account; zero where it bought, but nothing with a product or a category."""
    count = len(sold)
    account, product = bought >> PRODUCT_BITS, bought & (1 << PRODUCT_BITS) - 1
    product_id, category_id = as_indices(products["product_id"]), as_indices(products["category_id"].fill_null(0))
    # A product may stand under several sources of a unit: all of them give the unit's category, or none where nobody bought.
    category_of = np.zeros(int(product_id.max(initial=0)) + 1, dtype=np.int64)
    np.maximum.at(category_of, product_id, category_id)
    category = category_of[product]
    width = int(category_of.max(initial=0)) + 1
    different = distinct(account[category > 0] * width + category[category > 0])
    columns = {
        "products": np.bincount(account, minlength=count).astype(np.float64),
        "categories": np.bincount(different // width, minlength=count).astype(np.float64),
    }
    return {name: np.where(np.isnan(sold), np.nan, values) for name, values in columns.items()}


def _by_product_band(rows: Rows) -> Rows:
    priced = rows.filter(rows.band > 0)
    return priced.group_by("product_id", "band").agg(
        net=priced.net_amount.sum(),
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
    return compared.group_by("account_id").agg(compared=compared.net_amount.sum(), reference=value.sum())
