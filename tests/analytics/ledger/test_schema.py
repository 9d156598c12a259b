"""The tables of facts describe themselves completely, and their keys and choices fit their fields."""

import pyarrow as pa
import pytest

from openkam.analytics.ledger.schema import NET_SALES_LINE_TYPES, PROVENANCE, TABLES, TRANSACTIONS, LineType, TableSchema

ASKED_FOR = {
    "customers",
    "products",
    "transactions",
    "receivables",
    "service_activities",
    "interactions",
    "market_volumes",
    "exchange_rates",
}
NEEDS_A_CURRENCY = "currency"


@pytest.fixture(params=TABLES.values(), ids=TABLES)
def table(request: pytest.FixtureRequest) -> TableSchema:
    return request.param


def test_every_table_of_facts_is_there():
    assert set(TABLES) >= ASKED_FOR
    assert [name for name, table in TABLES.items() if table.name != name] == []


def test_every_field_says_its_unit_and_its_meaning(table: TableSchema):
    assert [field.name for field in (*table.fields, *PROVENANCE) if not field.unit or not field.meaning] == []
    assert table.meaning


def test_no_field_is_named_twice(table: TableSchema):
    names = table.arrow.names
    assert len(set(names)) == len(names)


def test_the_key_is_made_of_the_tables_own_fields(table: TableSchema):
    assert table.key
    assert [table.field(name).name for name in table.key] == list(table.key)


def test_an_amount_stands_beside_its_currency(table: TableSchema):
    amounts = [field for field in table.fields if field.unit == NEEDS_A_CURRENCY]
    assert not amounts or "currency" in table.arrow.names
    assert [field.name for field in amounts if not pa.types.is_decimal(field.type)] == []


def test_what_is_required_is_never_null_in_the_stored_schema(table: TableSchema):
    assert {field.name for field in table.arrow if not field.nullable} >= set(table.required)
    assert [name for name in table.required if table.field(name).required is False] == []


def test_the_provenance_stands_at_the_end(table: TableSchema):
    assert table.arrow.names[-len(PROVENANCE) :] == [field.name for field in PROVENANCE]


def test_choices_are_given_for_texts_only(table: TableSchema):
    assert [field.name for field in table.fields if field.choices and field.type != pa.string()] == []


def test_lines_that_make_net_sales_are_types_a_line_can_have():
    assert set(NET_SALES_LINE_TYPES) < set(TRANSACTIONS.field("line_type").choices)
    assert set(TRANSACTIONS.field("line_type").choices) == set(LineType)


def test_an_unknown_field_is_named():
    with pytest.raises(KeyError, match="transactions has no field 'colour'"):
        TRANSACTIONS.field("colour")
