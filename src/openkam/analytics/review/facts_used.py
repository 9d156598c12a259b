"""Which facts a review rests on: rows and days per table, source and currency."""

from collections.abc import Callable
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from openkam.analytics.engine import Engine
from openkam.analytics.ledger.schema import ILLUSTRATIVE_PREFIX, TABLES
from openkam.analytics.ledger.versions import Snapshot
from openkam.analytics.terms import OpenKamError, Period

DAY_COLUMN = {
    "transactions": "transacted_on",
    "receivables": "invoiced_on",
    "service_activities": "performed_on",
    "interactions": "occurred_at",
    "market_volumes": "period_start_on",
    "exchange_rates": "rated_on",
}
"""The column that dates a row; customers and products carry none."""

SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("source", pa.string()),
        ("currency", pa.string()),
        ("rows", pa.int64()),
        ("from_on", pa.date32()),
        ("to_on", pa.date32()),
    ]
)


def transaction_days(engine: Engine, snapshot: Snapshot) -> Period:
    """The first and the last day with a transaction; raises when the ledger holds none."""
    uris = snapshot.uris("transactions")
    if uris:
        day = engine.read(uris, TABLES["transactions"].arrow)[DAY_COLUMN["transactions"]]
        span = engine.to_arrow(day.as_table().agg(first=day.min(), last=day.max())).to_pylist()[0]
        if span["first"] is not None:
            return Period(span["first"], span["last"])
    raise OpenKamError(
        "The ledger holds no transactions, so there is nothing to review: import some first.",
        by_command="Run `openkam import FILE --table transactions --source NAME`.",
    )


def facts_used(engine: Engine, snapshot: Snapshot, as_of: date, on_table: Callable[[str], None] = lambda _: None) -> pa.Table:
    """One row per table, source and currency of the snapshot, sorted, with the rows up to the as-of day.

    Days are null for tables whose rows carry no day; their rows count whatever the day.
    """
    parts: list[pa.Table] = []
    for name, schema in TABLES.items():
        uris = snapshot.uris(name)
        if not uris:
            continue
        on_table(name)
        rows = engine.read(uris, schema.arrow)
        day = rows[DAY_COLUMN[name]].cast("date") if name in DAY_COLUMN else ibis.null("date")
        currency = rows.currency if name in ("transactions", "receivables") else ibis.null("string")
        counted = (
            rows.select(source=rows.source, currency=currency, day=day)
            .filter(ibis._.day.isnull() | (ibis._.day <= as_of))
            .group_by("source", "currency")
            .agg(rows=ibis._.count(), from_on=ibis._.day.min(), to_on=ibis._.day.max())
            .mutate(table=ibis.literal(name))
            .select(*SCHEMA.names)
        )
        parts.append(engine.to_arrow(counted).cast(SCHEMA))
    if not parts:
        return SCHEMA.empty_table()
    return pa.concat_tables(parts).sort_by([("table", "ascending"), ("source", "ascending"), ("currency", "ascending")])


def reporting_currency(facts: pa.Table, asked: str | None) -> str:
    """The currency of the review: the one asked for, else the only one that transactions up to the as-of day are in."""
    if asked:
        return asked
    currencies = sorted({row["currency"] for row in facts.to_pylist() if row["table"] == "transactions"})
    if len(currencies) == 1:
        return currencies[0]
    raise OpenKamError(
        f"Transactions are in {len(currencies)} currencies ({', '.join(currencies)}): name the one to report in with "
        '`currency = "…"` under [programme] in the programme file, and import exchange_rates to it.'
    )


def illustrative_facts(facts: pa.Table) -> tuple[str, ...]:
    """Tables with rows that are generated for illustration, not measured."""
    rows: list[dict[str, Any]] = facts.to_pylist()
    return tuple(sorted({row["table"] for row in rows if row["source"].startswith(ILLUSTRATIVE_PREFIX)}))
