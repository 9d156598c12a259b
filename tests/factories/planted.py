"""A small company in which the right answer is plain: the largest buyer loses money once it is served, a smaller one earns it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES

IMPORTED_AT = datetime(2024, 1, 2, tzinfo=UTC)
AS_OF = date(2023, 12, 31)
SOURCE = "erp"

PROGRAMME = """
[programme]
name = "Planted"

[[criterion]]
name = "contribution"
label = "Contribution"
measure = "contribution_margin"
weight = 3
points = [[0, 0], [100000, 1]]

[[criterion]]
name = "regularity"
label = "Regular orders"
measure = "regularity_k"
weight = 1
points = [[0.5, 0], [4, 1]]

[limits]
accounts_at_most = 2
"""

# account: (net amount of one order, share of it that the goods cost, days between orders, service cost a year)
ACCOUNTS = {
    "giant": (Decimal(20_000), Decimal("0.7"), 14, Decimal(200_000)),
    "steady": (Decimal(6_000), Decimal("0.5"), 14, Decimal(5_000)),
    "second": (Decimal(4_000), Decimal("0.5"), 14, Decimal(4_000)),
    "small": (Decimal(300), Decimal("0.5"), 30, Decimal(100)),
}


def planted_ledger(path: Path) -> Ledger:
    """The company's ledger: two years of orders, invoices paid five days late by `second`, services of the last year."""
    ledger = Ledger.open(path)
    for table, rows in planted_tables().items():
        ledger.append(table, rows, source=SOURCE, imported_at=IMPORTED_AT)
    return ledger


def planted_tables() -> dict[str, pa.Table]:
    """The company's facts by table."""
    lines: list[dict[str, object]] = []
    invoices: list[dict[str, object]] = []
    services: list[dict[str, object]] = []
    for account, (net, cost_share, gap_days, service_cost) in ACCOUNTS.items():
        day = AS_OF - timedelta(days=728)
        while day <= AS_OF:
            key = f"{account}-{day}"
            lines.append(
                {
                    "transaction_key": key,
                    "line_number": 1,
                    "customer_key": account,
                    "transacted_on": day,
                    "product_key": "P",
                    "line_type": "sale",
                    "quantity": Decimal(10),
                    "net_amount": net,
                    "cost_amount": net * cost_share,
                    "currency": "EUR",
                }
            )
            invoices.append(
                {
                    "invoice_key": key,
                    "customer_key": account,
                    "invoiced_on": day,
                    "due_on": day + timedelta(days=30),
                    "settled_on": day + timedelta(days=35 if account == "second" else 30),
                    "amount": net,
                    "currency": "EUR",
                }
            )
            day += timedelta(days=gap_days)
        services.append(
            {
                "customer_key": account,
                "performed_on": AS_OF - timedelta(days=100),
                "activity": "visit",
                "quantity": Decimal(1),
                "cost_amount": service_cost,
                "currency": "EUR",
            }
        )
    customers = [{"customer_key": account, "name": account.title(), "region": "North"} for account in ACCOUNTS]
    products = [{"product_key": "P", "name": "Pump"}]
    rows = {
        "customers": customers,
        "products": products,
        "transactions": lines,
        "receivables": invoices,
        "service_activities": services,
    }
    return {table: as_rows(table, found) for table, found in rows.items()}


def as_rows(table: str, rows: list[dict[str, object]]) -> pa.Table:
    """Rows with the table's own types; fields not given are null."""
    fields = [pa.field(field.name, field.type) for field in TABLES[table].fields]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))
