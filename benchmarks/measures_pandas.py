"""The same measures of transactions in vectorised pandas, the way an analyst would write them: what the engine is compared with.

Numbers are doubles and keys are categories, which is the fast way in pandas. The file is read by pandas, which makes every amount
a Python decimal before it becomes a double, or, tuned by hand, by Arrow, which makes doubles and categories at once. The shapes of
gaps, slopes of growth and detrended variation are NumPy on both sides and taken from the engine. One currency, one source, records
of customers left out.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.behaviour.facts import MeasureParameters, months_before
from openkam.analytics.behaviour.growth import LATE_START_DAYS, growth
from openkam.analytics.behaviour.orders import OrderDays, QuarterSales, day_number, months_back
from openkam.analytics.behaviour.purchase_history import detrended_cv
from openkam.analytics.behaviour.regularity import regularity

KEYS = ("customer_key", "product_key", "line_type")
AMOUNTS = ("quantity", "net_amount", "list_amount", "rebate_amount", "cost_amount")
NET = ("sale", "return", "cancellation")


def pandas_measures(
    transactions: str | Path, products: str | Path, parameters: MeasureParameters, *, reads_by_arrow: bool = False
) -> pd.DataFrame:
    """One row per account, the engine's columns that rest on transactions."""
    lines = _read_by_arrow(transactions) if reads_by_arrow else _read_by_pandas(transactions)
    for name in KEYS:
        lines[name] = lines[name].cat.reorder_categories(sorted(lines[name].cat.categories))
    lines = lines[lines["day"] <= day_number(parameters.as_of)]
    accounts = lines["customer_key"].cat.categories
    net = lines[lines["line_type"].isin(NET)]
    sales = lines[lines["line_type"] == "sale"]
    start = day_number(parameters.period.start_on)
    period = net[net["day"] >= start]
    sold = period[period["line_type"] == "sale"]
    orders = _orders(sales, len(accounts))
    quarters = _quarters(net, orders, parameters)
    found = pd.DataFrame(index=accounts)
    in_period = orders.day >= start
    found["order_count"] = orders.count(in_period)
    documents = sold[["customer_key", "transaction_key"]].drop_duplicates()
    found["order_document_count"] = documents.groupby("customer_key", observed=False).size()
    found["net_sales"] = period.groupby("customer_key", observed=False)["net_amount"].sum()
    found["net_sales_history"] = net.groupby("customer_key", observed=False)["net_amount"].sum()
    found["order_count_history"] = orders.count()
    month = months_back(orders.day[in_period], parameters.as_of)
    active = pd.DataFrame({"account": orders.account[in_period], "month": month}).drop_duplicates()
    found["active_months"] = np.bincount(active["account"], minlength=len(accounts))
    first, last = orders.first_and_last()
    found["first_order_on"], found["last_order_on"] = first, last
    account, gap = orders.gaps()
    gaps = pd.Series(gap).groupby(account).agg(["count", "mean", "std"]).reindex(range(len(accounts)))
    found["gap_count"] = np.where(np.isnan(first), np.nan, gaps["count"].fillna(0))
    found["gap_mean_days"] = gaps["mean"].to_numpy()
    found["gap_cv"] = (gaps["std"] / gaps["mean"]).to_numpy()
    found["quarterly_value_cv"] = detrended_cv(quarters)
    full = quarters.is_full.sum(axis=1)
    found["active_quarter_share"] = _ratio((quarters.is_active & quarters.is_full).sum(axis=1), full)
    found["product_count"] = sold.groupby("customer_key", observed=False)["product_key"].nunique()
    gross = sold.groupby("customer_key", observed=False)["net_amount"].sum()
    found["returns_share"] = _ratio((found["net_sales"] - gross).abs(), gross)
    found["share_of_firm_sales"] = found["net_sales"] / period["net_amount"].sum()
    for name, values in (regularity(orders)[0] | growth(quarters, ~np.isnan(first))).items():
        found[name] = values
    start_before = day_number(parameters.period_before.start_on)
    before = net[(net["day"] >= start_before) & (net["day"] < start)].groupby("customer_key", observed=False)["net_amount"].sum()
    change = _ratio(found["net_sales"].fillna(0), before.reindex(accounts)) - 1
    found["sales_change_year_on_year"] = np.where(first <= start_before + LATE_START_DAYS, change, np.nan)
    found["tenure_months"] = (day_number(parameters.as_of) - first) * 12 / 365.2425
    followed = (quarters.is_active[:, :-1] & quarters.is_active[:, 1:]).sum(axis=1)
    found["repeat_rate"] = _ratio(followed, quarters.is_active[:, :-1].sum(axis=1))
    catalogue = pd.read_parquet(products, columns=["product_key", "category", "unit_cost", "unit_list_price"]).set_index(
        "product_key"
    )
    found = _breadth(found, sold, catalogue)
    found = _price(found, sold, parameters.quantity_band_edges)
    return _contribution(found, period, catalogue)


def _read_by_pandas(path: str | Path) -> pd.DataFrame:
    lines = pd.read_parquet(path, columns=[*KEYS, *AMOUNTS, "transaction_key", "transacted_on"])
    lines = lines.astype(dict.fromkeys(AMOUNTS, "float64") | dict.fromkeys(KEYS, "category"))
    days = (pd.to_datetime(lines["transacted_on"]) - pd.Timestamp(0)).dt.days
    return lines.drop(columns="transacted_on").assign(day=days.astype("int32"))


