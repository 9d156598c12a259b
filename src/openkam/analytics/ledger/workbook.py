"""The cells of a workbook's sheet as text: numbers with a decimal point, dates as ISO days, formula errors by their name."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import fastexcel
import polars as pl

from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError, shown

_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
_UNCALCULATED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*?(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class WorkbookCells:
    """The cells of `sheet` in a Parquet file with columns `n` (row number in the sheet) and `c0 … c<k>`; `columns` are their
    names."""

    path: Path
    rows: int
    columns: tuple[str, ...]
    sheet: str
    sheets: tuple[str, ...]


def read_workbook(file: PlainFile, target: Path, sheet: str | None, skip_lines: int) -> WorkbookCells:
    """Write the sheet's cells to `target`. Without a name the first sheet is read. The first row that is not empty holds the
    names.

    Raises `UnreadableFileError` when the workbook is damaged, protected by a password or empty, or has no such sheet.
    """
    try:
        workbook = fastexcel.read_excel(file.path)
        names = tuple(workbook.sheet_names)
        wanted = sheet if sheet is not None else names[0]
        if wanted not in names:
            raise UnreadableFileError(f"{file.name}: there is no sheet “{wanted}”; the workbook has {shown(names)}.")
        loaded = workbook.load_sheet(wanted, header_row=None, skip_rows=skip_lines, dtypes="string")
        batch, errors = loaded.to_arrow_with_errors()
        cells = pl.DataFrame(batch).rename(lambda name: f"c{batch.schema.get_field_index(name)}").cast(pl.String)
        first_column = loaded.available_columns()[0].absolute_index if cells.width else 0
    except (fastexcel.FastExcelError, IndexError) as error:
        raise UnreadableFileError(
            f"{file.name}: the workbook cannot be read: {str(error).splitlines()[0]}. Open it, remove any password, save it as "
            ".xlsx."
        ) from error
    faults: dict[tuple[int, int], str] = {}
    for error in errors.errors if errors else []:
        faults[error.position] = _error_text(error.detail)
    for row, column, formula in _uncalculated(file, names.index(wanted)):
        faults[row - skip_lines, column - first_column] = formula
    found = WorkbookCells(target, 0, (), wanted, names)
    return _write(file, _with_faults(cells, faults), target, found, skip_lines)


def _error_text(detail: str) -> str:
    name = re.search(r"Error\((\w+)\)", detail)
    return _ERRORS.get(name.group(1), "#VALUE!") if name else "#VALUE!"


def _with_faults(cells: pl.DataFrame, faults: dict[tuple[int, int], str]) -> pl.DataFrame:
    """The cells with each fault as text, so that the check sees it instead of an empty cell."""
    changed = {column for _, column in faults if 0 <= column < cells.width}
    for index in changed:
        column = cells[f"c{index}"].to_list()
        for (row, at), text in faults.items():
            if at == index and 0 <= row < len(column):
                column[row] = text
        cells = cells.with_columns(pl.Series(f"c{index}", column, pl.String))
    return cells


def _write(file: PlainFile, sheet: pl.DataFrame, target: Path, found: WorkbookCells, skip_lines: int) -> WorkbookCells:
    """Take the first row that is not empty for the names and write those below, without empty rows and nameless empty columns."""
    is_row = pl.any_horizontal(_is_filled(c) for c in sheet.columns) if sheet.width else pl.lit(False)
    rows = sheet.with_row_index("n", offset=skip_lines + 1).filter(is_row)
    if rows.is_empty():
        raise UnreadableFileError(f"{file.name}: the sheet “{found.sheet}” is empty; the workbook has {shown(found.sheets)}.")
    header = rows.row(0, named=True)
    is_used = rows.select(_is_filled(c).any() for c in sheet.columns).row(0, named=True)
    kept = [name for name in sheet.columns if is_used[name]]
    columns = tuple((header[name] or "").strip() or f"column {sheet.columns.index(name) + 1}" for name in kept)
    body = rows.slice(1).select(pl.col("n").cast(pl.Int64), *(pl.col(name).alias(f"c{i}") for i, name in enumerate(kept)))
    body.write_parquet(target, compression="lz4")
    return replace(found, rows=body.height, columns=columns)


def _is_filled(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().fill_null("") != ""


def _uncalculated(file: PlainFile, sheet_index: int) -> Iterator[tuple[int, int, str]]:
    """Row and column (from 0) and text of formulas that were stored without their value: readers would take such cells for
    empty."""
    if not zipfile.is_zipfile(file.path):
        return
    with zipfile.ZipFile(file.path) as archive:
        try:
            book = ET.fromstring(_without_doctype(file, archive.read("xl/workbook.xml")))  # noqa: S314 - see _without_doctype
            links = ET.fromstring(_without_doctype(file, archive.read("xl/_rels/workbook.xml.rels")))  # noqa: S314 - as above
            ids = [s.get(_REL) for s in book.iter(f"{_MAIN}sheet")]
            target = next(link.get("Target", "") for link in links if link.get("Id") == ids[sheet_index])
            path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            sheet = archive.read(path)
        except (KeyError, StopIteration, IndexError, ET.ParseError) as error:
            raise UnreadableFileError(
                f"{file.name}: the workbook is damaged ({error}); open it and save it again as .xlsx."
            ) from error
    if b"<f" in sheet:
        for found in _UNCALCULATED.finditer(sheet):
            letters, row, formula = found.groups()
            yield int(row) - 1, _column_index(letters.decode()), "=" + (formula or b"").decode("utf-8", "replace")


def _without_doctype(file: PlainFile, xml: bytes) -> bytes:
    """The XML itself; entities are only possible with a document type, which no workbook has."""
    if b"<!DOCTYPE" in xml:
        raise UnreadableFileError(f"{file.name}: the workbook declares a document type, which no spreadsheet program writes.")
    return xml


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
