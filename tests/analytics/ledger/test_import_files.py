"""One file of facts in, one batch out, and what is refused: the import as a user meets it."""

import gzip
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.factories.imports import AT, HEADER, TODAY, Importing, reasons, row

from openkam.analytics.ledger.append import SameFileError
from openkam.analytics.ledger.import_files import import_files
from openkam.analytics.ledger.import_result import Progress
from openkam.analytics.ledger.input_files import UnreadableFileError
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.mapping import ImportMapping, MappingError
from openkam.analytics.ledger.plan import UnmappedFieldError
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.terms import OpenKamError


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


def test_it_imports_a_clean_file_as_one_batch(importing: Importing) -> None:
    path = importing.file(HEADER + row("A1") + row("A2", quantity="-1", net_amount="-5"))
    result = importing.run(path)
    assert (result.rows_read, result.rows_accepted, result.rows_rejected) == (2, 2, 0)
    assert result.batch is not None
    assert result.batch.rows_accepted == 2
    assert importing.rows("transaction_key", "transacted_on", "net_amount", "line_type", "source", "source_row") == [
        ("A1", date(2025, 3, 31), Decimal("10.5000"), "sale", "shop", 2),
        ("A2", date(2025, 3, 31), Decimal("-5.0000"), "return", "shop", 3),
    ]
    assert result.line_types == {"return": 1, "sale": 1}
    assert importing.leftovers() == []
    assert importing.ledger.verify() == []


def test_every_row_is_accepted_or_rejected_with_its_reason(importing: Importing) -> None:
    lines = [
        row("A1"),
        row("A2", net_amount="ten"),
        row("A3", transacted_on="2025-02-30", quantity="x"),
        row("A4", customer_key=""),
        row("A5", currency="EURO"),
        row("A6", transacted_on="2026-01-16"),
    ]
    result = importing.run(importing.file(HEADER + "".join(lines)))
    assert (result.rows_read, result.rows_accepted, result.rows_rejected) == (6, 1, 5)
    assert reasons(result) == {
        ("net_amount", "ten"): "not a number",
        ("transacted_on", "2025-02-30"): "no such day in the date format of this column",
        ("quantity", "x"): "not a number",
        ("customer_key", None): "missing",
        ("currency", "EURO"): "not a currency code of ISO 4217",
        ("transacted_on", "2026-01-16"): "in the future",
    }
    assert result.reject_counts["not a number", "quantity"] == 1
    assert result.batch is not None
    rejects = importing.ledger.rejects(result.batch.batch_id).to_pylist()
    assert [r["row_number"] for r in rejects] == [3, 4, 4, 5, 6, 7]
    assert importing.rows("source_row") == [(2,)]


def test_a_mended_reject_file_can_be_imported_again(importing: Importing, tmp_path: Path) -> None:
    bad = row("A2", net_amount="1O.5") + row("=A3", currency="", product_key="-P") + row("A4", net_amount="-x")
    result = importing.run(importing.file(HEADER + row("A1") + bad))
    assert result.reject_csv(tmp_path / "rejects.csv") == 3
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "_file,_row,_column,_value,_reason," + HEADER.strip()
    assert "'=A3" in text
    assert ",'-x" in text
    mended = text.replace("1O.5", "10.5").replace("'-x", "-3").replace(",10.50,\n", ",10.50,EUR\n")
    again = importing.run(importing.file(mended, "mended.csv"))
    assert (again.rows_accepted, again.rows_rejected) == (3, 0), again.first_rejects
    assert importing.rows("transaction_key", "product_key", "net_amount") == [
        ("A1", "P1", Decimal("10.5000")),
        ("A2", "P1", Decimal("10.5000")),
        ("=A3", "-P", Decimal("10.5000")),
        ("A4", "P1", Decimal("-3.0000")),
    ]


def test_the_same_file_is_not_counted_twice(importing: Importing) -> None:
    path = importing.file(HEADER + row())
    importing.run(path)
    with pytest.raises(SameFileError, match="imported before"):
        importing.run(path)
    assert importing.run(path, again=True).rows_accepted == 1
    assert len(importing.rows("source_row")) == 2