def _read_by_arrow(path: str | Path) -> pd.DataFrame:
    table = pq.read_table(path, columns=[*KEYS, *AMOUNTS, "transaction_key", "transacted_on"], read_dictionary=list(KEYS))
    for name in AMOUNTS:
        table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.float64()))
    table = table.set_column(table.column_names.index("transacted_on"), "day", table["transacted_on"].cast(pa.int32()))
    return table.to_pandas(split_blocks=True, self_destruct=True)


def _orders(sales: pd.DataFrame, account_count: int) -> OrderDays:
    days = (
        pd.DataFrame({"account": sales["customer_key"].cat.codes, "day": sales["day"]})
        .drop_duplicates()
        .sort_values(["account", "day"])
    )
    return OrderDays(days["account"].to_numpy(np.int64), days["day"].to_numpy(np.int64), account_count)


def _quarters(net: pd.DataFrame, orders: OrderDays, parameters: MeasureParameters) -> QuarterSales:
    count = parameters.growth_quarters
    recent = net[net["day"] > day_number(months_before(parameters.as_of, 3 * count))]
    quarter = count - 1 - months_back(recent["day"].to_numpy(np.int64), parameters.as_of) // 3
    place = recent["customer_key"].cat.codes.to_numpy(np.int64) * count + quarter
    shape = orders.account_count, count
    value = np.bincount(place, weights=recent["net_amount"], minlength=shape[0] * count).reshape(shape)
    back = months_back(orders.day, parameters.as_of) // 3
    active = np.zeros(shape, dtype=np.bool_)
    active[orders.account[back < count], count - 1 - back[back < count]] = True
    starts = [day_number(months_before(parameters.as_of, 3 * n)) + 1 for n in range(count, 0, -1)]
    first, _ = orders.first_and_last()
    return QuarterSales(value, first[:, None] <= np.array(starts), active)


def _ratio(numerator: pd.Series | np.ndarray, denominator: pd.Series | np.ndarray) -> np.ndarray:
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)


def _breadth(found: pd.DataFrame, sold: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    pairs = sold[["customer_key", "product_key"]].drop_duplicates()
    pairs["category"] = pairs["product_key"].map(catalogue["category"])
    bought = pairs.groupby("customer_key", observed=False)["category"].nunique()
    return found.assign(category_breadth=_ratio(bought, np.full(len(found), pairs["category"].nunique())))


def _price(found: pd.DataFrame, sold: pd.DataFrame, edges: Sequence[float]) -> pd.DataFrame:
    gross = sold.groupby("customer_key", observed=False)["net_amount"].sum()
    priced = sold[sold["product_key"].notna() & (sold["quantity"] > 0)]
    band = np.searchsorted(np.array(edges), priced["quantity"].to_numpy(), side="right")
    priced = priced.assign(group=priced["product_key"].cat.codes.to_numpy(np.int64) * (len(edges) + 1) + band)
    bands = priced.groupby("group").agg(net=("net_amount", "sum"), quantity=("quantity", "sum"))
    buyers = priced[["group", "customer_key"]].drop_duplicates().groupby("group").size()
    price = (bands["net"] / bands["quantity"])[(buyers > 1) & (bands["net"] > 0)]
    average = priced["group"].map(price)
    compared = priced.assign(reference=average * priced["quantity"])[average.notna()]
    sums = compared.groupby("customer_key", observed=False)[["net_amount", "reference"]].sum()
    return found.assign(
        realised_price_index=_ratio(sums["net_amount"], sums["reference"]),
        price_index_coverage=_ratio(sums["net_amount"], gross),
    )


def _contribution(found: pd.DataFrame, period: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    unit_cost = period["product_key"].map(catalogue["unit_cost"].astype(float)).astype(float)
    unit_list = period["product_key"].map(catalogue["unit_list_price"].astype(float)).astype(float)
    lines = pd.DataFrame(
        {
            "customer_key": period["customer_key"],
            "net": period["net_amount"],
            "weight": period["net_amount"].abs(),
            "rebate": period["rebate_amount"],
            "cost": period["cost_amount"].fillna(period["quantity"] * unit_cost),
            "list": period["list_amount"].fillna(period["quantity"] * unit_list),
        }
    )
    every = lines.groupby("customer_key", observed=False)[["net", "weight", "rebate"]].sum(min_count=1)
    costed = (
        lines[lines["cost"].notna()].groupby("customer_key", observed=False)[["net", "weight", "rebate", "cost"]].sum(min_count=1)
    )
    listed = lines[lines["list"].notna()].groupby("customer_key", observed=False)[["net", "weight", "list"]].sum(min_count=1)
    idle = every["weight"].isna()
    cost, cost_net = costed["cost"].mask(idle, 0.0), costed["net"].mask(idle, 0.0)
    gross = cost_net - costed["rebate"].fillna(0) - cost
    return found.assign(
        realised_list_ratio=_ratio(listed["net"], listed["list"]),
        list_sales=listed["list"],
        list_completeness=_ratio(listed["weight"].fillna(0), every["weight"]),
        invoice_reduction_amount=listed["list"] - listed["net"],
        rebate_amount=every["rebate"],
        pocket_sales=every["net"] - every["rebate"],
        cost_of_goods=cost,
        gross_contribution=gross,
        contribution_margin=gross,
        contribution_completeness=_ratio(costed["weight"].fillna(0), every["weight"]),
        contribution_margin_ratio=_ratio(gross, cost_net),
        share_of_firm_contribution=gross / gross.sum() if gross.sum() > 0 else float("nan"),
    )
