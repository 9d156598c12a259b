"""Accounts: which account each source record of a customer belongs to, and what is known about it.

A record that names an `account_key` belongs to that account; otherwise it stands for itself under its own key. Where several
sources use one key for records that name no account, the first imported keeps the plain key and later ones become `key@source`:
two units' customer 1001 are different firms until somebody says otherwise, and an account's name never changes when a later
source arrives.

Generated rows (a source that starts with `illustrative:`) speak of the customers of the source they were generated for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from openkam.analytics.engine import Engine, Rows
from openkam.analytics.ledger.schema import ILLUSTRATIVE_PREFIX

KEYED_TABLES = ("transactions", "receivables", "service_activities", "interactions")
"""Tables whose customers are accounts even where no customer record names them."""

UNIT = pl.col("source").str.strip_prefix(ILLUSTRATIVE_PREFIX).alias("unit")
"""Whose customers a source speaks of."""

ATTRIBUTES = ("region", "country", "industry", "category", "group_name", "current_manager", "parent_account")


@dataclass(frozen=True, slots=True)
class AccountDirectory:
    """All accounts, sorted by name; an account's position is its `account_id`.

    `names` has one name each. `customers` maps `source, customer_key` to `account_id` (int32). `attributes` has one row per
    account in the same order: `account, name`, the columns of `ATTRIBUTES`, `customer_count, sources`.
    """

    names: tuple[str, ...]
    customers: pa.Table
    attributes: pa.Table


def resolve_accounts(
    engine: Engine, tables: Mapping[str, Rows], recent: Mapping[str, Rows], sales: pa.Table, as_of: date
) -> tuple[AccountDirectory, tuple[str, ...]]:
    """The directory of all accounts that are known on the as-of day, and notes on what a reader must know.

    `tables` are the ledger's tables with rows of any day: they decide the names, so that a name does not depend on the as-of day.
    `recent` are the same tables up to the as-of day and `sales` the net sales until then by `source, customer_key` (one row for
    each customer with a transaction): with the records opened by then they decide who is in.
    """
    records = engine.to_arrow(tables["customers"])
    seen_now = _customers_seen(engine, recent, sales)
    if _unit_count(engine, tables) > 1:
        first_seen = _first_batches(engine, tables)
    else:
        first_seen = seen_now.with_columns(first_batch_id=pl.lit(None, pl.String))
    named = pl.DataFrame(name_accounts(records, first_seen.to_arrow()))
    opened = pl.DataFrame(records).filter(pl.col("opened_on").is_null() | (pl.col("opened_on") <= as_of))
    present = pl.concat([seen_now, opened.select("source", "customer_key")]).unique()
    accounts = named.join(present, on=["source", "customer_key"], how="semi")
    return describe_accounts(opened.to_arrow(), accounts.to_arrow(), sales), _unmatched(records, seen_now)


def name_accounts(records: pa.Table, keys: pa.Table) -> pa.Table:
    """The account of every customer: rows `source, customer_key, account`, sorted by source and key.

    `records` are the ledger's customers. `keys` are customers seen anywhere, `source, customer_key, first_batch_id`; the batch
    may be null where only one source exists and nothing can collide. A record imported twice counts as its newest version says.
    """
    newest = _newest(pl.DataFrame(records).with_columns(source=UNIT)).select("source", "customer_key", "account_key")
    seen = pl.concat(
        [
            pl.DataFrame(records).select("source", "customer_key", pl.col("batch_id").alias("first_batch_id")),
            pl.DataFrame(keys).select("source", "customer_key", pl.col("first_batch_id").cast(pl.String)),
        ]
    ).filter(pl.col("customer_key").is_not_null())
    first_seen = seen.group_by(UNIT.alias("source"), "customer_key").agg(pl.col("first_batch_id").min())
    claims = first_seen.join(newest, on=["source", "customer_key"], how="left").sort(
        "customer_key", "first_batch_id", "source", nulls_last=True
    )
    unnamed = pl.col("account_key").is_null()
    is_first = pl.when(unnamed).then("customer_key").is_first_distinct()
    own = pl.when(is_first).then("customer_key").otherwise(pl.concat_str("customer_key", pl.lit("@"), "source"))
    named = claims.select(
        pl.col("source").alias("unit"), "customer_key", pl.when(unnamed).then(own).otherwise("account_key").alias("account")
    )
    customers = seen.select("source", "customer_key", UNIT).unique().join(named, on=["unit", "customer_key"])
    return customers.select("source", "customer_key", "account").sort("source", "customer_key").to_arrow()


def describe_accounts(records: pa.Table, accounts: pa.Table, sales: pa.Table) -> AccountDirectory:
    """The directory of the accounts in `accounts` (`source, customer_key, account`).

    `sales` is `source, customer_key, net_sales`. Where an account has several records, each attribute comes from the
    record with the largest sales that gives one (ties by source and key). The name is the given `account_name`, else that of
    the record whose key the account bears, else that of the record with the largest sales, else the key itself.
    """
    customers = pl.DataFrame(accounts)
    known = _newest(pl.DataFrame(records)).join(customers, on=["source", "customer_key"], how="inner")
    parents = customers.select("source", parent_key="customer_key", parent_account="account")
    ranked = (
        known.join(parents, on=["source", "parent_key"], how="left")
        .join(pl.DataFrame(sales).with_columns(pl.col("net_sales").cast(pl.Float64)), on=["source", "customer_key"], how="left")
        .with_columns(
            pl.when(pl.col("parent_account") != pl.col("account")).then("parent_account").alias("parent_account"),
            pl.when(pl.col("customer_key") == pl.col("account")).then("name").alias("head_name"),
            pl.col("manager").alias("current_manager"),
        )
        .sort("account", "net_sales", "source", "customer_key", descending=[False, True, False, False], nulls_last=True)
    )
    gathered = ("account_name", "head_name", "name", *ATTRIBUTES)
    golden = ranked.group_by("account", maintain_order=True).agg(pl.col(column).drop_nulls().first() for column in gathered)
    counts = (
        customers.select("account", UNIT, "customer_key").unique().group_by("account").agg(customer_count=pl.len().cast(pl.Int64))
    )
    sources = customers.select("account", "source").unique().sort("account", "source")
    directory = (
        counts.join(sources.group_by("account").agg(sources=pl.col("source").str.join(", ")), on="account")
        .join(golden, on="account", how="left")
        .sort("account")
        .with_columns(name=pl.coalesce("account_name", "head_name", "name", "account"))
    )
    ids = directory.select("account", account_id=pl.int_range(pl.len(), dtype=pl.Int32))
    placed = customers.join(ids, on="account", how="left").select("source", "customer_key", "account_id")
    return AccountDirectory(
        names=tuple(directory["account"].to_list()),
        customers=placed.to_arrow(),
        attributes=directory.select("account", "name", *ATTRIBUTES, "customer_count", "sources").to_arrow(),
    )


def accounts_of_sources(directory: AccountDirectory, sources: set[str]) -> npt.NDArray[np.bool_]:
    """Mask over accounts: True where at least one of the account's customers is a customer of one of `sources`."""
    units = pl.DataFrame({"source": sorted(sources)}, schema={"source": pl.String}).select(UNIT)
    rows = pl.DataFrame(directory.customers).with_columns(UNIT).join(units, on="unit", how="semi")
    mask = np.zeros(len(directory.names), dtype=np.bool_)
    mask[rows["account_id"].to_numpy()] = True
    return mask


