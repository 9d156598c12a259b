"""The short way for a clean delimited file: typed while it is read. At the first doubt it is given up, and the file read the long
way.

The formats are told from the first rows and then hold for every row, or the attempt fails: a cell that does not fit, a decimal
mark that the first rows could not prove, more decimals than the ledger keeps, a date column in which no day after the 12th
settles the order. What succeeds is therefore what the long way would give.
"""

from dataclasses import replace

import duckdb

from openkam.analytics.ledger.check import FilePlan, Statement
from openkam.analytics.ledger.dates import AmbiguousDateError, DateOrder
from openkam.analytics.ledger.delimited import csv_sql
from openkam.analytics.ledger.mapping import ImportMapping
from openkam.analytics.ledger.numbers import MOST_DECIMALS, AmbiguousNumberError
from openkam.analytics.ledger.plan import decide_formats
from openkam.analytics.ledger.read import OpenedText
from openkam.analytics.ledger.stage_file import Destination, StagedFile, write_part

_SAMPLE_ROWS = 5_000
_LAST_UNSURE_DAY = 12


def stage_clean(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedText,
    plan: FilePlan,
    *,
    mapping: ImportMapping,
    date_order: DateOrder | None,
    to: Destination,
) -> StagedFile | None:
    """Stage the file if it is clean beyond doubt, else None and nothing is left."""
    source = csv_sql(opened.text, opened.dialect)
    try:
        planned = _plan_by_first_rows(connection, source, plan, mapping, date_order)
        if planned is None:
            return None
        statement = Statement(replace(planned, cells=replace(plan.cells, relation=f"(FROM {source})")))
        computed = [p.field.name for p in planned.fields if p.column is not None or p.expression is not None]
        if planned.line_types:
            computed.append("line_type")
        doubts = " OR ".join([statement.is_faulty, *_doubts(planned)])
        stop = f"CASE WHEN {doubts} THEN CAST(error('doubt') AS BOOLEAN) END AS doubt"
        values = ", ".join([*(f"v_{name}" for name in computed), stop])
        row = connection.execute(f"CREATE TABLE {to.table} AS SELECT {values} FROM {statement.relation}").fetchone()
    except (
        duckdb.InvalidInputException,
        duckdb.ConversionException,
        duckdb.OutOfRangeException,
        AmbiguousDateError,
        AmbiguousNumberError,
    ):
        return None
    rows = int(row[0]) if row else 0
    planned = replace(planned, cells=replace(plan.cells, rows=rows))
    hides_blank_lines = opened.text.could_hide_blank_lines(opened.dialect.header_lines + rows)
    if not rows or hides_blank_lines or not _are_orders_settled(connection, to.table, planned, date_order):
        connection.execute(f"DROP TABLE {to.table}")
        return None
    rest = {name: sql for name, sql in statement.values.items() if name not in computed}
    later = ", ".join(
        ["*", f"rowid + {opened.dialect.header_row + 1} AS n", *(f"{sql} AS v_{name}" for name, sql in rest.items())]
    )
    write_part(connection, planned, f"(SELECT {later} FROM {to.table})", to)
    connection.execute(f"DROP TABLE {to.table}")
    return StagedFile(planned, to.part, rows, ())


def _plan_by_first_rows(
    connection: duckdb.DuckDBPyConnection, source: str, plan: FilePlan, mapping: ImportMapping, date_order: DateOrder | None
) -> FilePlan | None:
    """The plan with the formats of the first rows; None where they are of the kinds that only all rows can decide."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE first_rows AS SELECT 0 AS n, * FROM {source} LIMIT {_SAMPLE_ROWS}")
    sample = replace(plan, cells=replace(plan.cells, relation="first_rows"))
    planned = replace(decide_formats(connection, sample, mapping, date_order), cells=plan.cells)
    connection.execute("DROP TABLE first_rows")
    direct = {p.column for p in plan.fields if p.column is not None}
    is_plain = all(f.is_plain for f in planned.numbers.values())
    are_days = all(f is not None and i in direct for i, f in planned.dates.items())
    is_instant = any(str(p.field.type).startswith("timestamp") for p in plan.fields if p.column is not None)
    return planned if is_plain and are_days and not is_instant else None


def _doubts(plan: FilePlan) -> list[str]:
    """SQL for what would make the long way decide otherwise: marks the first rows did not show, decimals that must be rounded."""
    doubts: list[str] = []
    for index, format_ in plan.numbers.items():
        place = f"strpos(c{index}, '.')"
        decimals = f"({place} > 0 AND strlen(c{index}) - {place} > {MOST_DECIMALS})"
        doubts.append(decimals if format_.most_decimals else f"contains(c{index}, '.')")
    return doubts


def _are_orders_settled(connection: duckdb.DuckDBPyConnection, table: str, plan: FilePlan, date_order: DateOrder | None) -> bool:
    """Whether each column of dates whose day and month could be swapped has a day that cannot be a month."""
    open_ = [
        p.field.name
        for p in plan.fields
        if p.column is not None and (f := plan.dates.get(p.column)) is not None and f.is_swappable and date_order is None
    ]
    if not open_:
        return True
    row = connection.execute(f"SELECT {', '.join(f'max(day(v_{name}))' for name in open_)} FROM {table}").fetchone() or ()
    return all(last is not None and isinstance(last, int) and last > _LAST_UNSURE_DAY for last in row)
