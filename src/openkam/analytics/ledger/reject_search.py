"""Finding rejected rows over all batches: counts by what is wrong where, the rows themselves, and a CSV of them."""

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.read import REJECT_COLUMNS
from openkam.analytics.ledger.reject_file import rejects_sql, safe_cell, write_reject_csv
from openkam.analytics.ledger.rejects import rejects_file


@dataclass(frozen=True, slots=True)
class RejectSearch:
    """Which rejects are wanted; what is null does not limit them. Rows that were only passed over are never among them."""

    batch_id: str | None = None
    table: str | None = None
    source: str | None = None
    file: str | None = None
    column: str | None = None
    reason: str | None = None
    with_undone: bool = False


@dataclass(frozen=True, slots=True)
class RejectCount:
    """How many rows of one file of one batch are held back for one reason in one column (null: the row as a whole)."""

    batch_id: str
    file: str
    column: str | None
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row as it stood in its file, and what was wrong: `problems` are (column, value, reason)."""

    batch_id: str
    file: str
    row_number: int | None
    problems: tuple[tuple[str | None, str | None, str], ...]
    row: Mapping[str, str | None]

    @property
    def faulty(self) -> frozenset[str]:
        """Names of its columns that are wrong."""
        return frozenset(column for column, _, _ in self.problems if column)


def count_rejects(ledger: Ledger, wanted: RejectSearch) -> tuple[RejectCount, ...]:
    """Rows by batch, file, column and reason, the most frequent first."""
    query = (
        'SELECT parse_filename(filename, true) AS batch_id, file, "column", reason, '
        "count(DISTINCT row_number) + count_if(row_number IS NULL) AS rows FROM {source} WHERE {condition} GROUP BY ALL "
        'ORDER BY rows DESC, batch_id DESC, file, reason, "column"'
    )
    files = _files(ledger, wanted)
    rows = _ask(query.format(source=rejects_sql(files), condition=_condition(wanted))) if files else []
    return tuple(RejectCount(*row) for row in rows)


def find_rejects(ledger: Ledger, wanted: RejectSearch, *, most: int, skipped: int = 0) -> tuple[RejectedRow, ...]:
    """At most `most` rejected rows after the first `skipped`, newest batch first, each with all that is wrong with it."""
    files = _files(ledger, wanted)
    query = (
        "SELECT parse_filename(filename, true) AS batch_id, file, row_number, "
        'list(["column", value, reason] ORDER BY "column", reason), any_value(row) '
        f"FROM {rejects_sql(files, _condition(wanted))} GROUP BY filename, file, row_number "
        f"ORDER BY batch_id DESC, file, row_number LIMIT {most:d} OFFSET {skipped:d}"
    )
    return tuple(
        RejectedRow(batch_id, file, number, tuple((p[0], p[1], p[2]) for p in problems), json.loads(row))
        for batch_id, file, number, problems, row in (_ask(query) if files else [])
    )


def write_rejects(ledger: Ledger, wanted: RejectSearch, target: str | os.PathLike[str]) -> int:
    """Write the rejected rows as CSV to be mended and imported again; returns the number of rows, 0 without a file."""
    files = _files(ledger, wanted)
    return write_reject_csv(files, target, _condition(wanted)) if files else 0


def written_mended(rows: Sequence[RejectedRow]) -> bytes:
    """Rows with their cells mended as a CSV that is imported like a reject file: the cells as they were, or as they are now."""
    columns = list(dict.fromkeys(name for row in rows for name in row.row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*REJECT_COLUMNS, *(safe_cell(column) for column in columns)])
    for row in rows:
        reasons = "; ".join(dict.fromkeys(reason for _, _, reason in row.problems))
        told = (row.file, str(row.row_number or ""), "", "", reasons)
        writer.writerow([safe_cell(cell) for cell in (*told, *(row.row.get(column) for column in columns))])
    return out.getvalue().encode("utf-8-sig")


def _files(ledger: Ledger, wanted: RejectSearch) -> list[Path]:
    return [
        path
        for batch in ledger.batches()
        if batch.rows_rejected and _is_wanted(batch, wanted) and (path := rejects_file(ledger.path, batch.batch_id)).exists()
    ]


def _is_wanted(batch: Batch, wanted: RejectSearch) -> bool:
    return (
        (batch.is_live or wanted.with_undone)
        and wanted.batch_id in (None, batch.batch_id)
        and wanted.table in (None, batch.table)
        and wanted.source in (None, batch.source)
    )


def _condition(wanted: RejectSearch) -> str:
    limits = (("file", wanted.file), ('"column"', wanted.column), ("reason", wanted.reason))
    return " AND ".join(f"{name} = {text_literal(value)}" for name, value in limits if value is not None) or "TRUE"


def _ask(query: str) -> list[Any]:
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        return connection.execute(query).fetchall()
