"""A firm whose units sell to each other is measured and valued as one, also where the ledger is older than the column that says so."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.facts import facts_table
from tests.factories.measuring import AS_OF, measure
from tests.factories.planted import IMPORTED_AT

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.terms import OpenKamError
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


@given(st.integers(1, 60), st.integers(0, 900))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_another_sale_between_units_changes_no_measure_of_any_account(engine, quantity: int, net: int):
    """At whatever price; the plant's cost of a unit stays what it is, else the goods themselves would have become dearer."""
    customers = [{"source": "plant", "customer_key": "S", "name": "Our shop", "own_unit": "shop"}]
    lines = [{**sale("S", 100, 40), "source": "plant"}, {**sale("c", 150, 100), "source": "shop"}]
    more = {**sale("S", net, 4 * quantity), "quantity": Decimal(quantity), "transaction_key": "more", "source": "plant"}
    before, after = (
        measure(engine, {"customers": facts_table("customers", *customers), "transactions": facts_table("transactions", *rows)})
        for rows in (lines, [*lines, more])
    )
    assert before.table.equals(after.table)
    assert before.table["gross_contribution"].to_pylist() == [110]
    assert f"purchases of {100 + net:,} EUR up to {AS_OF}" in after.notes[0]


def test_a_review_takes_the_firm_as_one_and_refuses_a_circle_in_one_line(tmp_path: Path):
    review = conduct_review(two_units(tmp_path / "one", own_unit="shop"), with_every_measure=True)
    row, *others = review.accounts.to_pylist()
    assert (row["name"], row["gross_contribution"], row["net_sales"], others) == ("Client", 110, 150, [])
    assert any(note.startswith("Transfer prices are eliminated: 1 customer is a unit of ours") for note in review.notes)
    circle = two_units(tmp_path / "two", own_unit="shop")
    append(circle, "customers", "shop", {"customer_key": "P", "name": "Our plant", "own_unit": "plant"})
    append(circle, "transactions", "shop", sale("P", 120, 100))
    with pytest.raises(OpenKamError, match=r"round in a circle, .*: none of them is where it entered") as caught:
        conduct_review(circle)
    assert "\n" not in str(caught.value)


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
