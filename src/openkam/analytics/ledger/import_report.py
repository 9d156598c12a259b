"""The figures and words of an import's result, read from what was staged."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from openkam.analytics.ledger.check import FilePlan
from openkam.analytics.ledger.duplicates import Duplicates
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.import_result import FileReport, RejectedCell
from openkam.analytics.ledger.numbers import NumberFormat
from openkam.analytics.ledger.plan import rounded_cells
from openkam.analytics.ledger.stage_file import StagedFile

_SHOWN_REJECTS = 20


def file_report(connection: duckdb.DuckDBPyConnection, staged: StagedFile) -> FileReport:
    """How the file was read."""
    plan, cells = staged.plan, staged.plan.cells
    used = {cells.names[i] for i in plan.used_columns}
    return FileReport(
        name=cells.name,
        format=cells.format,
        encoding=cells.encoding,
        delimiter=cells.delimiter,
        sheet=cells.sheet,
        rows=staged.rows_read,
        numbers={cells.names[i]: written(f) for i, f in plan.numbers.items()},
        dates={cells.names[i]: f.pattern if f else "no date found" for i, f in plan.dates.items()},
        mapped=_mapped(plan),
        unused=tuple(name for name in cells.names if name not in used),
        rounded=rounded_cells(connection, plan),
        notes=cells.notes,
    )


def written(format_: NumberFormat) -> str:
    """How a number is written in that format, by an example; whole where no cell had a mark."""
    decimals = f"{format_.decimal}56" if format_.most_decimals or format_.thousands else ""
    return f"1{format_.thousands}234{decimals}"


def _cuts_times(plan: FilePlan) -> bool:
    """Whether a field of days is read from cells that carry a time of day."""
    days = [f.column for f in plan.fields if f.column is not None and pa.types.is_date(f.field.type)]
    return any(
        plan.cells.columns[i].type == "instant" or ((format_ := plan.dates.get(i)) is not None and format_.has_times)
        for i in days
    )


def _mapped(plan: FilePlan) -> dict[str, str]:
    mapped: dict[str, str] = {}
    for planned in plan.fields:
        if planned.column is not None:
            mapped[planned.field.name] = f"column “{plan.cells.names[planned.column]}”"
        elif planned.expression is not None:
            mapped[planned.field.name] = "computed"
        elif planned.constant is not None:
            mapped[planned.field.name] = f"always {planned.constant}"
    return mapped


def summarise_rejects(
    connection: duckdb.DuckDBPyConnection, rejects: Path | None
) -> tuple[int, dict[tuple[str, str | None], int], tuple[RejectedCell, ...]]:
    """Number of rejected rows, cells by reason and column (most frequent first), and the first bad cells."""
    if rejects is None:
        return 0, {}, ()
    source = f"read_parquet({text_literal(str(rejects))})"
    row = connection.execute(f"SELECT count(DISTINCT (file, row_number)) FROM {source}").fetchone()
    counts = connection.execute(f'SELECT reason, "column", count(*) FROM {source} GROUP BY ALL ORDER BY 3 DESC, 1, 2').fetchall()
    first = connection.execute(
        f'SELECT file, row_number, "column", value, reason FROM {source} LIMIT {_SHOWN_REJECTS}'
    ).fetchall()
    return (
        int(row[0]) if row else 0,
        {(reason, column): count for reason, column, count in counts},
        tuple(RejectedCell(*cell) for cell in first),
    )


def line_types(connection: duckdb.DuckDBPyConnection, staged: Sequence[StagedFile]) -> dict[str, int]:
    """Accepted rows by line type; empty for tables that have none."""
    if staged[0].plan.table.name != "transactions":
        return {}
    files = ", ".join(text_literal(str(s.part)) for s in staged)
    counted = connection.execute(
        f"SELECT line_type, count(*) FROM read_parquet([{files}]) GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return {str(kind): int(count) for kind, count in counted}


def notes(staged: Sequence[StagedFile], files: Sequence[FileReport], duplicates: Duplicates) -> tuple[str, ...]:
    """What a reader of the result should know and would not guess."""
    out: list[str] = []
    table = staged[0].plan.table
    if not duplicates.key:
        out.append(
            f"Rows carry no whole key ({', '.join(table.key)}), so a row that also comes in another file cannot be recognised; "
            "only the same file is. A key of other fields can be named in the mapping: [duplicates] key."
        )
    if duplicates.whole_rows:
        out.append(
            f"{duplicates.whole_rows:,} rows repeat an earlier row in every cell; [duplicates] rows says whether to keep them."
        )
    rounded = Counter[str]()
    for file in files:
        rounded.update(file.rounded)
    if rounded:
        counts = ", ".join(f"{column}: {count:,}" for column, count in rounded.items())
        out.append(f"Cells with more decimals than the ledger keeps were rounded half to even ({counts}).")
    if any(_cuts_times(s.plan) for s in staged):
        out.append("A time of day beside a date is cut off: the ledger keeps days as they are written.")
    return tuple(out)
