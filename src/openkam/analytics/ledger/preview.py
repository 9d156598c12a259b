"""What a mapping makes of the first rows of files: each cell as written and as read, and what is wrong with it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from openkam.analytics.ledger.check import FilePlan, Statement, problems_sql
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.first_rows import first_rows
from openkam.analytics.ledger.mapping import ImportMapping
from openkam.analytics.ledger.plan import checked_constants, decide_formats, plan_file
from openkam.analytics.ledger.schema import TABLES

_LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """One field of one row: `written` in the file (null where no column gives it), `read` as the ledger would keep it (null when
    nothing), `reason` when it is wrong."""

    written: str | None
    read: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row with its cells in the order of the fields; `reasons` are those that belong to the row or to a column not shown."""

    row_number: int
    cells: tuple[PreviewCell, ...]
    reasons: tuple[str, ...]
    is_held_back: bool


@dataclass(frozen=True, slots=True)
class PreviewField:
    """A field that the mapping fills, from `column` of the file unless that is null (a formula or a constant)."""

    name: str
    meaning: str
    unit: str
    column: str | None


@dataclass(frozen=True, slots=True)
class FilePreview:
    """One file's first rows through the mapping. `reasons` counts cells by reason and column over the rows looked at; rows that
    come twice are only found by the import itself."""

    name: str
    fields: tuple[PreviewField, ...]
    rows: tuple[PreviewRow, ...]
    looked_at: int
    held_back: int
    is_whole: bool
    reasons: Mapping[tuple[str, str | None], int]


def preview_files(
    paths: Iterable[Path],
    mapping: ImportMapping,
    *,
    latest_day: date | None,
    most_shown: int = 50,
    only_held_back: bool = False,
) -> tuple[FilePreview, ...]:
    """The first rows of each file, or those that would be held back and their neighbours.

    Raises what an import raises where the mapping does not fit the files or they leave a question open.
    """
    with first_rows(paths, mapping.format) as first:
        constants = checked_constants(first.connection, TABLES[mapping.table], mapping)
        fitted = replace(mapping, constants=constants)
        return tuple(
            _preview(
                first.connection,
                plan_file(cells, TABLES[mapping.table], fitted, False, latest_day),
                fitted,
                most_shown=most_shown,
                only_held_back=only_held_back,
                is_whole=is_whole,
            )
            for cells, is_whole in zip(first.cells, first.is_whole, strict=True)
        )


def _preview(
    connection: duckdb.DuckDBPyConnection,
    planned: FilePlan,
    mapping: ImportMapping,
    *,
    most_shown: int,
    only_held_back: bool,
    is_whole: bool,
) -> FilePreview:
    cells = planned.cells
    plan = decide_formats(connection, planned, mapping, None)
    fields = _check(connection, plan)
    problems = {
        int(n): [(p["reason"], p["column"]) for p in json.loads(text)]
        for n, text in connection.execute("SELECT n, problems FROM previewed WHERE problems <> '[]'").fetchall()
    }
    reasons = Counter(problem for found in problems.values() for problem in found)
    chosen = "TRUE"
    if only_held_back:
        near = {n + step for n in sorted(problems)[:most_shown] for step in (-1, 0, 1)}
        chosen = f"n IN ({', '.join(map(str, sorted(near)))})" if near else "FALSE"
    rows = connection.execute(f"SELECT n, written, read FROM previewed WHERE {chosen} ORDER BY n LIMIT {most_shown}").fetchall()
    return FilePreview(
        name=cells.name,
        fields=fields,
        rows=tuple(_row(fields, int(n), written, read, problems.get(int(n), [])) for n, written, read in rows),
        looked_at=cells.rows + cells.malformed_rows,
        held_back=len(problems),
        is_whole=is_whole,
        reasons=dict(reasons.most_common()),
    )


def _check(connection: duckdb.DuckDBPyConnection, plan: FilePlan) -> tuple[PreviewField, ...]:
    """Fill the table `previewed` (`n`, `written` and `read` by field, `problems` as JSON) and tell its fields."""
    statement, cells = Statement(plan), plan.cells
    given = [f for f in plan.fields if f.column is not None or f.expression or f.constant is not None]
    given += [f for f in plan.fields if f.field.name == "line_type" and f not in given]
    written = [f"left(t{f.column}, {_LONGEST_SHOWN})" if f.column is not None else "NULL" for f in given]
    read = [f"left(CAST(v_{f.field.name} AS VARCHAR), {_LONGEST_SHOWN})" for f in given]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE previewed AS SELECT CAST(n AS BIGINT) AS n, "
        f"CAST([{', '.join(written)}] AS VARCHAR[]) AS written, CAST([{', '.join(read)}] AS VARCHAR[]) AS read, "
        f"CAST(to_json({problems_sql(statement.problems)}) AS VARCHAR) AS problems FROM {statement.relation}"
    )
    if cells.malformed is not None:
        nothing = "CAST([" + ", ".join(["NULL"] * len(given)) + "] AS VARCHAR[])"
        connection.execute(
            f"INSERT INTO previewed SELECT n, {nothing}, {nothing}, "
            "CAST(to_json([{'column': NULL, 'value': NULL, 'reason': reason}]) AS VARCHAR) "
            f"FROM read_parquet({text_literal(str(cells.malformed))})"
        )
    return tuple(
        PreviewField(f.field.name, f.field.meaning, f.field.unit, None if f.column is None else cells.names[f.column])
        for f in given
    )


def _row(
    fields: Sequence[PreviewField],
    number: int,
    written: Sequence[str | None],
    read: Sequence[str | None],
    problems: Sequence[tuple[str, str | None]],
) -> PreviewRow:
    names = [{f.column or f"{f.name} (computed)"} for f in fields]
    why = ["; ".join(reason for reason, column in problems if column in name) or None for name in names]
    elsewhere = [
        f"{column}: {reason}" if column else reason for reason, column in problems if not any(column in name for name in names)
    ]
    cells = tuple(PreviewCell(*cell) for cell in zip(written, read, why, strict=True))
    return PreviewRow(number, cells, tuple(elsewhere), bool(problems))
