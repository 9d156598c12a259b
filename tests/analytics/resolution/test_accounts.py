from datetime import UTC, date, datetime

import pytest
from tests.factories.facts import facts_table
from tests.factories.measuring import measure, measure_rows

from openkam.analytics.resolution.accounts import name_accounts
from openkam.analytics.valuation.account_measures import ATTRIBUTE_NAMES

D = date
NORTH, SOUTH = {"source": "north", "batch_id": "20240101"}, {"source": "south", "batch_id": "20240102"}


def sale(customer: str | None, amount: int = 10, **more):
    return {"customer_key": customer, "net_amount": amount, **more}


def test_a_record_stands_for_itself_unless_it_names_an_account(engine):
    found = measure_rows(
        engine,
        customers=[{"customer_key": "1"}, {"customer_key": "2", "account_key": "G"}, {"customer_key": "3", "account_key": "G"}],
        transactions=[sale("1", 5), sale("2", 10), sale("3", 20), sale("4", 40)],
    )
    assert {name: row["net_sales"] for name, row in found.items()} == {"1": 5, "4": 40, "G": 30}
    assert found["G"]["customer_count"] == 2
    assert found["4"]["name"] == "4"


def test_the_first_import_keeps_the_plain_key_and_later_sources_get_their_own(engine):
    tables = {
        "customers": [{"customer_key": "1001", **SOUTH}],
        "transactions": [sale("1001", 5, **NORTH), sale("1001", 7, **SOUTH), sale("1001", 9, source="east", batch_id="20240103")],
    }
    found = measure_rows(engine, **tables)
    assert {name: row["net_sales"] for name, row in found.items()} == {"1001": 5, "1001@east": 9, "1001@south": 7}
    assert found["1001"]["sources"] == "north"


def test_a_name_does_not_depend_on_the_as_of_day(engine):
    tables = {
        "transactions": [sale("1", 5, **NORTH, transacted_on=D(2024, 6, 1)), sale("1", 7, **SOUTH, transacted_on=D(2023, 12, 1))],
    }
    early = measure_rows(engine, {"as_of": D(2023, 12, 31)}, **tables)
    assert list(early) == ["1@south"]
    assert list(measure_rows(engine, **tables)) == ["1", "1@south"]


def test_an_account_key_joins_records_of_two_sources(engine):
    found = measure_rows(
        engine,
        customers=[{"customer_key": "7", **NORTH}, {"customer_key": "88", "account_key": "7", **SOUTH}],
        transactions=[sale("7", 5, **NORTH), sale("88", 6, **SOUTH)],
    )
    assert found["7"]["net_sales"] == 11
    assert found["7"]["sources"] == "north, south"


def test_generated_rows_belong_to_the_customers_of_their_source(engine):
    found = measure_rows(
        engine,
        customers=[{"customer_key": "1", "account_key": "G"}, {"customer_key": "2"}],
        transactions=[sale("1", 5), sale("2", 6)],
        service_activities=[{"customer_key": "1", "cost_amount": 2, "currency": "EUR", "source": "illustrative:north"}],
    )
    assert list(found) == ["2", "G"]
    assert found["G"]["cost_to_serve"] == 2
    assert found["2"]["cost_to_serve"] == 0
    assert found["G"]["customer_count"] == 1


def test_the_newest_version_of_a_record_counts():
    records = facts_table(
        "customers",
        {"customer_key": "1", "account_key": "new", "batch_id": "20240105", "source_row": 2},
        {"customer_key": "1", "account_key": "old", "batch_id": "20240105", "source_row": 1},
        {"customer_key": "1", "account_key": "older", "batch_id": "20240101", "source_row": 9},
    )
    keys = facts_table("interactions").select(["source", "customer_key"]).append_column("first_batch_id", [[]])
    assert name_accounts(records, keys)["account"].to_pylist() == ["new"]


