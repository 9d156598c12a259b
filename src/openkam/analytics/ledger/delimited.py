"""Delimited text to cells: DuckDB reads a sound file with all cores, and what it refuses is read again record by record."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.ledger.dialect import Dialect
from openkam.analytics.ledger.encoding import TextFile
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.input_files import UnreadableFileError

_RECORDS_PER_BATCH = 20_000
_CELL_BYTES = 16
"""What DuckDB keeps for each text beside its letters."""
_MOST_TABLE_BYTES = 6e9
"""Up to here cells stand in a table of DuckDB, which spills to disk; beyond, in a Parquet file, which is smaller and slower to
write."""
MALFORMED = pa.schema([("n", pa.int64()), ("reason", pa.string()), ("row", pa.string())])
"""Records that are no row: their number, why, and their cells as JSON text."""


@dataclass(frozen=True, slots=True)
class DelimitedCells:
    """Cells as text: `relation` is SQL with the columns `n` (row number) and `c0 … c<k>`. `malformed` is a Parquet file of
    records that are no rows (`MALFORMED`)."""

    relation: str
    rows: int
    malformed: Path | None
    malformed_rows: int


def read_delimited(
    connection: duckdb.DuckDBPyConnection, file: TextFile, dialect: Dialect, scratch: Path, table: str
) -> DelimitedCells:
    """The cells of the file, in the table `table` of the connection or in files below `scratch`.

    Raises `UnreadableFileError` when a quote is opened and never closed.
    """
    try:
        sound = _read_sound(connection, file, dialect, scratch, table)
        if not file.could_hide_blank_lines(dialect.header_lines + sound.rows):
            return sound
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        # Ragged lines, stray quotes or mixed line ends: the other reader finds each and says what is wrong with it.
        pass
    connection.execute(f"DROP TABLE IF EXISTS {table}")
    return _read_records(file, dialect, scratch / "cells.parquet")


def csv_sql(file: TextFile, dialect: Dialect) -> str:
    """SQL that reads a sound file as text columns `c0 … c<k>`; it fails on the first line that is not as wide as the header."""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(dialect.columns)))
    return (
        f"read_csv({text_literal(str(file.path))}, auto_detect = false, header = false, skip = {dialect.header_lines}, "
        f"columns = {{{columns}}}, delim = {text_literal(dialect.delimiter)}, quote = {text_literal(dialect.quote)}, "
        f"escape = {text_literal(dialect.escape if dialect.quote else '')})"
    )


def _read_sound(
    connection: duckdb.DuckDBPyConnection, file: TextFile, dialect: Dialect, scratch: Path, table: str
) -> DelimitedCells:
    names = [f"c{i}" for i in range(len(dialect.columns))]
    query = f"FROM {csv_sql(file, dialect)}"
    file_bytes = file.path.stat().st_size
    table_bytes = file_bytes + _CELL_BYTES * len(names) * file_bytes / dialect.mean_line_bytes
    if table_bytes <= _MOST_TABLE_BYTES:
        row = connection.execute(f"CREATE TABLE {table} AS {query}").fetchone()
        relation = f"(SELECT rowid + {dialect.header_row + 1} AS n, {', '.join(names)} FROM {table})"
    else:
        target = scratch / "cells.parquet"
        row = connection.execute(
            f"COPY ({query}) TO {text_literal(str(target))} (FORMAT parquet, COMPRESSION lz4_raw)"
        ).fetchone()
        numbered = f"file_row_number + {dialect.header_row + 1} AS n, {', '.join(names)}"
        relation = f"(SELECT {numbered} FROM read_parquet({text_literal(str(target))}, file_row_number = true))"
    return DelimitedCells(relation, int(row[0]) if row else 0, None, 0)


@dataclass(slots=True)
class _Lines:
    """The lines of a file; `record` collects those read since it was last emptied, to show what a broken record was."""

    opened: TextIO
    record: list[str] = field(default_factory=list[str])

    def __iter__(self) -> Iterator[str]:
        for line in self.opened:
            self.record.append(line)
            yield line


@dataclass(slots=True)
class _Records:
    """Rows and malformed records on their way to Parquet, in batches of bounded size."""

    dialect: Dialect
    rows: pq.ParquetWriter
    malformed: pq.ParquetWriter
    schema: pa.Schema
    row_count: int = 0
    malformed_count: int = 0
    cells: list[list[str]] = field(default_factory=list[list[str]])
    numbers: list[int] = field(default_factory=list[int])
    faults: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])

    def add(self, number: int, record: list[str]) -> None:
        width = len(self.dialect.columns)
        if len(record) == width + 1 and record[-1] == "":
            record = record[:width]
        if len(record) != width:
            self.refuse(number, record, f"wrong number of columns: {len(record)} instead of {width}")
            return
        self.numbers.append(number)
        self.cells.append(record)
        if len(self.cells) >= _RECORDS_PER_BATCH:
            self.flush()

    def refuse(self, number: int, record: list[str], reason: str) -> None:
        width = len(self.dialect.columns)
        named = dict(zip(self.dialect.columns, record, strict=False))
        if len(record) > width:
            named[self.dialect.columns[-1]] = self.dialect.delimiter.join(record[width - 1 :])
        self.faults.append((number, reason, json.dumps(named, ensure_ascii=False)))
        if len(self.faults) >= _RECORDS_PER_BATCH:
            self.flush()

    def flush(self) -> None:
        columns = list(zip(*self.cells, strict=True)) or [()] * len(self.dialect.columns)
        arrays = [pa.array(self.numbers, pa.int64()), *(pa.array(c, pa.string()) for c in columns)]
        self.rows.write_table(pa.Table.from_arrays(arrays, schema=self.schema))
        self.malformed.write_table(pa.table([list(c) for c in zip(*self.faults, strict=True)] or [[], [], []], schema=MALFORMED))
        self.row_count += len(self.cells)
        self.malformed_count += len(self.faults)
        self.cells, self.numbers, self.faults = [], [], []


def read_first_records(file: TextFile, dialect: Dialect, target: Path, most_records: int) -> DelimitedCells:
    """At most so many records from the start of the file, those that are no rows counted, in files at and beside `target`."""
    return _read_records(file, dialect, target, most_records)


def _read_records(file: TextFile, dialect: Dialect, target: Path, most_records: int | None = None) -> DelimitedCells:
    """Read record by record. A record is numbered as a spreadsheet numbers rows: blank lines count, the header is in front."""
    schema = pa.schema([("n", pa.int64()), *((f"c{i}", pa.string()) for i in range(len(dialect.columns)))])
    malformed = target.with_suffix(".malformed")
    with (
        file.path.open(encoding="utf-8-sig", newline="") as opened,
        pq.ParquetWriter(target, schema, compression="lz4") as rows,
        pq.ParquetWriter(malformed, MALFORMED) as faulty,
    ):
        for _ in range(dialect.header_lines):
            opened.readline()
        lines = _Lines(opened)
        reader = dialect.reader(lines, strict=True)
        records = _Records(dialect, rows, faulty, schema)
        number = dialect.header_row
        while most_records is None or number < dialect.header_row + most_records:
            number += 1
            lines.record.clear()
            try:
                record = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if "unexpected end of data" in str(error):
                    raise UnreadableFileError(
                        f"{file.name}: a quotation mark opened in row {number:,} is never closed, so the rest of the file "
                        "cannot be told "
                        'apart. Close it, or say that the file does not quote its cells, in the mapping: [format] quote = "".'
                    ) from error
                records.refuse(number, ["".join(lines.record).rstrip("\r\n")], "a quotation mark inside the cell")
                continue
            if record and (len(record) > 1 or record[0].strip()):
                records.add(number, record)
        records.flush()
    relation = f"(FROM read_parquet({text_literal(str(target))}))"
    return DelimitedCells(relation, records.row_count, malformed if records.malformed_count else None, records.malformed_count)
