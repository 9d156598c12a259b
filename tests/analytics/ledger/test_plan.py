"""From a mapping and a file's columns to a plan, or a word about what does not fit."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories.imports import Importing

from openkam.analytics.ledger.expression import ExpressionError
from openkam.analytics.ledger.mapping import ImportMapping, MappingError
from openkam.analytics.ledger.plan import UnmappedFieldError, unmapped_fields

TEXT = "Invoice,Customer,Date,Qty,Price\nA1,C,2025-01-05,2,1.50\n"
COLUMNS = """
[columns]
transaction_key = "Invoice"
customer_key = "Customer"
transacted_on = "Date"
quantity = "Qty"
"""
REST = '[expressions]\nnet_amount = "Qty * Price"\n[constants]\ncurrency = "EUR"\n'


@pytest.mark.parametrize(
    ("mapping", "error", "words"),
    [
        (COLUMNS, UnmappedFieldError, "no column for net_amount, currency"),
        (COLUMNS.replace('"Date"', '"Dato"') + REST, MappingError, "no column “Dato” for transacted_on. Did you mean “Date”"),
        (COLUMNS.replace('"Date"', '"xyz"') + REST, MappingError, "no column “xyz” for transacted_on. The file has “Invoice”"),
        (COLUMNS + REST.replace("Qty * Price", "Invoice"), MappingError, "yields a text, which net_amount .currency. cannot be"),
        (COLUMNS + REST.replace("Qty * Price", "Qty * Cost"), ExpressionError, "no column “Cost”"),
        (COLUMNS + REST + '[line_types]\nfreight = "Qty"', MappingError, "must say yes or no"),
        (COLUMNS + REST + '[skip]\n"a test" = "Qty + 1"', MappingError, "skip. a test must say yes or no"),
        (COLUMNS + REST + '[dates]\nWhen = "%d/%m/%Y"', MappingError, "names “When”, which is no column"),
        (COLUMNS + REST.replace('"EUR"', '"EURO"'), MappingError, 'constants. currency = "EURO" is not a currency code'),
        (COLUMNS + REST + "line_number = 1.5", MappingError, "line_number = .1.5. is not a whole number"),
        (COLUMNS + REST + 'line_type = "gift"', MappingError, "is none of sale, return"),
    ],
)
def test_it_says_what_does_not_fit(mapping: str, error: type[Exception], words: str, tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    with pytest.raises(error, match=words):
        importing.run(importing.file(TEXT), mapping=mapping)
    assert importing.leftovers() == []


def test_constants_are_written_as_the_ledger_writes_them(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    constants = 'line_number = 7\ncost_amount = 1.25\nline_type = "FEE"\nchannel = "O\'Neill"'
    importing.run(importing.file(TEXT), mapping=COLUMNS + REST + constants)
    assert importing.rows("line_number", "cost_amount", "line_type", "channel") == [(7, Decimal("1.2500"), "fee", "O'Neill")]


def test_rounded_cells_are_counted_and_told(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    text = "transaction_key,customer_key,transacted_on,net_amount,cost_amount,currency\n"
    text += "1,C,2025-01-05,1.00005,1,EUR\n2,C,2025-01-05,1.00015,2.5,EUR\n3,C,2025-01-05,1.50000,2.5,EUR\n"
    result = importing.run(importing.file(text))
    assert result.files[0].rounded == {"net_amount": 2}
    assert any("rounded" in note and "net_amount: 2" in note for note in result.notes)
    assert importing.rows("net_amount") == [(Decimal("1.0000"),), (Decimal("1.0002"),), (Decimal("1.5000"),)]


def test_fields_that_every_row_needs_and_nothing_gives_are_named():
    assert unmapped_fields(ImportMapping("customers", columns={"name": "Firma"})) == ("customer_key",)
    sales = ImportMapping("transactions", columns={"transaction_key": "Nr"}, constants={"currency": "EUR"})
    assert unmapped_fields(sales) == ("customer_key", "transacted_on", "net_amount")
    assert unmapped_fields(replace(sales, keeps_missing_customer=True)) == ("transacted_on", "net_amount")
