"""Workbooks: typed cells, the right row numbers, and no formula error or unsaved formula taken for an empty cell."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.factories.imports import Importing, reasons

from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError
from openkam.analytics.ledger.workbook import read_workbook

HEADER = ["Invoice", "Customer", "Invoice Date", "Amount", "Currency"]


def saved(path: Path, *sheets: tuple[str, list[list[object]]], first_cell: tuple[int, int] = (1, 1)) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)  # pyright: ignore[reportArgumentType]
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                cell = sheet.cell(first_cell[0] + i, first_cell[1] + j, value)  # pyright: ignore[reportArgumentType]
                if isinstance(value, str) and value.startswith("#"):
                    cell.data_type = "e"
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def test_typed_cells_become_facts(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    rows: list[list[object]] = [
        HEADER,
        [1001, "C1", date(2025, 2, 1), 12.5, "EUR"],
        ["A2", 13085.0, datetime(2025, 2, 2, 23, 59), 0.1 + 0.2, "EUR"],  # noqa: DTZ001 - as in workbooks
        [None] * 5,
        ["A3", True, 45000, 1e-7, "EUR"],
    ]
    result = importing.run(saved(tmp_path / "x.xlsx", ("Sales", rows), ("Notes", [["x"]])))
    facts = importing.rows("transaction_key", "customer_key", "transacted_on", "net_amount", "source_row")
    assert [str(v) for row in facts for v in row] == [
        "1001", "C1", "2025-02-01", "12.5000", "2",
        "A2", "13085", "2025-02-02", "0.3000", "3",
        "A3", "true", "2023-03-15", "0.0000", "5",
    ]  # fmt: skip
    (file,) = result.files
    assert (file.format, file.sheet) == ("xlsx", "Sales")
    assert file.notes == ("Read from the sheet “Sales”; not read: Notes.",)


def test_formula_errors_and_formulas_without_a_value_are_rejected(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    rows: list[list[object]] = [
        HEADER,
        ["A1", "C1", date(2025, 2, 1), "#DIV/0!", "EUR"],
        ["A2", "#N/A", date(2025, 2, 1), 1, "EUR"],
        ["A3", "C1", "=TODAY()", 1, "EUR"],
        ["A4", "=B2", date(2025, 2, 1), "=1+1", "EUR"],
        ["A5", "C1", date(2025, 2, 1), 5, "EUR"],
    ]
    result = importing.run(saved(tmp_path / "x.xlsx", ("Sales", rows), first_cell=(3, 2)))
    assert reasons(result) == {
        ("Amount", "#DIV/0!"): "formula error",
        ("Customer", "#N/A"): "formula error",
        ("Invoice Date", "=TODAY()"): "formula without a stored value",
        ("Customer", "=B2"): "formula without a stored value",
        ("Amount", "=1+1"): "formula without a stored value",
    }
    assert [r.row_number for r in result.first_rejects] == [4, 5, 6, 7, 7]
    assert importing.rows("transaction_key", "source_row") == [("A5", 8)]


def test_a_sheet_can_be_named_and_lines_above_it_skipped(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "x.xlsx", ("A", [["no"]]), ("B", [["Report"], ["k", None, "v"], ["1", None, "=A1"], ["2", None, time(3, 4)]])
    )
    cells = read_workbook(PlainFile("x.xlsx", path), tmp_path / "cells.parquet", "B", 1)
    assert (cells.columns, cells.rows) == (("k", "v"), 2)
    assert pl.read_parquet(tmp_path / "cells.parquet").rows() == [(3, "1", "=A1"), (4, "2", "1899-12-31 03:04:00")]
    with pytest.raises(UnreadableFileError, match="no sheet “C”; the workbook has “A”, “B”"):
        read_workbook(PlainFile("x.xlsx", path), tmp_path / "cells.parquet", "C", 0)


def test_empty_columns_are_dropped_and_nameless_ones_numbered(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", ("A", [["k", None, None], ["1", "x", None]]))
    assert read_workbook(PlainFile("x.xlsx", path), tmp_path / "cells.parquet", None, 0).columns == ("k", "column 2")


@pytest.mark.parametrize("rows", [[], [[" "]]])
def test_an_empty_sheet_is_refused(rows: list[list[object]], tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", ("A", rows))
    with pytest.raises(UnreadableFileError, match="the sheet “A” is empty"):
        read_workbook(PlainFile("x.xlsx", path), tmp_path / "cells.parquet", None, 0)


def rewritten(path: Path, name: str, content: bytes | None) -> bytes:
    """The workbook with one part replaced, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as target:
        for member in archive.namelist():
            if member != name:
                target.writestr(member, archive.read(member))
            elif content is not None:
                target.writestr(member, content)
    return out.getvalue()


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    path = saved(tmp_path / "x.xlsx", ("A", [HEADER]))
    broken = importing.file(rewritten(path, "xl/worksheets/sheet1.xml", b"<worksheet"), "broken.xlsx")
    with pytest.raises(UnreadableFileError, match="workbook"):
        importing.run(broken)
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
    typed = importing.file(rewritten(path, "xl/workbook.xml", b"<!DOCTYPE x>" + book), "doctype.xlsx")
    with pytest.raises(UnreadableFileError, match=r"document type|cannot be read"):
        importing.run(typed)
    old = importing.file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls")
    with pytest.raises(UnreadableFileError, match="the workbook cannot be read"):
        importing.run(old)
