"""What a file is, and its cells: whatever the format, a relation of text or typed columns `c0 … c<k>` with the row number `n`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from openkam.analytics.ledger.delimited import DelimitedCells, csv_sql, read_delimited, read_first_records
from openkam.analytics.ledger.dialect import Dialect, detect_dialect
from openkam.analytics.ledger.encoding import TextFile, as_utf8
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError
from openkam.analytics.ledger.mapping import Format

REJECT_COLUMNS = ("_file", "_row", "_column", "_value", "_reason")
"""Columns that an exported reject file has in front; they are passed over when it is imported again."""

CellType = Literal["text", "number", "float", "day", "instant", "flag"]


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One column of a file: its name there, and the SQL of its cell in `Cells.relation`. All but `text` come typed from the
    file."""

    name: str
    type: CellType


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one file. `relation` is SQL with the columns `n` and `c<i>`; `rows` counts its rows, `malformed_rows` the
    records beside it that are no rows (in the Parquet file `malformed`: `n, reason, row`). `from_rejects` when it is a reject
    file of ours."""

    name: str
    format: Literal["csv", "xlsx", "parquet"]
    relation: str
    columns: tuple[CellColumn, ...]
    rows: int
    malformed: Path | None = None
    malformed_rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    from_rejects: bool = False
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(c.name for c in self.columns)


@dataclass(frozen=True, slots=True)
class OpenedText:
    """A delimited text whose dialect is known and whose cells are not read yet. `first` is the index of the first original
    column."""

    text: TextFile
    dialect: Dialect
    first: int

    @property
    def may_be_clean(self) -> bool:
        """Whether it may be read in one go: a reject file has quotes of ours to take away."""
        return not self.first

    def unread(self) -> Cells:
        """Its columns, with a relation that reads the file anew each time it is used; `rows` is not known yet."""
        cells = ", ".join(f"c{i}" for i in range(len(self.dialect.columns)))
        numbered = f"row_number() OVER () + {self.dialect.header_row} AS n, {cells}"
        return self._cells(f"(SELECT {numbered} FROM {csv_sql(self.text, self.dialect)})", 0, None, 0)

    def read(self, connection: duckdb.DuckDBPyConnection, scratch: Path, table: str) -> Cells:
        """Its cells, in the table `table` of the connection or in files below `scratch`."""
        return self._found(read_delimited(connection, self.text, self.dialect, scratch, table))

    def first_records(self, scratch: Path, most_records: int) -> Cells:
        """Its first records, in files below `scratch`."""
        return self._found(read_first_records(self.text, self.dialect, scratch / "cells.parquet", most_records))

    def _found(self, found: DelimitedCells) -> Cells:
        relation = _mended(found.relation, self.first, len(self.dialect.columns)) if self.first else found.relation
        return self._cells(relation, found.rows, found.malformed, found.malformed_rows)

    def _cells(self, relation: str, rows: int, malformed: Path | None, malformed_rows: int) -> Cells:
        told = f"The encoding was told from the letters: {self.text.encoding}. If names look wrong, name it in the mapping."
        return Cells(
            name=self.text.name,
            format="csv",
            relation=relation,
            columns=tuple(CellColumn(name, "text") for name in self.dialect.columns[self.first :]),
            rows=rows,
            malformed=malformed,
            malformed_rows=malformed_rows,
            encoding=self.text.encoding,
            delimiter=self.dialect.delimiter,
            from_rejects=self.first > 0,
            notes=() if self.text.is_certain else (told,),
        )


def open_file(connection: duckdb.DuckDBPyConnection, file: PlainFile, scratch: Path, given: Format) -> Cells | OpenedText:
    """What the file is, by its content and not its name; copies that are needed go below `scratch`, where nothing else must lie.

    Raises `UnreadableFileError` saying what is wrong with the file.
    """
    with file.path.open("rb") as opened:
        head = opened.read(4096)
    if head[:4] == b"PAR1":
        return _parquet(connection, file)
    if head[:2] == b"PK" or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(file, scratch, given)
    if len(head) < 4096 and not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise UnreadableFileError(f"{file.name}: the file is empty.")
    text = as_utf8(file, scratch, given.encoding)
    dialect = detect_dialect(text, given)
    is_rejects = dialect.columns[: len(REJECT_COLUMNS)] == REJECT_COLUMNS
    return OpenedText(text, dialect, len(REJECT_COLUMNS) if is_rejects else 0)


def _mended(relation: str, first: int, width: int) -> str:
    """The original columns of a reject file, without the quote that kept a spreadsheet from computing a cell (see
    `reject_file.safe_cell`)."""
    cells = [
        f"CASE WHEN regexp_matches(c{i}, '^''+[=+\\-@\\t\\r]') THEN c{i}[2:] ELSE c{i} END AS c{i - first}"
        for i in range(first, width)
    ]
    return f"(SELECT n, {', '.join(cells)} FROM {relation})"


def _workbook(file: PlainFile, scratch: Path, given: Format) -> Cells:
    from openkam.analytics.ledger.workbook import read_workbook  # noqa: PLC0415 - only a workbook shall wait for Polars

    cells = read_workbook(file, scratch / "cells.parquet", given.sheet, given.skip_lines)
    others = [s for s in cells.sheets if s != cells.sheet]
    return Cells(
        name=file.name,
        format="xlsx",
        relation=f"(FROM read_parquet({text_literal(str(cells.path))}))",
        columns=tuple(CellColumn(name, "text") for name in cells.columns),
        rows=cells.rows,
        sheet=cells.sheet,
        sheets=cells.sheets,
        notes=(f"Read from the sheet “{cells.sheet}”; not read: {', '.join(others)}.",) if others and given.sheet is None else (),
    )


def _parquet(connection: duckdb.DuckDBPyConnection, file: PlainFile) -> Cells:
    source = f"read_parquet({text_literal(str(file.path))}, file_row_number = true)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {source}").fetchall()
        row = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    except duckdb.Error as error:
        raise UnreadableFileError(f"{file.name}: the Parquet file is damaged: {str(error).splitlines()[0]}.") from error
    names = [str(name) for name, *_ in described]
    types: list[CellType] = [_cell_type(str(kind)) for _, kind, *_ in described]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    cells = [
        f"CAST({name} AS VARCHAR) AS c{i}" if kind == "text" else f"{name} AS c{i}"
        for i, (name, kind) in enumerate(zip(quoted, types, strict=True))
    ]
    return Cells(
        name=file.name,
        format="parquet",
        relation=f"(SELECT {', '.join(['file_row_number + 2 AS n', *cells])} FROM {source})",
        columns=tuple(CellColumn(name, kind) for name, kind in zip(names, types, strict=True)),
        rows=int(row[0]) if row else 0,
    )


def _cell_type(sql_type: str) -> CellType:
    if sql_type in ("FLOAT", "DOUBLE"):
        return "float"
    if sql_type.startswith("DECIMAL") or sql_type.removeprefix("U") in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"):
        return "number"
    if sql_type == "DATE":
        return "day"
    if sql_type.startswith("TIMESTAMP"):
        return "instant"
    return "flag" if sql_type == "BOOLEAN" else "text"
