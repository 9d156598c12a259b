"""A company whose accounts buy as a purchase model says and pay as habits go: enough of them for every model to be told."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
from tests.factories.order_days import LAST_DAY, order_days
from tests.factories.planted import as_rows

from openkam.analytics.ledger.ledger import Ledger

IMPORTED_AT = datetime(2025, 1, 2, tzinfo=UTC)
AS_OF = LAST_DAY
SOURCE = "erp"
WITHOUT_COST = "A0003"
"""The account whose goods have no known cost."""

NEVER_INVOICED = "A0004"
ACCOUNTS = 150


def buying_tables(seed: int = 17) -> dict[str, pa.Table]:
    """Three years of orders at a cost of 60 %, an invoice each, due in 30 days, and one service activity of each account."""
    random = np.random.default_rng(seed)
    habit = random.normal(0, 8, ACCOUNTS)
    lines: list[dict[str, object]] = []
    invoices: list[dict[str, object]] = []
    orders = order_days(seed, ACCOUNTS, k=2).to_pylist()
    for number, order in enumerate(orders):
        account, net = f"A{order['account_id']:04d}", Decimal(str(order["net"])).quantize(Decimal("0.01"))
        placed = {"customer_key": account, "currency": "EUR"}
        cost = None if account == WITHOUT_COST else net * Decimal("0.6")
        lines.append(
            placed
            | {
                "transaction_key": f"T{number}",
                "line_number": 1,
                "transacted_on": order["transacted_on"],
                "line_type": "sale",
                "quantity": Decimal(1),
                "net_amount": net,
                "cost_amount": cost,
            }
        )
        if account == NEVER_INVOICED:
            continue
        took = int(max(round(30 + habit[order["account_id"]] + random.normal(0, 12)), 1))
        due, paid = (order["transacted_on"] + np.timedelta64(days, "D").astype(object) for days in (30, took))
        invoices.append(
            placed
            | {
                "invoice_key": f"I{number}",
                "invoiced_on": order["transacted_on"],
                "due_on": due,
                "settled_on": paid if paid <= AS_OF else None,
                "amount": net,
            }
        )
    services = [
        {
            "customer_key": f"A{number:04d}",
            "performed_on": AS_OF,
            "activity": "visit",
            "quantity": Decimal(1),
            "cost_amount": Decimal(10),
            "currency": "EUR",
        }
        for number in range(ACCOUNTS)
    ]
    rows = {"transactions": lines, "receivables": invoices, "service_activities": services}
    return {table: as_rows(table, found) for table, found in rows.items()}


def buying_ledger(path: Path) -> Ledger:
    """The company's ledger."""
    ledger = Ledger.open(path)
    for table, rows in buying_tables().items():
        ledger.append(table, rows, source=SOURCE, imported_at=IMPORTED_AT)
    return ledger
