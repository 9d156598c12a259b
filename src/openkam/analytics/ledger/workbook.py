"""The cells of a workbook's sheet as text: numbers with a decimal point, dates as ISO days, formula errors by their name."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

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
    """The cells of `sheet` in a Parquet file with columns `n` (row number in the sheet) and `c0 … c<k>`; `columns` are their names."""

    path: Path
    rows: int
    columns: tuple[str, ...]
    sheet: str
    sheets: tuple[str, ...]


def read_workbook(file: PlainFile, target: Path, sheet: str | None, skip_lines: int) -> WorkbookCells:
    """Write the sheet's cells to `target`. Without a name the first sheet is read. The first row that is not empty holds the names.

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
        first_column = loaded.available_columns()[0].absolute_index if batch.num_columns else 0
    except (fastexcel.FastExcelError, IndexError) as error:
        raise UnreadableFileError(
            f"{file.name}: the workbook cannot be read: {str(error).splitlines()[0]}. Open it, remove any password, save it as .xlsx."
        ) from error
    faults: dict[tuple[int, int], str] = {}
    for error in errors.errors if errors else []:
        faults[error.position] = _error_text(error.detail)
    for row, column, formula in _uncalculated(file, names.index(wanted)):
        faults[row - skip_lines, column - first_column] = formula
    table = _with_faults(batch, faults)
    return _write(file, table, target, skip_lines, wanted, names)


def _error_text(detail: str) -> str:
    name = re.search(r"Error\((\w+)\)", detail)
    return _ERRORS.get(name.group(1), "#VALUE!") if name else "#VALUE!"


def _with_faults(batch: pa.RecordBatch, faults: dict[tuple[int, int], str]) -> pa.Table:
    """The cells with each fault as text, so that the check sees it instead of an empty cell."""
    columns: list[pa.Array] = list(batch.columns)
    for index in {column for _, column in faults if 0 <= column < len(columns)}:
        cells = columns[index].to_pylist()
        for (row, column), text in faults.items():
            if column == index and 0 <= row < len(cells):
                cells[row] = text
        columns[index] = pa.array(cells, pa.string())
    return pa.table([c.cast(pa.string()) for c in columns], names=[f"c{i}" for i in range(len(columns))])


def _write(file: PlainFile, table: pa.Table, target: Path, skip_lines: int, sheet: str, sheets: tuple[str, ...]) -> WorkbookCells:
    if not table.num_columns:
        raise UnreadableFileError(f"{file.name}: the sheet “{sheet}” is empty; the workbook has {shown(sheets)}.")
    filled = [
        pc.and_kleene(pc.is_valid(c), pc.not_equal(pc.utf8_trim_whitespace(pc.fill_null(c, "")), "")) for c in table.columns
    ]
    is_row = filled[0]
    for column in filled[1:]:
        is_row = pc.or_(is_row, column)
    rows = pc.indices_nonzero(is_row)
    if not len(rows):
        raise UnreadableFileError(f"{file.name}: the sheet “{sheet}” is empty; the workbook has {shown(sheets)}.")
    header, body = rows[0].as_py(), rows.slice(1).cast(pa.int64())
    kept = [i for i, c in enumerate(table.columns) if c[header].as_py() or pc.any(filled[i]).as_py()]
    names = tuple((table.column(i)[header].as_py() or f"column {i + 1}").strip() for i in kept)
    cells = table.take(body).select(kept)
    numbers = pc.add(body, skip_lines + 1)
    pq.write_table(
        pa.table([numbers, *cells.columns], names=["n", *(f"c{i}" for i in range(len(kept)))]), target, compression="lz4"
    )
    return WorkbookCells(target, cells.num_rows, names, sheet, sheets)


def _uncalculated(file: PlainFile, sheet_index: int) -> Iterator[tuple[int, int, str]]:
    """Row and column (from 0) and text of formulas that were stored without their value: readers would take such cells for empty."""
    if not zipfile.is_zipfile(file.path):
        return
    with zipfile.ZipFile(file.path) as archive:
        try:
            book = ElementTree.fromstring(_without_doctype(file, archive.read("xl/workbook.xml")))  # noqa: S314 - see _without_doctype
            links = ElementTree.fromstring(_without_doctype(file, archive.read("xl/_rels/workbook.xml.rels")))  # noqa: S314
            ids = [s.get(_REL) for s in book.iter(f"{_MAIN}sheet")]
            target = next(link.get("Target", "") for link in links if link.get("Id") == ids[sheet_index])
            path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            sheet = archive.read(path)
        except (KeyError, StopIteration, IndexError, ElementTree.ParseError) as error:
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
