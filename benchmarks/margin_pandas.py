"""The margin ladder and time-driven costing in vectorised pandas, the way an analyst would write them: what the engine is held against.

Numbers are doubles and keys are categories, read by Arrow. One currency, one source; sources of steps are left out.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openkam.analytics.behaviour.facts import MeasureParameters

AMOUNTS = ("quantity", "net_amount", "list_amount", "rebate_amount", "cost_amount")
KEYS = ("transaction_key", "customer_key", "product_key", "line_type")
NET = ("sale", "return", "cancellation")


def pandas_margin(
    transactions: str | Path,
    products: str | Path,
    parameters: MeasureParameters,
    minutes: tuple[float, float, float, float],
    cost_per_minute: float,
) -> pd.DataFrame:
    """Steps and rungs per account. `minutes` of a document: fixed, per line, for a small one, and the amount below which it is."""
    lines = _read(transactions, parameters)
    catalogue = (
        pq.read_table(products, columns=["product_key", "unit_cost", "unit_list_price"]).to_pandas().set_index("product_key")
    )
    accounts = lines["customer_key"].cat.categories
    is_net = lines["line_type"].isin(NET)
    charged = lines[lines["line_type"].isin(("freight", "fee"))].groupby("customer_key", observed=False)
    net = lines[is_net]
    cost = net["cost_amount"].fillna(net["quantity"] * net["product_key"].map(catalogue["unit_cost"].astype(float)).astype(float))
    listed = net["list_amount"].fillna(
        net["quantity"] * net["product_key"].map(catalogue["unit_list_price"].astype(float)).astype(float)
    )
    wide = pd.DataFrame(
        {
            "customer_key": net["customer_key"],
            "net_invoice": net["net_amount"],
            "off_invoice": net["rebate_amount"],
            "gross_sales": listed,
            "unlisted_sales": net["net_amount"].where(listed.isna(), 0.0),
            "uncosted_sales": (net["net_amount"] - net["rebate_amount"].fillna(0)).where(cost.isna(), 0.0),
            "cost_of_goods": cost,
        }
    )
    found = wide.groupby("customer_key", observed=False).sum()
    found["charges"] = charged["net_amount"].sum()
    found["freight_cost"] = charged["cost_amount"].sum()
    documents = net.assign(is_sale=net["line_type"] == "sale").groupby(["transaction_key", "customer_key"], observed=True)
    drivers = documents.agg(lines=("is_sale", "sum"), net_amount=("net_amount", "sum")).reset_index()
    fixed, per_line, small, below = minutes
    drivers["minutes"] = fixed + per_line * drivers["lines"] + np.where(drivers["net_amount"] < below, small, 0.0)
    found["order_and_logistics"] = drivers.groupby("customer_key", observed=False)["minutes"].sum() * cost_per_minute
    found["invoice_reductions"] = found["gross_sales"] + found["unlisted_sales"] - found["net_invoice"]
    found["pocket"] = found["net_invoice"] - found["off_invoice"] + found["charges"]
    found["cm1"] = found["pocket"] - found["uncosted_sales"] - found["cost_of_goods"]
    found["cm2"] = found["cm1"] - found["order_and_logistics"] - found["freight_cost"]
    return found.loc[accounts]


def _read(path: str | Path, parameters: MeasureParameters) -> pd.DataFrame:
    table = pq.read_table(path, columns=[*KEYS, "transacted_on", *AMOUNTS], read_dictionary=list(KEYS))
    period = parameters.period
    table = table.filter(
        pc.and_(pc.greater_equal(table["transacted_on"], period.start_on), pc.less_equal(table["transacted_on"], period.end_on))
    ).drop_columns(["transacted_on"])
    for name in AMOUNTS:
        table = table.set_column(table.column_names.index(name), name, table[name].cast("float64"))
    lines = table.to_pandas()
    for name in KEYS:
        lines[name] = lines[name].cat.remove_unused_categories()
    lines["customer_key"] = lines["customer_key"].cat.reorder_categories(sorted(lines["customer_key"].cat.categories))
    return lines
