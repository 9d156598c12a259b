from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from tests.factories.planted import AS_OF, IMPORTED_AT, as_rows, planted_ledger, planted_tables

from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.facts_used import facts_used, illustrative_facts, reporting_currency, transaction_days
from openkam.analytics.terms import OpenKamError, Period


def used(ledger: Ledger, as_of: date = AS_OF) -> pa.Table:
    with open_engine("duckdb") as engine:
        return facts_used(engine, ledger.at(), as_of)


def days_of(ledger: Ledger) -> Period:
    with open_engine("duckdb") as engine:
        return transaction_days(engine, ledger.at())


def sale(currency: str) -> dict[str, object]:
    return {
        "transaction_key": currency,
        "customer_key": "C",
        "transacted_on": date(2023, 5, 1),
        "line_type": "sale",
        "net_amount": Decimal(1),
        "currency": currency,
    }


def test_it_counts_rows_and_days_per_table_and_source(tmp_path: Path):
    tables = planted_tables()
    facts = {row["table"]: row for row in used(planted_ledger(tmp_path / "ledger")).to_pylist()}
    assert {table: row["rows"] for table, row in facts.items()} == {table: rows.num_rows for table, rows in tables.items()}
    assert facts["transactions"]["to_on"] == max(tables["transactions"]["transacted_on"].to_pylist())
    assert facts["transactions"]["currency"] == "EUR"
    assert facts["customers"]["from_on"] is None


def test_an_empty_ledger_has_no_facts_and_says_what_to_import(tmp_path: Path):
    ledger = Ledger.open(tmp_path / "ledger")
    assert used(ledger).num_rows == 0
    with pytest.raises(OpenKamError, match="import some first"):
        days_of(ledger)
    batch = ledger.append("transactions", as_rows("transactions", [sale("EUR")]), source="erp", imported_at=IMPORTED_AT)
    ledger.undo(batch.batch_id, IMPORTED_AT)
    with pytest.raises(OpenKamError, match="import some first"):
        days_of(ledger)


def test_a_ledger_of_prospects_alone_says_what_to_import(tmp_path: Path):
    ledger = Ledger.open(tmp_path / "ledger")
    rows = as_rows("customers", [{"customer_key": "P", "name": "Prospect", "is_prospect": True}])
    ledger.append("customers", rows, source="crm", imported_at=IMPORTED_AT)
    with pytest.raises(OpenKamError, match="no transactions"):
        conduct_review(ledger)


def test_a_currency_that_came_after_the_day_is_not_asked_about(tmp_path: Path):
    ledger = Ledger.open(tmp_path / "ledger")
    rows = [sale("EUR"), {**sale("GBP"), "transacted_on": date(2023, 6, 1)}]
    ledger.append("transactions", as_rows("transactions", rows), source="erp", imported_at=IMPORTED_AT)
    assert reporting_currency(used(ledger, date(2023, 5, 31)), None) == "EUR"


def test_the_days_are_those_of_transactions_not_of_other_facts(tmp_path: Path):
    days = planted_tables()["transactions"]["transacted_on"].to_pylist()
    assert days_of(planted_ledger(tmp_path / "ledger")) == Period(min(days), max(days))


def test_facts_after_the_as_of_day_are_not_used(tmp_path: Path):
    early = date(2023, 1, 31)
    rows = [day for day in planted_tables()["transactions"]["transacted_on"].to_pylist() if day <= early]
    facts = {row["table"]: row for row in used(planted_ledger(tmp_path / "ledger"), early).to_pylist()}
    assert facts["transactions"]["rows"] == len(rows)
    assert facts["transactions"]["to_on"] == max(rows)
    assert "service_activities" not in facts


def test_one_currency_is_the_reporting_currency_and_several_are_asked_for(tmp_path: Path):
    ledger = Ledger.open(tmp_path / "ledger")
    ledger.append("transactions", as_rows("transactions", [sale("EUR")]), source="erp", imported_at=IMPORTED_AT)
    assert reporting_currency(used(ledger), None) == "EUR"
    assert reporting_currency(used(ledger), "USD") == "USD"
    ledger.append("transactions", as_rows("transactions", [sale("GBP")]), source="shop", imported_at=IMPORTED_AT)
    with pytest.raises(OpenKamError, match=r"2 currencies \(EUR, GBP\)"):
        reporting_currency(used(ledger), None)


def test_generated_facts_are_named(tmp_path: Path):
    ledger = planted_ledger(tmp_path / "ledger")
    assert illustrative_facts(used(ledger)) == ()
    rows = planted_tables()["service_activities"]
    ledger.append("service_activities", rows, source="illustrative:erp", imported_at=IMPORTED_AT)
    assert illustrative_facts(used(ledger)) == ("service_activities",)