def test_real_ledgers_have_cancellations_freight_and_lines_without_a_customer(importing: Importing) -> None:
    text = (
        "Invoice,StockCode,Quantity,Price,InvoiceDate,Customer ID\n"
        "536365,85123A,6,2.55,01/12/2010 08:26,17850\n"
        "C536379,D,-1,27.50,13/12/2010 09:41,14527\n"
        "536370,POST,3,18.00,14/12/2010 08:45,12583\n"
        "A506401,B,1,-53594.36,15/12/2010 13:36,\n"
        "536414,22139,56,0,16/12/2010 11:52,\n"
        "536500,TEST,1,4.50,16/12/2010 11:52,1\n"
    )
    mapping = """
    source = "uk shop"
    [columns]
    transaction_key = "Invoice"
    product_key = "StockCode"
    quantity = "Quantity"
    transacted_on = "InvoiceDate"
    customer_key = "Customer ID"
    [expressions]
    net_amount = "Quantity * Price"
    [constants]
    currency = "GBP"
    [line_types]
    cancellation = 'startswith(Invoice, "C")'
    bad_debt = 'startswith(Invoice, "A")'
    freight = 'StockCode in ["POST", "DOT"]'
    write_off = 'Price == 0'
    [skip]
    "test line" = 'StockCode == "TEST"'
    [keep]
    missing_customer = true
    """
    result = importing.run(importing.file(text), mapping=mapping)
    assert (result.rows_accepted, result.rows_rejected) == (5, 1)
    assert result.first_rejects[0].reason == "test line"
    assert importing.rows("line_type", "net_amount", "customer_key", "currency") == [
        ("sale", Decimal("15.3000"), "17850", "GBP"),
        ("cancellation", Decimal("-27.5000"), "14527", "GBP"),
        ("freight", Decimal("54.0000"), "12583", "GBP"),
        ("bad_debt", Decimal("-53594.3600"), None, "GBP"),
        ("write_off", Decimal("0.0000"), None, "GBP"),
    ]
    assert any("time of day" in note for note in result.notes)


@pytest.mark.parametrize("packing", ["gz", "zip", "folder"])
def test_it_reads_archives_and_folders(importing: Importing, packing: str) -> None:
    text = HEADER + row("A1")
    if packing == "gz":
        path = importing.file(gzip.compress(text.encode()), "sales.csv.gz")
    elif packing == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("2025/may.csv", text)
            archive.writestr("2025/june.tsv", (HEADER + row("A2")).replace(",", "\t"))
            archive.writestr("__MACOSX/2025/may.csv", b"\0")
            archive.writestr("2025/readme.pdf", b"%PDF")
        path = importing.file(packed.getvalue(), "sales.zip")
    else:
        path = importing.file(text, "year/may.csv").parent
        importing.file((HEADER + row("A2")).replace(",", ";"), "year/june/all.csv")
        importing.file("", "year/.hidden.csv")
    result = importing.run(path)
    assert result.rows_accepted == (1 if packing == "gz" else 2)
    assert [f.name for f in result.files] == {
        "gz": ["sales.csv.gz"],
        "zip": ["sales.zip/2025/june.tsv", "sales.zip/2025/may.csv"],
        "folder": ["june/all.csv", "may.csv"],
    }[packing]


def test_it_reads_parquet_with_its_types(importing: Importing) -> None:
    path = importing.root / "sales.parquet"
    pl.DataFrame(
        {
            "transaction_key": [1, 2, 3, 4],
            "customer_key": ["a", "b", "c", "d"],
            "transacted_on": [datetime(2025, 1, 2, 23, 59), None, datetime(2025, 1, 3), datetime(2025, 1, 4)],  # noqa: DTZ001 - naive as in files
            "net_amount": [1.00005, 2.5, float("nan"), 1e30],
            "currency": ["eur"] * 4,
        }
    ).write_parquet(path)
    result = importing.run(path)
    assert importing.rows("transaction_key", "transacted_on", "net_amount", "currency") == [
        ("1", date(2025, 1, 2), Decimal("1.0000"), "EUR")
    ]
    assert reasons(result) == {
        ("transacted_on", None): "missing",
        ("net_amount", "nan"): "not a finite number",
        ("net_amount", "1e+30"): "too large a number",
    }
    assert result.files[0].rounded == {"net_amount": 1}


