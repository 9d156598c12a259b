"""Columns are matched by name where no mapping says more, and no column serves twice."""

import pytest

from openkam.analytics.ledger.column_matching import match_columns
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.terms import OpenKamError


@pytest.mark.parametrize(
    ("table", "columns", "expected"),
    [
        ("customers", ["Customer Key", "NAME"], {"customer_key": "Customer Key", "name": "NAME"}),
        ("customers", ["Kundennummer", "Company", "Name"], {"customer_key": "Kundennummer", "name": "Name"}),
        ("products", ["Stock-Code", "Description"], {"product_key": "Stock-Code", "name": "Description"}),
        ("exchange_rates", ["Date", "To", "Rate"], {"rated_on": "Date", "to_currency": "To", "rate": "Rate"}),
        ("receivables", ["Invoice", "Invoice Number"], {"invoice_key": "Invoice Number"}),
        ("transactions", ["Amount", "Amount"], {}),
        ("transactions", ["colour"], {}),
    ],
)  # fmt: skip
def test_it_matches_names(table: str, columns: list[str], expected: dict[str, str]) -> None:
    assert match_columns(TABLES[table], columns) == expected


def test_a_field_named_twice_is_refused() -> None:
    with pytest.raises(OpenKamError, match="2 columns are named “name”"):
        match_columns(TABLES["customers"], ["Name", "name_"])
