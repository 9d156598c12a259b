"""The ledger's Parquet files: written from a stream, or checked and measured when an import wrote them itself."""

import json
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from openkam.analytics.ledger.conform import Faults, UnfitRowsError
from openkam.analytics.ledger.lock import unwritable
from openkam.analytics.ledger.schema import PROVENANCE, Field, TableSchema

_ROW_GROUP_ROWS = 131_072
"""Rows kept in memory while writing, and rows of a row group: small enough to stream, large enough to be read fast."""


def write_rows(rows: Iterable[pa.RecordBatch], path: Path, schema: pa.Schema) -> int:
    """Write the batches to one Parquet file in row groups of bounded size; returns the number of rows. No rows, no file."""
    row_count = 0
    pending: list[pa.RecordBatch] = []
    writer: pq.ParquetWriter | None = None
    try:
        for batch in rows:
            if not batch.num_rows:
                continue
            row_count += batch.num_rows
            pending.append(batch)
            with _writing(path):
                writer = writer or pq.ParquetWriter(path, schema, compression="zstd", store_decimal_as_integer=True)
                if sum(b.num_rows for b in pending) >= _ROW_GROUP_ROWS:
                    writer.write_table(pa.Table.from_batches(pending), row_group_size=_ROW_GROUP_ROWS)
                    pending = []
        if writer and pending:
            with _writing(path):
                writer.write_table(pa.Table.from_batches(pending), row_group_size=_ROW_GROUP_ROWS)
    finally:
        if writer:
            with _writing(path):
                writer.close()
    return row_count


@contextmanager
def _writing(path: Path) -> Generator[None]:
    # Only our own writing: an error of the caller's rows (a file that cannot be read, say) is not about the ledger's disk.
    try:
        yield
    except OSError as error:
        raise unwritable(path.parent, error) from error


@dataclass(frozen=True, slots=True)
class Footer:
    """What a Parquet file says of itself: rows, length in bytes, and per column nulls, least and greatest value if known."""

    path: Path
    rows: int
    bytes: int
    nulls: dict[str, int]
    least: dict[str, Any]
    greatest: dict[str, Any]

    def add_action(self, path_in_table: str) -> AddAction:
        """The Delta action that makes the file part of a table, with the statistics a reader can skip files by."""
        stats = {
            "numRecords": self.rows,
            "minValues": {name: _json_value(value) for name, value in self.least.items()},
            "maxValues": {name: _json_value(value) for name, value in self.greatest.items()},
            "nullCount": self.nulls,
        }
        modified_ms = int(self.path.stat().st_mtime * 1000)
        return AddAction(path_in_table, self.bytes, {}, modified_ms, True, json.dumps(stats))


def _json_value(value: date | int) -> str | int:
    return value.isoformat() if isinstance(value, date) else value


def read_footer(path: Path) -> Footer:
    """The file's own statistics. Least and greatest are given for days and whole numbers, where they are exact and cheap."""
    footer = pq.read_metadata(path)
    nulls: dict[str, int] = {}
    least: dict[str, Any] = {}
    greatest: dict[str, Any] = {}
    for index, name in enumerate(footer.schema.names):
        groups = [footer.row_group(group).column(index).statistics for group in range(footer.num_row_groups)]
        if not all(group is not None and group.has_null_count for group in groups):
            continue
        nulls[name] = sum(group.null_count for group in groups)
        ranges = [group for group in groups if group.has_min_max]
        has_range = bool(ranges) and all(group.has_min_max or not group.num_values for group in groups)
        # An instant is a `date` and a flag an `int` to Python, but neither to Delta's statistics.
        if has_range and isinstance(ranges[0].min, date | int) and not isinstance(ranges[0].min, datetime | bool):
            least[name] = min(group.min for group in ranges)
            greatest[name] = max(group.max for group in ranges)
    return Footer(path, footer.num_rows, path.stat().st_size, nulls, least, greatest)


def check_staged(files: tuple[Path, ...], table: TableSchema, source: str, batch_id: str) -> tuple[Footer, ...]:
    """Check finished Parquet files against the table's schema and return their footers, leaving out files without rows.

    Columns and types come from the footers; only what they cannot prove (choices, provenance, nulls without statistics) is read.
    Raises `UnfitRowsError` naming the column, the number of rows and the first of them.
    """
    footers = tuple(_checked_footer(path, table) for path in files)
    footers = tuple(footer for footer in footers if footer.rows)
    conditions = {
        **{(f.name, "is required but missing"): f'"{f.name}" IS NULL' for f in _unproven(footers, table)},
        **{
            (f.name, f"is none of {', '.join(f.choices)}"): f'"{f.name}" NOT IN ({", ".join(_quoted(c) for c in f.choices)})'
            for f in table.fields
            if f.choices
        },
        ("source", f"is not {source!r}"): f'"source" <> {_quoted(source)}',
        ("batch_id", f"is not {batch_id!r}"): f'"batch_id" <> {_quoted(batch_id)}',
    }
    faults = Faults(table.name)
    rows_before = 0
    with duckdb.connect() as connection:
        for footer in footers:
            counts = ", ".join(f"count(*) FILTER ({c}), min(file_row_number) FILTER ({c})" for c in conditions.values())
            query = f"SELECT {counts} FROM read_parquet(?, file_row_number = true)"
            found = connection.execute(query, [os.fspath(footer.path)]).fetchone() or ()
            for (column, reason), count, first in zip(conditions, found[::2], found[1::2], strict=True):
                if count:
                    faults.add(column, reason, count, rows_before + first + 1)
            rows_before += footer.rows
    faults.raise_if_any()
    return footers


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _unproven(footers: tuple[Footer, ...], table: TableSchema) -> list[Field]:
    required = [f for f in (*table.fields, *PROVENANCE) if f.required]
    return [f for f in required if any(footer.nulls.get(f.name, 1) for footer in footers)]


def _checked_footer(path: Path, table: TableSchema) -> Footer:
    try:
        schema = pq.read_schema(path)
        footer = read_footer(path)
    except pa.ArrowInvalid as error:
        raise UnfitRowsError(f"{path.name} is no whole Parquet file: {error}.") from error
    if sorted(schema.names) != sorted(table.arrow.names):
        missing = [name for name in table.arrow.names if name not in schema.names]
        unknown = [name for name in schema.names if name not in table.arrow.names]
        raise UnfitRowsError(f"{path.name} must have the columns of {table.name}: missing {missing}, unknown {unknown}.")
    for expected in table.arrow:
        given = schema.field(expected.name).type
        if not given.equals(expected.type):
            raise UnfitRowsError(
                f"The column {expected.name} of {table.name} must be {expected.type}, not {given} as in {path.name}."
            )
    return footer
