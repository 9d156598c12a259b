"""What may be wrong with a cell, whatever the format of the file it comes from."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.factories.imports import HEADER, Importing, reasons, row

from openkam.analytics.ledger.import_result import ImportResult


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("net_amount", "NaN", "not a finite number"),
        ("net_amount", "-Infinity", "not a finite number"),
        ("net_amount", "1" + "0" * 30, "too large a number"),
        ("net_amount", "", "missing"),
        ("net_amount", "NULL", "missing"),
        ("net_amount", "#DIV/0!", "formula error"),
        ("quantity", "twelve", "not a number"),
        ("line_number", "1.5", "not a whole number"),
        ("transacted_on", "9999-12-31", "in the future"),
        ("transacted_on", "1899-12-31", "before 1900"),
        ("transacted_on", "2025-02-29", "no such day in the date format of this column"),
        ("transacted_on", "infinity", "not a date"),
        ("transaction_key", "", "missing"),
        ("customer_key", " ", "missing"),
        ("product_key", "#REF!", "formula error"),
        ("currency", "EU", "not a currency code of ISO 4217"),
        ("currency", "XXA", "not a currency code of ISO 4217"),
    ],
)
def test_each_fault_has_its_reason(field: str, cell: str, reason: str, tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    bad = row(cell, line_number="2") if field == "transaction_key" else row("B", **{field: cell})
    result = importing.run(importing.file(HEADER + row("A") + bad))
    assert (result.rows_accepted, result.rows_rejected) == (1, 1)
    (fault,) = result.first_rejects
    assert (fault.row_number, fault.column, fault.reason) == (3, field, reason)
    assert fault.value == (cell.strip() if cell.strip() not in ("", "NULL") else None)


def test_a_text_may_be_long_but_not_endless(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    result = importing.run(importing.file(HEADER + row("ä" * 10_000) + row("b" * 10_001)))
    assert result.rows_accepted == 1
    assert result.first_rejects[0].reason == "longer than 10,000 characters"
    assert len(result.first_rejects[0].value or "") == 100


def test_spaces_around_cells_do_not_count(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    lines = row(" A1 ", quantity=" 2 ", net_amount="3.5 ", transacted_on=" 2025-03-31 ", currency=" eur", product_key="NULL ")
    importing.run(importing.file(HEADER + lines))
    facts = importing.rows("transaction_key", "quantity", "net_amount", "transacted_on", "currency", "product_key")
    assert facts == [("A1", Decimal(2), Decimal("3.5"), date(2025, 3, 31), "EUR", None)]


def imported(tmp_path: Path, frame: pl.DataFrame, mapping: str | None = None) -> tuple[Importing, ImportResult]:
    importing = Importing(tmp_path)
    path = tmp_path / "x.parquet"
    frame.write_parquet(path)
    return importing, importing.run(path, table="customers", mapping=mapping)


def test_typed_cells_are_checked_as_well(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "customer_key": [1, 2, 3, 4],
            "name": ["a", "b", "c", "d"],
            "employees": [1.0, 2.5, None, 1e20],
            "is_prospect": [True, False, None, True],
            "opened_on": [date(2020, 1, 1), date(1850, 1, 1), None, date(2020, 1, 1)],
            "credit_limit": [Decimal("1.50"), None, None, None],
            "payment_terms_days": [date(2020, 1, 1), None, None, None],
        }
    )
    importing, result = imported(tmp_path, frame)
    assert importing.rows("customer_key", "employees", table="customers") == [("3", None)]
    assert reasons(result) == {
        ("payment_terms_days", "2020-01-01"): "not a number",
        ("employees", "2.5"): "not a whole number",
        ("opened_on", "1850-01-01"): "before 1900",
        ("employees", "1e+20"): "not a whole number",
    }


def test_numbers_can_be_dates_where_they_are_written_so(tmp_path: Path) -> None:
    frame = pl.DataFrame({"customer_key": ["a"], "name": ["A"], "opened_on": [20250131]})
    importing, _ = imported(tmp_path, frame)
    assert importing.rows("opened_on", table="customers") == [(date(2025, 1, 31),)]


@pytest.mark.parametrize(
    ("field", "expression", "value"),
    [
        ("employees", "Staff * 2", 6),
        ("employees", "Staff / 2", None),
        ("name", "Staff + 0.5", "3.5"),
        ("name", 'concat("x", Staff)', "x3"),
        ("currency", "lower(Money)", "EUR"),
        ("is_prospect", "Staff > 2", True),
        ("opened_on", "date_add_days(Since, Staff)", date(2025, 1, 4)),
        ("group_name", "None", None),
        ("credit_limit", "Staff / 0", "no result: a division by zero, or a number too large"),
        ("credit_limit", "Staff * 100000000000000000", None),
        ("domain", "Empty", None),
        ("credit_limit", "number(Money)", "not a number"),
        ("opened_on", "day(Money)", "not a date"),
        ("opened_on", "date_add_days(Since, 99999)", "in the future"),
        ("account_key", "left(Money, Staff - 3)", ""),
    ],
)
def test_expressions_fill_any_kind_of_field(field: str, expression: str, value: object, tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    path = importing.file("Key,Staff,Money,Since,Empty\nC1,3,eur,2025-01-01,\n")
    name = "" if field == "name" else 'name = "Key"\n'
    mapping = f"[columns]\ncustomer_key = \"Key\"\n{name}[expressions]\n{field} = '{expression}'\n"
    result = importing.run(path, table="customers", mapping=mapping)
    if result.rows_rejected:
        fault = result.first_rejects[0]
        expected = {None: "no result: a division by zero, or a number too large"}.get(value, value)  # type: ignore[call-overload]
        assert fault.reason == expected
    else:
        assert importing.rows(field, table="customers") == [(value,)]


def test_a_required_expression_without_its_cells_is_missing(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    mapping = '[columns]\ncustomer_key = "Key"\n[expressions]\nname = \'concat(Key, " ", City)\'\n'
    result = importing.run(importing.file("Key,City\nC1,Bonn\nC2,\n"), table="customers", mapping=mapping)
    assert result.rows_accepted == 1
    assert reasons(result) == {("name (computed)", None): "missing"}
    mapping = mapping.replace('concat(Key, " ", City)', "None")
    result = importing.run(importing.file("Key,City\nC9,Bonn\n", "b.csv"), table="customers", mapping=mapping)
    assert reasons(result) == {("name (computed)", None): "no result"}


def test_instants_may_come_typed(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    path = tmp_path / "x.parquet"
    pl.DataFrame({"customer_key": ["C"], "occurred_at": [date(2025, 1, 5)], "kind": ["call"], "direction": ["in"]}).write_parquet(
        path
    )
    importing.run(path, table="interactions")
    assert str(importing.rows("occurred_at", table="interactions")[0][0])[:19] == "2025-01-05 00:00:00"
    text = importing.file("customer_key,occurred_at,kind,direction\nC,soon,call,sideways\n")
    result = importing.run(text, table="interactions")
    assert reasons(result) == {("occurred_at", "soon"): "not a date", ("direction", "sideways"): "none of out, in, both"}
