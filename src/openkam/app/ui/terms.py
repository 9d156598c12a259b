"""How a table leaves the site as CSV: one rule for every export, so that no cell becomes a formula in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
BYTE_ORDER_MARK = "\ufeff"
ROWS_PER_CHUNK = 500


def spreadsheet_cell(value: object) -> str:
    """A value as a CSV cell: a text that a spreadsheet would take for a formula gets an apostrophe before it.

    Plain numbers, also those written as text, stay numbers; a day and an instant are written as ISO 8601, nothing as an empty cell.
    """
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text) else text


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A table as CSV (RFC 4180, UTF-8 with a mark, so that spreadsheets read names right), a few hundred rows at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(map(spreadsheet_cell, header))
    for number, row in enumerate(rows, start=1):
        writer.writerow(map(spreadsheet_cell, row))
        if number % ROWS_PER_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