def test_each_attribute_comes_from_the_record_with_the_largest_sales_that_gives_it(engine):
    found = measure_rows(
        engine,
        customers=[
            {"customer_key": "1", "account_key": "G", "name": "Small", "region": "West", "industry": "Food", "manager": "Ada"},
            {"customer_key": "2", "account_key": "G", "name": "Large", "region": "East", "country": "DE"},
            {"customer_key": "3", "account_key": "G", "name": "Idle", "region": "South", "country": "FR", "category": "Café"},
        ],
        transactions=[sale("1", 5), sale("2", 10)],
    )["G"]
    expected = {
        "name": "Large",
        "region": "East",
        "industry": "Food",
        "country": "DE",
        "category": "Café",
        "current_manager": "Ada",
    }
    assert {name: found[name] for name in expected} == expected


def test_a_given_account_name_wins_then_the_record_whose_key_the_account_bears(engine):
    customers = [
        {"customer_key": "G", "name": "Head office"},
        {"customer_key": "2", "account_key": "G", "name": "Branch"},
        {"customer_key": "3", "account_key": "H", "name": "Shop", "account_name": "The chain"},
    ]
    found = measure_rows(engine, customers=customers, transactions=[sale("2", 50), sale("G", 1), sale("3", 1)])
    assert found["G"]["name"] == "Head office"
    assert found["H"]["name"] == "The chain"


def test_a_parent_is_shown_as_its_account_and_never_as_the_account_itself(engine):
    customers = [
        {"customer_key": "1", "account_key": "Group"},
        {"customer_key": "2", "parent_key": "1"},
        {"customer_key": "3", "parent_key": "1", "account_key": "Group"},
        {"customer_key": "4", "parent_key": "unknown"},
    ]
    found = measure_rows(engine, customers=customers)
    assert {name: row["parent_account"] for name, row in found.items()} == {"2": "Group", "4": None, "Group": None}


def test_a_prospect_has_never_bought_up_to_the_as_of_day(engine):
    found = measure_rows(
        engine,
        customers=[{"customer_key": "1"}],
        transactions=[
            sale("2", transacted_on=D(2020, 1, 1)),
            sale("3", -5, line_type="return"),
            sale("1", transacted_on=D(2024, 7, 1)),
        ],
    )
    assert {name: row["is_prospect"] for name, row in found.items()} == {"1": True, "2": False, "3": True}


def test_an_account_exists_from_its_first_fact_or_the_opening_of_its_record(engine):
    found = measure_rows(
        engine,
        customers=[
            {"customer_key": "opened", "opened_on": D(2024, 6, 30)},
            {"customer_key": "later", "opened_on": D(2024, 7, 1)},
        ],
        transactions=[sale("sold later", transacted_on=D(2024, 7, 1)), sale(None)],
        receivables=[{"customer_key": "owes", "amount": 1}],
        service_activities=[{"customer_key": "served"}],
        interactions=[
            {"customer_key": "met", "occurred_at": datetime(2024, 6, 30, 23, tzinfo=UTC)},
            {"customer_key": "met later", "occurred_at": datetime(2024, 7, 1, tzinfo=UTC)},
        ],
    )
    assert list(found) == ["met", "opened", "owes", "served"]


def test_a_customer_unknown_in_its_own_source_is_noted(engine):
    tables = {
        "customers": facts_table("customers", {"customer_key": "1", **NORTH}),
        "transactions": facts_table("transactions", sale("1", **SOUTH), sale("2", **SOUTH)),
    }
    notes = measure(engine, tables).notes
    assert any("Source 'south'" in note and "for 1 of its customers" in note for note in notes)


def test_an_empty_ledger_gives_an_empty_table_with_every_column(engine):
    found = measure(engine, {})
    assert found.table.num_rows == 0
    assert found.table.column_names[: len(ATTRIBUTE_NAMES)] == list(ATTRIBUTE_NAMES)
    assert found.unassigned_net_sales is None


@pytest.mark.parametrize("accounts", [1, 3])
def test_rows_are_sorted_by_account(engine, accounts):
    found = measure_rows(engine, transactions=[sale(f"k{number}") for number in reversed(range(accounts))])
    assert list(found) == sorted(found)
    assert len(found) == accounts
