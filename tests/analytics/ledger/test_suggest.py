"""Drafted mappings: what is sure stands, the rest is asked for, and the draft can be read."""

from pathlib import Path

import pytest
from tests.factories.imports import Importing

from openkam.analytics.ledger.input_files import UnreadableFileError
from openkam.analytics.ledger.mapping import ImportMapping
from openkam.analytics.ledger.suggest import likely_mapping, suggest_mapping

RETAIL = (
    "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
    'C489,POST,"Say ""hi""",1,01/12/2010 07:45,6.95,13085,France\n'
)


def test_a_retail_file_needs_a_currency_and_an_order_only(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    path = importing.file(RETAIL)
    draft = suggest_mapping([path], "transactions")
    mapping = ImportMapping.parse(draft)
    assert mapping.columns == {
        "transaction_key": "Invoice",
        "customer_key": "Customer ID",
        "transacted_on": "InvoiceDate",
        "product_key": "StockCode",
        "quantity": "Quantity",
    }
    assert mapping.expressions == {"net_amount": 'col("Quantity") * col("Price")'}
    assert '# currency = "EUR"  # REQUIRED' in draft
    assert '# "InvoiceDate" = "%d/%m/%Y"\n# "InvoiceDate" = "%m/%d/%Y"' in draft
    assert "#   Country  # for example France" in draft
    done = (
        draft.replace("# currency", "currency")
        .replace('# "InvoiceDate" = "%d', '"InvoiceDate" = "%d')
        .replace("# cancel", "cancel")
    )
    result = importing.run(path, mapping=done.replace('table = "transactions"', ""))
    assert (result.rows_accepted, result.line_types) == (1, {"cancellation": 1})


def test_guesses_and_gaps_stand_commented_out(tmp_path: Path) -> None:
    path = Importing(tmp_path).file('customer_kez;"it\'s ""q"" x";Datum\n1;2;3\n')
    draft = suggest_mapping([path], "receivables")
    assert ImportMapping.parse(draft).columns == {}
    assert '# customer_key = "customer_kez"  # REQUIRED: a guess' in draft
    assert '# invoice_key = "…"  # REQUIRED: Invoice number (text)' in draft


def test_names_with_quotes_are_kept(tmp_path: Path) -> None:
    path = Importing(tmp_path).file('"Unit ""Price""",Qty,Invoice,Unit Price\n1,2,3,4\n')
    assert ImportMapping.parse(suggest_mapping([path], "transactions")).columns["quantity"] == "Qty"


@pytest.mark.parametrize(
    "table", ["customers", "products", "exchange_rates", "interactions", "market_volumes", "service_activities"]
)
def test_every_table_gets_a_draft_that_can_be_read(table: str, tmp_path: Path) -> None:
    path = Importing(tmp_path).file("Name,Date,Long\nA,2025-01-31," + "x" * 60 + "\n")
    draft = suggest_mapping([path], table)
    assert ImportMapping.parse(draft).table == table
    assert "x" * 29 + "…" in draft


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="empty"):
        suggest_mapping([Importing(tmp_path).file("")], "customers")


def test_guesses_are_told_from_what_is_sure() -> None:
    mapping, guesses = likely_mapping("transactions", ["Invoice", "Quantity", "Price", "Curency", "customer_key"])
    assert mapping.columns == {
        "transaction_key": "Invoice",
        "quantity": "Quantity",
        "currency": "Curency",
        "customer_key": "customer_key",
    }
    assert guesses == {"currency"}
    assert mapping.expressions == {"net_amount": 'col("Quantity") * col("Price")'}