def test_every_table_takes_its_own_fields(importing: Importing) -> None:
    text = "interaction_key,customer_key,occurred_at,kind,direction,minutes\n1,C1,2025-01-05T23:30:00-02:00,call,OUT,12.5\n"
    importing.run(importing.file(text), table="interactions")
    assert importing.rows("occurred_at", "direction", "minutes", table="interactions") == [
        (datetime(2025, 1, 6, 1, 30, tzinfo=UTC), "out", Decimal("12.5000"))
    ]
    text = "customer_key,name,is_prospect,employees,opened_on\nC1,Ada & Co,yes,1200,1999-12-31\nC2,Bo,no,1.5,\nC3,Cy,perhaps,,\n"
    result = importing.run(importing.file(text, "c.csv"), table="customers")
    assert importing.rows("customer_key", "is_prospect", "employees", table="customers") == [("C1", True, 1200)]
    assert reasons(result) == {("employees", "1.5"): "not a whole number", ("is_prospect", "perhaps"): "neither yes nor no"}
    text = "rated_on,from_currency,to_currency,rate\n2025-01-05,EUR,USD,1.08765432199\n"
    importing.run(importing.file(text, "r.csv"), table="exchange_rates")
    assert importing.rows("rate", table="exchange_rates") == [(Decimal("1.08765432"),)]
    text = "invoice_key,customer_key,invoiced_on,due_on,amount,currency\n"
    text += "1,C1,2026-01-10,2026-02-10,5,EUR\n2,C1,2026-01-10,9999-12-31,5,EUR\n"
    result = importing.run(importing.file(text, "i.csv"), table="receivables")
    assert result.rows_accepted == 1
    assert reasons(result) == {("due_on", "9999-12-31"): "after 2199"}


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ("", UnreadableFileError, "the file is empty"),
        ("\ufeff\n\n", UnreadableFileError, "empty"),
        (HEADER, UnreadableFileError, "no row"),
        ("a,b\n1,2\n", UnmappedFieldError, "no column for transaction_key, customer_key.*“a”, “b”.*in a mapping where"),
        (HEADER + 'A1,1,"C1,2025-01-01,P,1,1,EUR\n', UnreadableFileError, "row 2 is never closed"),
        (b"a\0b\1\2\3\4" * 50, UnreadableFileError, "no text, workbook or Parquet"),
        (b"PAR1 not really", UnreadableFileError, "Parquet file is damaged"),
        (b"\x1f\x8b damaged", UnreadableFileError, "archive is damaged"),
    ],
)
def test_it_says_what_is_wrong_with_a_file(importing: Importing, content: str, error: type[Exception], words: str) -> None:
    path = importing.file(content)
    with pytest.raises(error, match=words):
        importing.run(path)
    assert importing.leftovers() == []
    assert importing.rows("source_row") == []


def test_it_refuses_what_was_called_wrongly(importing: Importing) -> None:
    path = importing.file(HEADER + row())
    with pytest.raises(OpenKamError, match="no table 'sales'"):
        importing.run(path, table="sales")
    with pytest.raises(OpenKamError, match="name of its source"):
        importing.run(path, source=" ")
    with pytest.raises(MappingError, match="is for customers"):
        import_files(
            importing.ledger, [path], table="transactions", source="s", imported_at=AT, latest_day=TODAY,
            mapping=ImportMapping("customers"),
        )  # fmt: skip
    with pytest.raises(OpenKamError, match="without a time zone"):
        importing.run(path, imported_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


def test_progress_is_told_in_bytes_and_rows(importing: Importing) -> None:
    told: list[Progress] = []
    path = importing.file(HEADER + row())
    importing.run(path, progress=told.append)
    assert [p.step for p in told] == ["reading", "checking", "committing"]
    assert told[0].bytes_done == told[0].bytes_total == path.stat().st_size
    assert told[-1].rows == 1


def test_an_interrupt_leaves_nothing_behind(importing: Importing) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.step == "committing":
            raise KeyboardInterrupt

    path = importing.file(HEADER + row() + row("A2", net_amount="x"))
    with pytest.raises(KeyboardInterrupt):
        importing.run(path, progress=interrupt)
    assert importing.leftovers() == []
    assert importing.rows("source_row") == []
    assert importing.run(path).rows_accepted == 1


def test_rejects_alone_are_a_batch_too(importing: Importing) -> None:
    result = importing.run(importing.file(HEADER + row(net_amount="?")))
    assert (result.rows_accepted, result.rows_rejected) == (0, 1)
    assert result.batch is not None


def test_a_full_disk_is_said_before_it_is_full(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 3})())
    with pytest.raises(UnreadableFileError, match="GB of free disk"):
        importing.run(importing.file(HEADER + row()))


def test_all_tables_can_be_imported_by_their_own_names(tmp_path: Path) -> None:
    values = {"day": "2025-01-31", "UTC": "2025-01-31 10:00", "ISO 4217": "EUR", "flag": "true", "text": "x"}
    for table in TABLES.values():
        cells = [f.choices[0] if f.choices else values.get(f.unit, "3") for f in table.fields]
        names = [f.name for f in table.fields]
        importing = Importing(tmp_path / table.name)
        result = importing.run(importing.file(",".join(names) + "\n" + ",".join(cells) + "\n"), table=table.name)
        assert result.rows_accepted == 1, result.first_rejects
        assert Ledger.open(importing.root / "ledger").at().row_count(table.name) == 1
