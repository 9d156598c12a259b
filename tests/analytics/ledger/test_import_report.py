"""How each file was read, in figures and words."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.factories.imports import HEADER, Importing, row

from openkam.analytics.ledger.import_report import written
from openkam.analytics.ledger.numbers import NumberFormat


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


def test_it_shows_how_each_file_was_read(importing: Importing) -> None:
    path = importing.file("Invoice;Customer;InvoiceDate;Amount;Currency;Note\nA1;Müller;31.03.2025;1.234,50;EUR;x\n")
    (file,) = importing.run(path).files
    assert (file.name, file.format, file.encoding, file.delimiter, file.rows) == ("sales.csv", "csv", "UTF-8", ";", 1)
    assert file.numbers == {"Amount": "1.234,56"}
    assert file.dates == {"InvoiceDate": "%d.%m.%Y"}
    assert file.mapped["net_amount"] == "column “Amount”"
    assert file.unused == ("Note",)
    assert importing.rows("net_amount", "customer_key") == [(Decimal("1234.5000"), "Müller")]


def test_a_format_is_shown_by_an_example() -> None:
    assert [
        written(f) for f in (NumberFormat(), NumberFormat(most_decimals=2), NumberFormat(",", "."), NumberFormat(",", " "))
    ] == [
        "1234",
        "1234.56",
        "1.234,56",
        "1 234,56",
    ]


def test_where_values_come_from_is_told(importing: Importing) -> None:
    mapping = """
    [columns]
    transaction_key = "Invoice"
    transacted_on = "Date"
    customer_key = "Customer"
    [expressions]
    net_amount = "2 * Amount"
    [constants]
    currency = "EUR"
    """
    text = "Invoice,Date,Customer,Amount,Note\nA1,2025-01-05 10:00,C1,5,x\n"
    result = importing.run(importing.file(text), mapping=mapping)
    assert result.files[0].mapped == {
        "transaction_key": "column “Invoice”",
        "customer_key": "column “Customer”",
        "transacted_on": "column “Date”",
        "net_amount": "computed",
        "currency": "always EUR",
    }
    assert any("time of day" in note for note in result.notes)


def test_a_time_of_day_is_told_of_where_it_is_cut(importing: Importing) -> None:
    assert not any("time of day" in note for note in importing.run(importing.file(HEADER + row())).notes)
    path = importing.root / "x.parquet"
    pl.DataFrame({"customer_key": ["a"], "name": ["A"], "opened_on": ["2025-01-05"]}).with_columns(
        pl.col("opened_on").str.to_datetime("%Y-%m-%d")
    ).write_parquet(path)
    assert any("time of day" in note for note in importing.run(path, table="customers").notes)
    text = "customer_key,occurred_at,kind,direction\nC,2025-01-05 10:00,call,in\n"
    assert not any("time of day" in note for note in importing.run(importing.file(text), table="interactions").notes)


def test_a_column_without_a_date_is_shown_as_such(importing: Importing) -> None:
    result = importing.run(importing.file(HEADER + row(transacted_on="soon")))
    assert result.files[0].dates == {"transacted_on": "no date found"}
    assert result.line_types == {}
