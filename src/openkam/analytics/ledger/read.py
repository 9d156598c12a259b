"""What a file is, and its cells: whatever the format, a relation of text or typed columns `c0 … c<k>` with the row number `n`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from openkam.analytics.ledger.delimited import read_delimited
from openkam.analytics.ledger.dialect import detect_dialect
from openkam.analytics.ledger.encoding import as_utf8
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError
from openkam.analytics.ledger.mapping import Format
from openkam.analytics.ledger.workbook import read_workbook

REJECT_COLUMNS = ("_file", "_row", "_column", "_value", "_reason")
"""Columns that an exported reject file has in front; they are passed over when it is imported again."""

CellType = Literal["text", "number", "float", "day", "instant", "flag"]


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One column of a file: its name there, and the SQL of its cell in `Cells.relation`. All but `text` come typed from the file."""

    name: str
    type: CellType


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one file. `relation` is SQL with the columns `n` and `c<i>`; `rows` counts its rows, `malformed_rows` the records
    beside it that are no rows (in the Parquet file `malformed`: `n, reason, row`). `from_rejects` when it is a reject file of ours."""

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
    from_rejects: bool = False
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(c.name for c in self.columns)


def read_file(connection: duckdb.DuckDBPyConnection, file: PlainFile, scratch: Path, given: Format) -> Cells:
    """The cells of a file, by its content and not its name. What must be written goes into `scratch`, which must be empty of earlier files.

    Raises `UnreadableFileError` saying what is wrong with the file.
    """
    with file.path.open("rb") as opened:
        magic = opened.read(8)
    if magic[:4] == b"PAR1":
        return _parquet(connection, file)
    if magic[:2] == b"PK" or magic == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(connection, file, scratch, given)
    if not magic.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        with file.path.open("rb") as opened:
            if not opened.read(4096).strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
                raise UnreadableFileError(f"{file.name}: the file is empty.")
    return _delimited(connection, file, scratch, given)


def _delimited(connection: duckdb.DuckDBPyConnection, file: PlainFile, scratch: Path, given: Format) -> Cells:
    text = as_utf8(file, scratch, given.encoding)
    dialect = detect_dialect(text, given)
    cells = read_delimited(connection, text, dialect, scratch / "cells.parquet")
    notes = (
        () if text.is_certain else (f"The encoding was told from the letters: {text.encoding}. If names look wrong, name it.",)
    )
    number = "n" if cells.has_row_numbers else f"file_row_number + {dialect.header_row + 1}"
    is_rejects = dialect.columns[: len(REJECT_COLUMNS)] == REJECT_COLUMNS
    first = len(REJECT_COLUMNS) if is_rejects else 0
    return Cells(
        name=file.name,
        format="csv",
        relation=_relation(
            cells.path, number, [_unescaped(i) if is_rejects else f"c{i}" for i in range(first, len(dialect.columns))]
        ),
        columns=tuple(CellColumn(name, "text") for name in dialect.columns[first:]),
        rows=cells.rows,
        malformed=cells.malformed,
        malformed_rows=cells.malformed_rows,
        encoding=text.encoding,
        delimiter=dialect.delimiter,
        from_rejects=is_rejects,
        notes=notes,
    )


def _unescaped(index: int) -> str:
    """SQL for a cell of a reject file without the quote that kept a spreadsheet from computing it (see `reject_file.safe_cell`)."""
    return f"CASE WHEN regexp_matches(c{index}, '^''+[=+\\-@\\t\\r]') THEN c{index}[2:] ELSE c{index} END"


def _relation(path: Path, number: str, cells: list[str]) -> str:
    columns = ", ".join([f"{number} AS n", *(f"{sql} AS c{i}" for i, sql in enumerate(cells))])
    return f"(SELECT {columns} FROM read_parquet({text_literal(str(path))}, file_row_number = true))"


def _workbook(connection: duckdb.DuckDBPyConnection, file: PlainFile, scratch: Path, given: Format) -> Cells:
    cells = read_workbook(file, scratch / "cells.parquet", given.sheet, given.skip_lines)
    others = [s for s in cells.sheets if s != cells.sheet]
    return Cells(
        name=file.name,
        format="xlsx",
        relation=_relation(cells.path, "n", [f"c{i}" for i in range(len(cells.columns))]),
        columns=tuple(CellColumn(name, "text") for name in cells.columns),
        rows=cells.rows,
        sheet=cells.sheet,
        notes=(f"Read from the sheet “{cells.sheet}”; not read: {', '.join(others)}.",) if others and given.sheet is None else (),
    )


def _parquet(connection: duckdb.DuckDBPyConnection, file: PlainFile) -> Cells:
    source = f"read_parquet({text_literal(str(file.path))}, file_row_number = true)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {source}").fetchall()
        row = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    except duckdb.Error as error:
        raise UnreadableFileError(f"{file.name}: the Parquet file is damaged: {str(error).splitlines()[0]}.") from error
    types = [_cell_type(kind) for _, kind, *_ in described]
    quoted = ['"' + name.replace('"', '""') + '"' for name, *_ in described]
    cells = [f"CAST({name} AS VARCHAR)" if kind == "text" else name for name, kind in zip(quoted, types, strict=True)]
    return Cells(
        name=file.name,
        format="parquet",
        relation=_relation(file.path, "file_row_number + 2", cells),
        columns=tuple(CellColumn(name, kind) for (name, *_), kind in zip(described, types, strict=True)),
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
