"""Rejected rows as a CSV to mend and import again: the original columns, behind what was wrong with each row."""

import csv
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.read import REJECT_COLUMNS

_COMPUTES = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[-+]?\d[\d.,' ]*")
_ROWS_PER_FETCH = 10_000
SKIPPED = "already in the ledger (skipped)"
"""Reason of rows that the user asked to pass over; they are counted, and need no mending."""


def safe_cell(cell: str | None) -> str:
    """The cell so that no spreadsheet computes it: a quote goes before = + - @ and control characters, unless the cell is a
    number.

    A cell that already starts with quotes before such a character gets one more, so that taking one away always gives the
    original.
    """
    if cell is None:
        return ""
    return "'" + cell if _COMPUTES.match(cell) and not _NUMBER.fullmatch(cell) else cell


def rejects_sql(rejects: Sequence[Path], condition: str = "TRUE") -> str:
    """SQL for the rejects in these Parquet files, with `filename`: of all rows that have a problem for which `condition` holds,
    every problem; rows that were only passed over left out."""
    files = ", ".join(text_literal(str(path)) for path in rejects)
    source = f"(SELECT * FROM read_parquet([{files}], filename = true) WHERE reason <> {text_literal(SKIPPED)})"
    if condition == "TRUE":
        return source
    return (
        f"(SELECT r.* FROM {source} r SEMI JOIN (SELECT * FROM {source} WHERE {condition}) w ON r.filename = w.filename "
        "AND r.file = w.file AND r.row_number IS NOT DISTINCT FROM w.row_number)"
    )


def write_reject_csv(rejects: Path | Sequence[Path], target: str | os.PathLike[str], condition: str = "TRUE") -> int:
    """Write the rejects in the Parquet files `rejects` as CSV, one line per row of the original; returns the number of rows.

    `condition` is SQL over `file, row_number, column, value, reason`; a row is written when one of its problems meets it.
    """
    source = rejects_sql([rejects] if isinstance(rejects, Path) else rejects, condition)
    rows = 0
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        columns = _columns(connection, source)
        with Path(target).open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([*REJECT_COLUMNS, *(safe_cell(c) for c in columns)])
            for file, number, faulty, values, reasons, row in _rows(connection, source):
                cells = json.loads(row)
                writer.writerow(
                    [safe_cell(c) for c in (file, str(number or ""), faulty, values, reasons, *(cells.get(c) for c in columns))]
                )
                rows += 1
    return rows


def _columns(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """All original columns, those of the first files first."""
    headers = connection.execute(
        f"SELECT keys FROM (SELECT json_keys(row) AS keys, min(file) AS f FROM {source} GROUP BY 1) ORDER BY f, keys"
    ).fetchall()
    return list(dict.fromkeys(name for (keys,) in headers for name in keys))


def _rows(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[tuple[str, int | None, str, str, str, str]]:
    connection.execute(
        "SELECT file, row_number, string_agg(DISTINCT \"column\", '; '), string_agg(value, '; '), string_agg(DISTINCT reason, "
        "'; '), "
        f"any_value(row) FROM {source} GROUP BY filename, file, row_number ORDER BY filename, file, row_number"
    )
    while rows := connection.fetchmany(_ROWS_PER_FETCH):
        yield from rows
