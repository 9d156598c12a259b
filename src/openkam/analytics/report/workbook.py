"""The review as a workbook: typed cells, a sheet per table, units in the heads, nothing that could pass for a formula."""

import io
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from openkam.analytics.report.sheets import sheets
from openkam.analytics.report.table import Cell, Column, Kind, Table
from openkam.analytics.review.review import Review

_NARROW, _WIDE, _SAMPLED_ROWS = 9, 52, 200
_LONGEST_TEXT = 32_767
"""Characters a cell can hold."""


def review_workbook(review: Review) -> bytes:
    """The workbook's bytes; equal reviews give equal bytes, the file is dated to the as-of day."""
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        created = datetime(review.as_of.year, review.as_of.month, review.as_of.day)  # noqa: DTZ001  a workbook's date carries no zone
        book.set_properties({"title": f"Key accounts as of {review.as_of}", "author": "OpenKAM", "created": created})
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#868b8c", "bg_color": "#f1f1ec"}
        )
        formats = _Formats(book)
        for table in sheets(review):
            _write(book.add_worksheet(table.name), table, head, formats)
    return buffer.getvalue()


class _Formats:
    """Number formats of the book, one each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def of(self, column: Column) -> Format | None:
        """The format of the column's cells, or None for plain text and flags."""
        places = "." + "0" * column.digits if column.digits else ""
        patterns = {Kind.NUMBER: f"#,##0{places}", Kind.SHARE: f"0{places}%", Kind.DAY: "yyyy-mm-dd"}
        pattern = patterns.get(column.kind)
        if pattern is None:
            return None
        if pattern not in self._made:
            self._made[pattern] = self._book.add_format({"num_format": pattern})
        return self._made[pattern]


def _write(sheet: Worksheet, table: Table, head: Format, formats: _Formats) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.heading, head)
        sheet.set_column(place, place, _width(table, place), formats.of(column))
    for line, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            _write_cell(sheet, line, place, cell, formats.of(table.columns[place]))
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write_cell(sheet: Worksheet, line: int, place: int, cell: Cell, cell_format: Format | None) -> None:
    """Each type by its own method: text is text even where it begins with `=`, missing stays empty."""
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(line, place, cell, cell_format)
    elif isinstance(cell, str):
        sheet.write_string(line, place, cell[:_LONGEST_TEXT])
    else:
        sheet.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), cell_format)  # noqa: DTZ001  a day has no zone


def _width(table: Table, place: int) -> float:
    column = table.columns[place]
    longest = max([len(column.text(row[place])) for row in table.rows[:_SAMPLED_ROWS]] + [0])
    head = max(len(word) for word in column.heading.split()) + 3
    return float(min(_WIDE, max(_NARROW, longest + 2, head, len(column.heading) / 2)))
