"""The ledger's customers behind the accounts of a review."""

import ibis
import polars as pl
import pyarrow as pa

from openkam.analytics.engine import Rows, open_engine
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.resolution.accounts import KEYED_TABLES, UNIT, name_accounts
from openkam.analytics.review.review import Review

RECORD_FIELDS = (
    *("legal_name", "tax_id", "country", "industry", "category", "region", "group_name", "address", "postal_code", "city"),
    *("manager", "employees", "annual_sales", "currency"),
)


def reviewed_customers(ledger: Ledger, review: Review) -> pa.Table:
    """Every customer of every account of the review, sorted by account, the record that bears the account's key first.

    Columns: `source, customer_key, account`, the account's `name`, `parent_account` and `is_prospect` as the review has them, then the
    newest record's `RECORD_FIELDS` (null without a record). Generated rows count to the source they speak of.
    """
    snapshot = ledger.at(review.ledger_version)
    with open_engine("duckdb") as engine:
        tables: dict[str, Rows] = {
            name: engine.read(snapshot.uris(name), TABLES[name].arrow) for name in ("customers", *KEYED_TABLES)
        }
        records = engine.to_arrow(tables["customers"])
        seen = [
            pl.DataFrame(
                engine.to_arrow(
                    tables[name]
                    .filter(ibis._.customer_key.notnull())
                    .group_by("source", "customer_key")
                    .agg(first_batch_id=ibis._.batch_id.min())
                )
            )
            for name in KEYED_TABLES
        ]
    named = pl.DataFrame(name_accounts(records, pl.concat(seen).to_arrow()))
    customers = named.with_columns(UNIT).select(pl.col("unit").alias("source"), "customer_key", "account").unique()
    newest = (
        pl.DataFrame(records)
        .with_columns(UNIT)
        .sort("batch_id", "source_row")
        .unique(["unit", "customer_key"], keep="last", maintain_order=True)
        .select(pl.col("unit").alias("source"), "customer_key", *RECORD_FIELDS)
    )
    accounts = pl.DataFrame(review.accounts.select(["account", "name", "parent_account", "is_prospect"]))
    return (
        customers.join(accounts, on="account", how="inner")
        .join(newest, on=["source", "customer_key"], how="left")
        .with_columns(is_head=pl.col("customer_key") == pl.col("account"))
        .sort("account", "is_head", "source", "customer_key", descending=[False, True, False, False])
        .drop("is_head")
        .to_arrow()
    )
