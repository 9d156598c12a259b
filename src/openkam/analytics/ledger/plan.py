"""From a file's columns and a mapping to the plan of its fields, and the formats its columns turn out to have."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import duckdb

from openkam.analytics.ledger.check import FieldPlan, FilePlan, Statement, fits_kind, problems_sql
from openkam.analytics.ledger.column_matching import match_columns
from openkam.analytics.ledger.dates import DateFormat, DateOrder, decide_dates
from openkam.analytics.ledger.expression import Compiled, Kind, compile_expression, find_column, text_literal
from openkam.analytics.ledger.input_files import shown
from openkam.analytics.ledger.mapping import ImportMapping, MappingError
from openkam.analytics.ledger.numbers import MOST_DECIMALS, decide_numbers
from openkam.analytics.ledger.read import CellColumn, Cells
from openkam.analytics.ledger.schema import TABLES, Field, LineType, TableSchema
from openkam.analytics.terms import OpenKamError

_COMPUTED = frozenset({"line_type"})


class UnmappedFieldError(OpenKamError):
    """The file has no column for a field that every row must carry."""


def plan_file(cells: Cells, table: TableSchema, mapping: ImportMapping, is_matched: bool, latest_day: date | None) -> FilePlan:
    """The plan of one file. `is_matched`: there is no mapping by the user, columns are matched by name.

    Raises `MappingError` for a column the file does not have or a rule of the wrong kind, `UnmappedFieldError` where a required
    field has no source.
    """
    columns = match_columns(table, cells.names) if is_matched else mapping.columns
    fields = tuple(_field_plan(f, cells, columns, mapping) for f in table.fields)
    keeps = mapping.keeps_missing_customer
    without = [p.field.name for p in fields if _lacks_source(p) and _is_needed(p.field, table, keeps)]
    if without:
        raise UnmappedFieldError(
            f"{cells.name}: no column for {', '.join(without)}. The file has {shown(cells.names)}. "
            "Say in a mapping where each of them comes from.",
            by_command=f"Draft one with openkam import --suggest-mapping --table {table.name} FILE, complete it "
            "and give it with --mapping.",
        )
    line_types = tuple((LineType(name), _rule(text, cells, f"[line_types] {name}")) for name, text in mapping.line_types.items())
    skips = tuple((reason, _rule(text, cells, f"[skip] {reason}")) for reason, text in mapping.skip.items())
    missing = mapping.format.missing
    return FilePlan(table, cells, fields, line_types, skips, keeps, missing, latest_day)


def unmapped_fields(mapping: ImportMapping) -> tuple[str, ...]:
    """Names of the fields that every row must carry and that the mapping gives no source."""
    table = TABLES[mapping.table]
    given = {*mapping.columns, *mapping.expressions, *mapping.constants}
    return tuple(f.name for f in table.fields if f.name not in given and _is_needed(f, table, mapping.keeps_missing_customer))


def _lacks_source(planned: FieldPlan) -> bool:
    return planned.column is None and planned.expression is None and planned.constant is None


def _is_needed(field: Field, table: TableSchema, keeps_missing_customer: bool) -> bool:
    is_customer = table.name == "transactions" and field.name == "customer_key"
    return field.name not in _COMPUTED and (field.required or (is_customer and not keeps_missing_customer))


def _field_plan(field: Field, cells: Cells, columns: Mapping[str, str], mapping: ImportMapping) -> FieldPlan:
    name = field.name
    if name in columns:
        index = find_column(columns[name], cells.names)
        if index is None:
            near = difflib.get_close_matches(columns[name], cells.names, 1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            raise MappingError(
                f"{cells.name}: there is no column “{columns[name]}” for {name}.{hint} The file has {shown(cells.names)}."
            )
        return FieldPlan(field, column=index)
    if name in mapping.expressions:
        compiled = compile_expression(mapping.expressions[name], cells.names, f"[expressions] {name}")
        if not fits_kind(field, compiled.kind):
            raise MappingError(f"[expressions] {name} yields a {compiled.kind}, which {name} ({field.unit}) cannot be.")
        return FieldPlan(field, expression=compiled)
    return FieldPlan(field, constant=mapping.constants.get(name))


def _rule(text: str, cells: Cells, where: str) -> Compiled:
    compiled = compile_expression(text, cells.names, where)
    if compiled.kind is not Kind.FLAG:
        raise MappingError(
            f'{where} must say yes or no, for example startswith(col("Invoice"), "C"); it yields a {compiled.kind}.'
        )
    return compiled


def checked_constants(connection: duckdb.DuckDBPyConnection, table: TableSchema, mapping: ImportMapping) -> dict[str, str]:
    """The constants as the ledger writes them. Raises `MappingError` for one that its field cannot hold."""
    checked: dict[str, str] = {}
    for name, value in mapping.constants.items():
        cells = Cells("", "csv", f"(SELECT 2 AS n, {text_literal(value)} AS c0)", (CellColumn(name, "text"),), 1)
        fields = tuple(FieldPlan(f, column=0 if f.name == name else None) for f in table.fields)
        plan = FilePlan(table, cells, fields, (), (), True, (), None, dates={0: DateFormat("%Y-%m-%d")})
        statement = Statement(plan)
        row = connection.execute(
            f"SELECT CAST(v_{name} AS VARCHAR), CAST(to_json({problems_sql(statement.problems)}) AS VARCHAR) FROM "
            f"{statement.relation}"
        ).fetchone() or (None, "[]")
        for problem in json.loads(row[1]):
            raise MappingError(f'[constants] {name} = "{value}" is {problem["reason"]}.')
        checked[name] = str(row[0])
    return checked


def decide_formats(
    connection: duckdb.DuckDBPyConnection, plan: FilePlan, mapping: ImportMapping, date_order: DateOrder | None
) -> FilePlan:
    """The plan with the format of each column of numbers and of dates, decided from all rows.

    Raises `AmbiguousDateError` and `AmbiguousNumberError` where the rows fit two readings.
    """
    cells, relation = plan.cells, plan.texts_sql()
    texts = {i for i in plan.number_columns if cells.columns[i].type == "text"}
    numbers = decide_numbers(
        connection,
        relation,
        {i: cells.names[i] for i in sorted(texts)},
        file=cells.name,
        decimal=mapping.format.decimal,
        thousands=mapping.format.thousands,
        fallback="." if cells.format == "xlsx" else None,
    )
    given = {find_column(column, cells.names): pattern for column, pattern in mapping.dates.items()}
    if None in given:
        unknown = next(c for c in mapping.dates if find_column(c, cells.names) is None)
        raise MappingError(f"{cells.name}: [dates] names “{unknown}”, which is no column. The file has {shown(cells.names)}.")
    dates: dict[int, DateFormat | None] = {
        i: decide_dates(
            connection,
            relation,
            f"t{i}",
            where=cells.name,
            column=cells.names[i],
            given=given.get(i),
            date_order=date_order,
            has_serials=cells.format == "xlsx" or cells.from_rejects,
        )
        for i in plan.day_columns
        if cells.columns[i].type not in ("day", "instant")
    }
    return replace(plan, numbers=numbers, dates=dates)


def rounded_cells(connection: duckdb.DuckDBPyConnection, plan: FilePlan) -> dict[str, int]:
    """Column → number of its cells with more decimals than the ledger keeps, which are rounded half to even."""
    direct = {p.column: p.field.type.scale for p in plan.fields if p.column is not None and hasattr(p.field.type, "scale")}
    counted = {
        i: f"count_if(round_even({number}, {scale}) <> {number})"
        for i, scale in direct.items()
        if (number := _unrounded(plan, i, scale)) is not None
    }
    if not counted:
        return {}
    row = connection.execute(f"SELECT {', '.join(counted.values())} FROM {plan.texts_sql()}").fetchone() or ()
    return {plan.cells.names[i]: count for i, count in zip(counted, row, strict=True) if count}


def _unrounded(plan: FilePlan, index: int, scale: int) -> str | None:
    """SQL for the number with ten decimals, None where the column cannot have more than `scale`."""
    if plan.cells.columns[index].type == "float":
        return f"TRY_CAST(c{index} AS DECIMAL(38,10))"
    format_ = plan.numbers.get(index)
    has_more = format_ is not None and format_.most_decimals > max(scale, MOST_DECIMALS)
    return format_.number_sql(f"t{index}") if format_ is not None and has_more else None
