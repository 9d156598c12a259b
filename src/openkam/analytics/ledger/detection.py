"""How files would be read: encoding, marks, columns with examples, and the question a column of dates leaves open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openkam.analytics.ledger.dates import AmbiguousDateError, DateFormat, decide_dates
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.first_rows import first_rows
from openkam.analytics.ledger.import_report import written
from openkam.analytics.ledger.mapping import Format
from openkam.analytics.ledger.numbers import AmbiguousNumberError, decide_numbers
from openkam.analytics.ledger.read import Cells

_EXAMPLES = 3
_SAMPLE_ROWS = 8
_LONGEST_SHOWN = 200
_LEAST_SHARE = 0.9
"""Share of the filled cells that must fit for a column to be called numbers or days."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """One of two ways to read a column of dates: its pattern, how the example would be read, how many of the rows looked at are
    no day so, the days they would span and in how many months they would fall."""

    pattern: str
    example_on: date | None
    impossible: int
    first_on: date | None
    last_on: date | None
    months: int


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """A column in which `either` rows can be read both ways, for example `example`: nothing is guessed, somebody must say."""

    example: str
    either: int
    day_first: DateReading
    month_first: DateReading


@dataclass(frozen=True, slots=True)
class DetectedColumn:
    """One column: `kind` is what its cells look like, `written` how ("1.234,56", "%d/%m/%Y"; empty for text and where that is
    open)."""

    name: str
    kind: str
    written: str
    is_open: bool
    examples: tuple[str, ...]
    filled: int
    question: DateQuestion | None = None


@dataclass(frozen=True, slots=True)
class DetectedFile:
    """One file, the first rows looked at. `rows` were looked at (all of them when `is_whole`); `sample` are the first, with their
    numbers."""

    name: str
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    rows: int
    malformed_rows: int
    is_whole: bool
    from_rejects: bool
    columns: tuple[DetectedColumn, ...]
    sample: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...]


def detect_files(paths: Iterable[Path], given: Format) -> tuple[DetectedFile, ...]:
    """How each of the files, and each file in an archive, would be read, given what the user says about them.

    Raises `UnreadableFileError` for a file that is none, and one without a row.
    """
    with first_rows(paths, given) as first:
        return tuple(
            _detected(first.connection, cells, given, is_whole)
            for cells, is_whole in zip(first.cells, first.is_whole, strict=True)
        )


def _detected(connection: duckdb.DuckDBPyConnection, cells: Cells, given: Format, is_whole: bool) -> DetectedFile:
    width = len(cells.columns)
    empty = ", ".join(text_literal(word) for word in ("", *given.missing))
    texts = [f"nullif(trim(CAST(c{i} AS VARCHAR)), '') AS t{i}" for i in range(width)]
    named = [f"CASE WHEN t{i} NOT IN ({empty}) THEN t{i} END AS t{i}" for i in range(width)]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE looked_at AS SELECT {', '.join(['n', *named])} FROM "
        f"(SELECT {', '.join(['n', *texts])} FROM {cells.relation})"
    )
    shown = ", ".join(f"coalesce(left(t{i}, {_LONGEST_SHOWN}), '')" for i in range(width))
    sample = connection.execute(f"SELECT n, [{shown}] FROM looked_at ORDER BY n LIMIT {_SAMPLE_ROWS}").fetchall()
    return DetectedFile(
        name=cells.name,
        format=cells.format,
        encoding=cells.encoding,
        delimiter=cells.delimiter,
        sheet=cells.sheet,
        sheets=cells.sheets,
        rows=cells.rows,
        malformed_rows=cells.malformed_rows,
        is_whole=is_whole,
        from_rejects=cells.from_rejects,
        columns=tuple(_column(connection, cells, i, given) for i in range(width)),
        sample=tuple((int(n), tuple(values)) for n, values in sample),
        notes=cells.notes,
    )


def _column(connection: duckdb.DuckDBPyConnection, cells: Cells, index: int, given: Format) -> DetectedColumn:
    name, kind = cells.columns[index].name, cells.columns[index].type
    examples = connection.execute(
        f"SELECT left(t{index}, {_LONGEST_SHOWN}) FROM looked_at WHERE t{index} IS NOT NULL "
        f"GROUP BY t{index} ORDER BY min(n) LIMIT {_EXAMPLES}"
    ).fetchall()
    shown = tuple(str(value) for (value,) in examples)
    filled = _count(connection, f"count(t{index})")
    if kind != "text":
        return DetectedColumn(name, "number" if kind == "float" else kind, "", False, shown, filled)
    if not filled:
        return DetectedColumn(name, "empty", "", False, (), 0)
    looks = _number(connection, cells, index, given, filled) or _day(connection, cells, index, filled)
    if looks is None:
        return DetectedColumn(name, "text", "", False, shown, filled)
    found, how, question = looks
    return DetectedColumn(name, found, how, not how, shown, filled, question)


def _count(connection: duckdb.DuckDBPyConnection, expression: str) -> int:
    row = connection.execute(f"SELECT {expression} FROM looked_at").fetchone()
    return int(row[0]) if row else 0


Looks = tuple[str, str, DateQuestion | None]


def _number(connection: duckdb.DuckDBPyConnection, cells: Cells, index: int, given: Format, filled: int) -> Looks | None:
    try:
        format_ = decide_numbers(
            connection,
            "looked_at",
            {index: cells.columns[index].name},
            file=cells.name,
            decimal=given.decimal,
            thousands=given.thousands,
            fallback="." if cells.format == "xlsx" else None,
        )[index]
    except AmbiguousNumberError:
        return "number", "", None
    numbers = _count(connection, f"count({format_.number_sql(f't{index}')})")
    return ("number", written(format_), None) if numbers >= _LEAST_SHARE * filled else None


def _day(connection: duckdb.DuckDBPyConnection, cells: Cells, index: int, filled: int) -> Looks | None:
    name = cells.columns[index].name
    try:
        format_ = decide_dates(connection, "looked_at", f"t{index}", where=cells.name, column=name, given=None, date_order=None)
    except AmbiguousDateError as error:
        question = _question(connection, index, filled, error)
        days = filled - min(question.day_first.impossible, question.month_first.impossible)
        return ("day", "", question) if days >= _LEAST_SHARE * filled else None
    days = _count(connection, f"count({format_.day_sql(f't{index}')})") if format_ else 0
    return ("day", format_.pattern, None) if format_ and days >= _LEAST_SHARE * filled else None


def _question(connection: duckdb.DuckDBPyConnection, index: int, filled: int, error: AmbiguousDateError) -> DateQuestion:
    day, month = (DateFormat(pattern).day_sql(f"t{index}") for pattern in (error.day_first, error.month_first))
    row = connection.execute(
        f"SELECT arg_min(t{index}, n) FILTER ({day} <> {month}), count_if({day} <> {month}) FROM looked_at"
    ).fetchone() or ("", 0)
    example = str(row[0])

    def reading(pattern: str, sql: str) -> DateReading:
        found = connection.execute(
            f"SELECT count({sql}), min({sql}), max({sql}), count(DISTINCT date_trunc('month', {sql})), "
            f"min({sql}) FILTER (t{index} = {text_literal(example)}) FROM looked_at"
        ).fetchone() or (0, None, None, 0, None)
        days, first_on, last_on, months, example_on = found
        return DateReading(pattern, example_on, filled - days, first_on, last_on, months)

    return DateQuestion(example, int(row[1]), reading(error.day_first, day), reading(error.month_first, month))
