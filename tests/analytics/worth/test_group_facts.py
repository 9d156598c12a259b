"""A firm whose units sell to each other is valued as one, also where the ledger is older than the column that says so."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories.facts import facts_table
from tests.factories.planted import IMPORTED_AT

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.worth.service_rates import NO_RATES
from openkam.analytics.worth.value_accounts import value_accounts
from openkam.analytics.worth.worth_settings import WorthSettings

TODAY = date(2025, 1, 1)


def append(ledger: Ledger, table: str, source: str, *rows: dict[str, object], without: tuple[str, ...] = ()) -> None:
    known = facts_table(table, *rows).drop_columns(["source", "batch_id", "source_row", *without])
    ledger.append(table, known, source=source, imported_at=IMPORTED_AT)


def sale(customer: str, net: int, cost: int) -> dict[str, object]:
    amounts = {"net_amount": Decimal(net), "cost_amount": Decimal(cost), "quantity": Decimal(10)}
    return {"customer_key": customer, "product_key": "p", "transaction_key": f"T{net}", **amounts}


def two_units(folder: Path, *, own_unit: str | None) -> Ledger:
    """A plant sells 10 units at 100 that cost it 40 to the shop, which sells them on at 150."""
    ledger = Ledger.open(folder)
    append(ledger, "customers", "plant", {"customer_key": "S", "name": "Our shop", "own_unit": own_unit})
    append(ledger, "customers", "shop", {"customer_key": "c", "name": "Client"})
    append(ledger, "transactions", "plant", sale("S", 100, 40))
    append(ledger, "transactions", "shop", sale("c", 150, 100))
    return ledger


@pytest.mark.parametrize(("own_unit", "margins"), [("shop", {"Client": 110}), (None, {"Client": 50, "Our shop": 60})])
def test_transfer_prices_are_eliminated_where_a_customer_is_our_own_unit(tmp_path: Path, own_unit, margins):
    found = value_accounts(two_units(tmp_path, own_unit=own_unit), NO_RATES, WorthSettings(draws=10), today=TODAY)
    assert {row["name"]: row["cm1"] for row in found.accounts.to_pylist()} == margins
    assert found.internal_sales == (100 if own_unit else None)
    assert [one.unit for one in found.own_units] == ([own_unit] if own_unit else [])
    assert found.portfolio.contribution == sum(margins.values())


def test_a_ledger_from_before_the_column_is_read_and_can_be_added_to(tmp_path: Path, monkeypatch):
    ledger = Ledger.open(tmp_path)
    append(ledger, "transactions", "plant", sale("S", 100, 40))
    files = TABLES["customers"]
    older = type(files)(files.name, files.meaning, files.key, tuple(one for one in files.fields if one.name != "own_unit"))
    with monkeypatch.context() as patched:
        patched.setitem(TABLES, "customers", older)
        append(ledger, "customers", "plant", {"customer_key": "S", "name": "Shop"})
    append(ledger, "customers", "shop", {"customer_key": "c", "name": "Client", "own_unit": None})
    found = value_accounts(ledger, NO_RATES, WorthSettings(draws=10), today=TODAY)
    assert (found.own_units, found.internal_sales, found.accounts.num_rows) == ((), None, 2)
