"""Writes one file's accepted rows into the staged batch, and its rejected rows with their reasons beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openkam.analytics.ledger.check import FilePlan, Statement, constant_sql, problems_sql
from openkam.analytics.ledger.expression import text_literal

_MOST_DICTIONARY = 8_000
"""Distinct values up to which a column is stored by dictionary: beyond, building it costs more than it saves."""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """What became of one file: `part` holds the accepted rows, `rejects` (if any) the rejected ones in the columns of
    `rejects.REJECTS`."""

    plan: FilePlan
    part: Path
    accepted: int
    rejects: tuple[Path, ...]

    @property
    def rows_read(self) -> int:
        """Rows of the file, those that are no rows included."""
        return self.plan.cells.rows + self.plan.cells.malformed_rows


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one file's rows go: the Parquet file `part`, with this provenance; `scratch` and the name `table` are free for use on
    the way."""

    part: Path
    scratch: Path
    table: str
    source: str
    batch_id: str


def write_part(connection: duckdb.DuckDBPyConnection, plan: FilePlan, relation: str, to: Destination) -> int:
    """Write the rows of `relation` (columns `v_<field>` and `n`) in the ledger's own columns; returns their number."""
    values = ", ".join(f"v_{f.name} AS {f.name}" for f in plan.table.fields)
    source, batch_id = (constant_sql(text, (text,), "VARCHAR") for text in (to.source, to.batch_id))
    provenance = f"{source} AS source, {batch_id} AS batch_id, CAST(n AS BIGINT) AS source_row"
    return _copy(connection, f"SELECT {values}, {provenance} FROM {relation}", to.part)


def stage_file(connection: duckdb.DuckDBPyConnection, plan: FilePlan, to: Destination) -> StagedFile:
    """Write the accepted rows to the part, and rejects below the scratch folder when there are any."""
    statement = Statement(plan)
    # The condition is a column of its own so that the values it looks at are computed once.
    flagged = f"(SELECT *, {statement.is_accepted} AS is_accepted FROM {statement.relation})"
    accepted = write_part(connection, plan, f"(FROM {flagged} WHERE is_accepted)", to)
    rejects: list[Path] = []
    name = text_literal(plan.cells.name)
    if accepted < plan.cells.rows:
        rejects.append(to.scratch / "rejects.parquet")
        _copy(
            connection,
            f"SELECT {name} AS file, n AS row_number, p.column AS column, p.value AS value, p.reason AS reason, row FROM "
            f"(SELECT n, unnest({problems_sql(statement.problems)}) AS p, {row_json(plan)} AS row FROM {statement.relation} "
            f"WHERE NOT ({statement.is_accepted}))",
            rejects[-1],
        )
    if plan.cells.malformed is not None:
        rejects.append(to.scratch / "malformed.parquet")
        source_sql = f"read_parquet({text_literal(str(plan.cells.malformed))})"
        _copy(
            connection,
            f"SELECT {name} AS file, n AS row_number, CAST(NULL AS VARCHAR) AS column, CAST(NULL AS VARCHAR) AS value, reason, "
            "row "
            f"FROM {source_sql}",
            rejects[-1],
        )
    return StagedFile(plan, to.part, accepted, tuple(rejects))


def row_json(plan: FilePlan) -> str:
    """SQL for the original row as JSON text, its columns in their order."""
    names = unique_names(plan.cells.names)
    pairs = ", ".join(f"{text_literal(name)}, CAST(c{i} AS VARCHAR)" for i, name in enumerate(names))
    return f"CAST(json_object({pairs}) AS VARCHAR)"


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that were there before."""
    seen: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    row = connection.execute(
        f"COPY ({query}) TO {text_literal(str(target))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
        "DICTIONARY_SIZE_LIMIT "
        f"{_MOST_DICTIONARY})"
    ).fetchone()
    return int(row[0]) if row else 0


def drop_rows(connection: duckdb.DuckDBPyConnection, staged: StagedFile, index: int, scratch: Path) -> StagedFile:
    """Take the rows listed in the temporary table `drops` (`file_index, n, reason, columns, value`) out of the part and reject
    them instead."""
    rest = scratch / "rest.parquet"
    dropped = f"(SELECT n FROM drops WHERE file_index = {index})"
    part = f"read_parquet({text_literal(str(staged.part))})"
    accepted = _copy(connection, f"SELECT * FROM {part} WHERE source_row NOT IN {dropped}", rest)
    rest.replace(staged.part)
    rejects = scratch / "dropped.parquet"
    _copy(
        connection,
        f"SELECT {text_literal(staged.plan.cells.name)} AS file, d.n AS row_number, d.columns AS column, d.value AS value, "
        "d.reason AS "
        f"reason, {row_json(staged.plan)} AS row FROM {staged.plan.cells.relation} c JOIN drops d ON d.file_index = {index} "
        "AND d.n = c.n",
        rejects,
    )
    return StagedFile(staged.plan, staged.part, accepted, (*staged.rejects, rejects))