def _newest(records: pl.DataFrame) -> pl.DataFrame:
    return records.sort("batch_id", "source_row").unique(["source", "customer_key"], keep="last", maintain_order=True)


def _customers_seen(engine: Engine, recent: Mapping[str, Rows], sales: pa.Table) -> pl.DataFrame:
    found = [pl.DataFrame(sales).select("source", "customer_key")]
    for name in KEYED_TABLES:
        if name != "transactions":
            found.append(pl.DataFrame(engine.to_arrow(recent[name].select("source", "customer_key").distinct())))
    return pl.concat(found).filter(pl.col("customer_key").is_not_null()).unique()


def _unit_count(engine: Engine, tables: Mapping[str, Rows]) -> int:
    found = [pl.DataFrame(engine.to_arrow(tables[name].select("source").distinct())) for name in ("customers", *KEYED_TABLES)]
    return pl.concat(found).select(UNIT).n_unique()


def _first_batches(engine: Engine, tables: Mapping[str, Rows]) -> pl.DataFrame:
    found = [
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
    return pl.concat(found)


def _unmatched(records: pa.Table, seen: pl.DataFrame) -> tuple[str, ...]:
    """Notes on customers without a record in their own source whose key another has: mostly one unit under two names."""
    known = pl.DataFrame(records).select(UNIT.alias("source"), "customer_key")
    strangers = (
        seen.with_columns(source=UNIT)
        .join(known, on=["source", "customer_key"], how="anti")
        .join(known, on="customer_key", how="semi")
    )
    counts = strangers.group_by("source").len().sort("source")
    return tuple(
        f"Source {source!r} has no customer record for {count} of its customers, but another source has records with their keys. "
        "They are kept apart; if they are the same firms, import both under one source, or give the records an account_key."
        for source, count in counts.iter_rows()
    )
