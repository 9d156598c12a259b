"""From cells to typed fields, as one SQL statement per file: a value for each field, and for each field what can be wrong with
it.

Three layers: cleaned text `t<i>`; numbers `n<i>` and days `d<i>` for expressions; values `v_<field>`. A problem is a condition
with the column, the cell and the reason to show. A row is accepted when no condition is true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from openkam.analytics.ledger.currencies import CURRENCIES
from openkam.analytics.ledger.dates import DateFormat, not_a_date_sql
from openkam.analytics.ledger.expression import NUMBER_SQL, Compiled, Kind, number_text, text_literal
from openkam.analytics.ledger.numbers import NumberFormat, not_a_number_sql
from openkam.analytics.ledger.read import Cells
from openkam.analytics.ledger.schema import Field, LineType, TableSchema

LONGEST_TEXT = 10_000
FIRST_YEAR = 1900
LAST_YEAR = 2199
MAY_LIE_AHEAD = frozenset({"due_on", "period_end_on"})
"""Days that lie after today in an honest ledger."""

_YES = ("true", "t", "yes", "y", "1")
_NO = ("false", "f", "no", "n", "0")
_FORMULA = r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)"
_SPACE = "' \t\r\n\u00a0'"


@dataclass(frozen=True, slots=True)
class Problem:
    """When `condition` (SQL) is true, `cell` (SQL) of the column named `column` is wrong for the reason `reason` (SQL)."""

    condition: str
    column: str | None
    cell: str
    reason: str


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """Where a field's value comes from: exactly one of a column's index, an expression, or a constant; none of them is null."""

    field: Field
    column: int | None = None
    expression: Compiled | None = None
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class FilePlan:
    """Everything known about how one file becomes rows of `table`."""

    table: TableSchema
    cells: Cells
    fields: tuple[FieldPlan, ...]
    line_types: tuple[tuple[LineType, Compiled], ...]
    skips: tuple[tuple[str, Compiled], ...]
    keeps_missing_customer: bool
    missing: tuple[str, ...]
    latest_day: date | None
    numbers: Mapping[int, NumberFormat] = field(default_factory=dict[int, NumberFormat])
    dates: Mapping[int, DateFormat | None] = field(default_factory=dict[int, DateFormat | None])

    @property
    def expressions(self) -> tuple[Compiled, ...]:
        """Every expression of the plan."""
        return (
            *(f.expression for f in self.fields if f.expression),
            *(c for _, c in self.line_types),
            *(c for _, c in self.skips),
        )

    @property
    def number_columns(self) -> tuple[int, ...]:
        """Indexes of the columns that are read as numbers."""
        direct = {f.column for f in self.fields if f.column is not None and _is_number(f.field)}
        return tuple(sorted(direct.union(*(e.numbers for e in self.expressions))))

    @property
    def day_columns(self) -> tuple[int, ...]:
        """Indexes of the columns that are read as days or instants."""
        direct = {f.column for f in self.fields if f.column is not None and _is_day(f.field)}
        return tuple(sorted(direct.union(*(e.days for e in self.expressions))))

    @property
    def used_columns(self) -> tuple[int, ...]:
        """Indexes of all columns that are read."""
        direct = {f.column for f in self.fields if f.column is not None}
        return tuple(sorted(direct.union(self.number_columns, self.day_columns, *(e.texts for e in self.expressions))))

    def texts_sql(self) -> str:
        """The layer of cleaned text: `n`, the cells, and `t<i>` of each column read; the relation for deciding formats."""
        texts = [f"{self._text_sql(i)} AS t{i}" for i in self.used_columns]
        return f"(SELECT {', '.join(['*', *texts])} FROM {self.cells.relation})"

    def _text_sql(self, index: int) -> str:
        if self.cells.columns[index].type != "text":
            return f"CAST(c{index} AS VARCHAR)"
        cell, trimmed = f"c{index}", f"trim(c{index}, {_SPACE})"
        words = ", ".join(text_literal(m) for m in self.missing) or "''"
        # Nearly all cells are neither empty nor padded: cheap looks at their ends spare the trimming.
        # A plain number may be padded behind.
        padded = "" if self._is_plain_number(index) else f" OR ends_with({cell}, ' ')"
        return (
            f"(CASE WHEN {cell} <= '!'{padded} THEN (CASE WHEN {trimmed} NOT IN ('', {words}) THEN {trimmed} END) "
            f"WHEN {cell} IN ({words}) THEN NULL ELSE {cell} END)"
        )

    def _is_plain_number(self, index: int) -> bool:
        """Whether the column is known to hold plain numbers and is read as nothing else."""
        format_ = self.numbers.get(index)
        return format_ is not None and format_.is_plain and not any(index in e.texts or index in e.days for e in self.expressions)


def _is_number(f: Field) -> bool:
    return pa.types.is_decimal(f.type) or pa.types.is_integer(f.type)


def _is_day(f: Field) -> bool:
    return pa.types.is_date(f.type) or pa.types.is_timestamp(f.type)


def sql_type(f: Field) -> str:
    """The SQL type that a field's Arrow type is written from."""
    if pa.types.is_decimal(f.type):
        return f"DECIMAL({f.type.precision},{f.type.scale})"
    simple = {pa.string(): "VARCHAR", pa.date32(): "DATE", pa.int64(): "BIGINT", pa.bool_(): "BOOLEAN"}
    return simple.get(f.type, "TIMESTAMPTZ")


def constant_sql(value: str, choices: Sequence[str], type_: str) -> str:
    """SQL for a value that many rows share. A text is one of an enumeration, which Parquet stores without looking at each row's
    letters."""
    enumeration = f"ENUM({', '.join(text_literal(c) for c in choices)})"
    return f"CAST({text_literal(value)} AS {enumeration if type_ == 'VARCHAR' else type_})"


@dataclass(slots=True)
class Statement:
    """The SQL of a plan: `values` by field and `problems`, over the relation `relation` (cells, texts, numbers and days)."""

    plan: FilePlan
    values: dict[str, str] = field(default_factory=dict[str, str])
    problems: list[Problem] = field(default_factory=list[Problem])

    def __post_init__(self) -> None:
        for reason, rule in self.plan.skips:
            self.problems.append(Problem(rule.sql, None, "NULL", text_literal(reason)))
        for planned in self.plan.fields:
            self._add(planned)
        self._add_line_type()

    @property
    def relation(self) -> str:
        """The relation with one column `v_<field>` for each field, beside `n`, the cells and the layers below."""
        used = self.plan.expressions
        layer = [f"{self._number(i, 10)} AS n{i}" for i in sorted(set[int]().union(*(e.numbers for e in used)))]
        layer += [f"{self._day(i)} AS d{i}" for i in sorted(set[int]().union(*(e.days for e in used)))]
        inner = f"(SELECT {', '.join(['*', *layer])} FROM {self.plan.texts_sql()})"
        first = [f"{sql} AS v_{name}" for name, sql in self.values.items() if name != "line_type"]
        valued = f"(SELECT {', '.join(['*', *first])} FROM {inner})"
        if "line_type" not in self.values:
            return valued
        return f"(SELECT *, {self.values['line_type']} AS v_line_type FROM {valued})"

    @property
    def is_accepted(self) -> str:
        """SQL that holds for rows without a problem."""
        return f"(({self.is_faulty}) IS NOT TRUE)"

    @property
    def is_faulty(self) -> str:
        """SQL that is true for rows with a problem, and false or null for others."""
        return " OR ".join(p.condition for p in self.problems) or "FALSE"

    def _add(self, planned: FieldPlan) -> None:
        f = planned.field
        if planned.constant is not None:
            self.values[f.name] = constant_sql(planned.constant, (planned.constant,), sql_type(f))
        elif planned.column is not None:
            self._add_column(f, planned.column)
        elif planned.expression is not None:
            self._add_expression(f, planned.expression)
        elif f.name != "line_type":
            self.values[f.name] = f"CAST(NULL AS {sql_type(f)})"

    def _add_column(self, f: Field, index: int) -> None:
        text, name = f"t{index}", self.plan.cells.columns[index].name
        value = f"v_{f.name}"
        self.values[f.name] = self._direct(f, index)
        self._add_missing(f, f"{text} IS NULL", name, text)
        if _is_number(f):
            reason = self._number_reason(index)
            if pa.types.is_integer(f.type):
                whole = f"{self._number(index, 10)} IS NOT NULL"
                reason = f"(CASE WHEN {whole} THEN 'not a whole number' ELSE {reason} END)"
            self.problems.append(Problem(f"({text} IS NOT NULL AND {value} IS NULL)", name, text, reason))
        elif _is_day(f):
            self.problems.append(Problem(f"({text} IS NOT NULL AND {value} IS NULL)", name, text, not_a_date_sql(text)))
        elif pa.types.is_boolean(f.type):
            self.problems.append(Problem(f"({text} IS NOT NULL AND {value} IS NULL)", name, text, "'neither yes nor no'"))
        elif f.unit != "ISO 4217" and not f.choices:
            # The comparison is the cheap look: hardly a text stands before the dollar sign in the alphabet.
            faulty = f"({text} < '$' AND regexp_full_match({text}, {text_literal(_FORMULA)}))"
            self.problems.append(Problem(faulty, name, text, "'formula error'"))
            if self.plan.cells.format == "xlsx":
                self.problems.append(Problem(f"starts_with({text}, '=')", name, text, "'formula without a stored value'"))
        self._add_limits(f, name, text)

    def _add_limits(self, f: Field, name: str | None, cell: str) -> None:
        """What must hold of a value wherever it comes from."""
        value = f"v_{f.name}"
        if _is_day(f):
            day = value if pa.types.is_date(f.type) else f"CAST({value} AS DATE)"
            self._fault(f"{day} < DATE '{FIRST_YEAR}-01-01'", name, cell, f"before {FIRST_YEAR}")
            if self.plan.latest_day and f.name not in MAY_LIE_AHEAD:
                self._fault(f"{day} > DATE '{self.plan.latest_day}'", name, cell, "in the future")
            else:
                self._fault(f"{day} > DATE '{LAST_YEAR}-12-31'", name, cell, f"after {LAST_YEAR}")
        if pa.types.is_string(f.type) and f.unit != "ISO 4217" and not f.choices:
            self._fault(
                f"strlen({value}) > {LONGEST_TEXT} AND length({value}) > {LONGEST_TEXT}",
                name,
                f"left({cell}, 100)",
                f"longer than {LONGEST_TEXT:,} characters",
            )
        if f.unit == "ISO 4217":
            # One search in a text is a third of the cost of a list; the bell between the codes is in no cell of three letters.
            codes = text_literal("\a".join(sorted(CURRENCIES)))
            self._fault(f"strlen({value}) <> 3 OR NOT contains({codes}, {value})", name, cell, "not a currency code of ISO 4217")
        if f.choices:
            allowed = ", ".join(text_literal(c) for c in f.choices)
            self._fault(f"{value} NOT IN ({allowed})", name, cell, f"none of {', '.join(f.choices)}")

    def _fault(self, condition: str, column: str | None, cell: str, reason: str) -> None:
        self.problems.append(Problem(f"({condition})", column, cell, text_literal(reason)))

    def _add_missing(self, f: Field, is_missing: str, name: str | None, cell: str) -> None:
        is_customer = self.plan.table.name == "transactions" and f.name == "customer_key"
        if f.required or (is_customer and not self.plan.keeps_missing_customer):
            self.problems.append(Problem(f"({is_missing})", name, cell, "'missing'"))

    def _direct(self, f: Field, index: int) -> str:
        """The value of a field that is a column."""
        text = f"t{index}"
        if pa.types.is_decimal(f.type):
            value = self._number(index, f.type.scale)
        elif pa.types.is_integer(f.type):
            value = self._whole(index)
        elif _is_day(f):
            value = self._day(index) if pa.types.is_date(f.type) else self._instant(index)
        elif pa.types.is_boolean(f.type):
            yes, no = (", ".join(text_literal(v) for v in values) for values in (_YES, _NO))
            value = f"(CASE WHEN lower({text}) IN ({yes}) THEN TRUE WHEN lower({text}) IN ({no}) THEN FALSE END)"
        elif f.unit == "ISO 4217":
            value = f"upper({text})"
        else:
            value = f"lower({text})" if f.choices else text
        return value

    def _whole(self, index: int) -> str:
        if self.plan.cells.columns[index].type == "text":
            return self.plan.numbers.get(index, NumberFormat()).whole_sql(f"t{index}")
        number = self._number(index, 10)
        return f"(CASE WHEN {number} = trunc({number}) THEN TRY_CAST({number} AS BIGINT) END)"

    def _number(self, index: int, decimals: int) -> str:
        """A column as a decimal with that many places, rounded half to even; with ten it is the number of expressions."""
        kind = self.plan.cells.columns[index].type
        if kind == "text":
            format_ = self.plan.numbers.get(index, NumberFormat())
            return format_.number_sql(f"t{index}") if decimals == 10 else format_.decimal_sql(f"t{index}", decimals)
        cell = f"TRY_CAST(c{index} AS {NUMBER_SQL})" if kind in ("number", "float") else f"CAST(NULL AS {NUMBER_SQL})"
        return cell if decimals == 10 else f"TRY_CAST(round_even({cell}, {decimals}) AS DECIMAL(18,{decimals}))"

    def _number_reason(self, index: int) -> str:
        format_ = self.plan.numbers.get(index, NumberFormat())
        return not_a_number_sql(f"t{index}", format_)

    def _day(self, index: int) -> str:
        if self.plan.cells.columns[index].type in ("day", "instant"):
            return f"CAST(c{index} AS DATE)"
        format_ = self.plan.dates.get(index)
        return format_.day_sql(f"t{index}") if format_ else "CAST(NULL AS DATE)"

    def _instant(self, index: int) -> str:
        if self.plan.cells.columns[index].type in ("day", "instant"):
            return f"CAST(c{index} AS TIMESTAMPTZ)"
        format_ = self.plan.dates.get(index)
        return format_.instant_sql(f"t{index}") if format_ else "CAST(NULL AS TIMESTAMPTZ)"

    def _add_expression(self, f: Field, compiled: Compiled) -> None:
        value = f"v_{f.name}"
        self.values[f.name] = _as_field(f, compiled)
        columns = self.plan.cells.columns
        empty: list[str] = []
        for index in sorted(compiled.numbers):
            bad = f"(t{index} IS NOT NULL AND n{index} IS NULL)"
            self.problems.append(Problem(bad, columns[index].name, f"t{index}", self._number_reason(index)))
            empty.append(f"t{index} IS NULL")
        for index in sorted(compiled.days):
            bad = f"(t{index} IS NOT NULL AND d{index} IS NULL)"
            self.problems.append(Problem(bad, columns[index].name, f"t{index}", not_a_date_sql(f"t{index}")))
            empty.append(f"t{index} IS NULL")
        empty += [f"t{index} IS NULL" for index in sorted(compiled.texts)]
        shown = f"{f.name} (computed)"
        any_empty = " OR ".join(empty) or "FALSE"
        self._add_missing(f, f"{value} IS NULL AND ({any_empty})", shown, "NULL")
        if f.required or not compiled.may_be_null:
            reason = "'no result: a division by zero, or a number too large'" if compiled.kind is Kind.NUMBER else "'no result'"
            self.problems.append(Problem(f"({value} IS NULL AND NOT ({any_empty}))", shown, "NULL", reason))
        self._add_limits(f, shown, f"CAST({value} AS VARCHAR)")

    def _add_line_type(self) -> None:
        if self.plan.table.name != "transactions" or "line_type" in self.values:
            return
        kinds = {kind: constant_sql(kind, tuple(LineType), "VARCHAR") for kind in LineType}
        rules = "".join(f"WHEN {rule.sql} THEN {kinds[kind]} " for kind, rule in self.plan.line_types)
        negative = f"WHEN v_quantity < 0 OR v_net_amount < 0 THEN {kinds[LineType.RETURN]}"
        self.values["line_type"] = f"(CASE {rules}{negative} ELSE {kinds[LineType.SALE]} END)"


def _as_field(f: Field, compiled: Compiled) -> str:
    """The result of an expression as the field's type. An overflow has no result, as a division by zero has none."""
    sql = f"TRY({compiled.sql})"
    if pa.types.is_decimal(f.type) and compiled.kind is Kind.NUMBER:
        return f"TRY_CAST(round_even({sql}, {f.type.scale}) AS {sql_type(f)})"
    if pa.types.is_integer(f.type) and compiled.kind is Kind.NUMBER:
        return f"(CASE WHEN {sql} = trunc({sql}) THEN TRY_CAST({sql} AS BIGINT) END)"
    if f.unit == "ISO 4217":
        return f"upper({sql})"
    if pa.types.is_string(f.type) and compiled.kind is Kind.NUMBER:
        return number_text(sql)
    return f"TRY_CAST({sql} AS {sql_type(f)})"


def fits_kind(f: Field, kind: Kind) -> bool:
    """Whether an expression of that kind can be the value of the field."""
    if kind in (Kind.NOTHING, Kind.CELL):
        return True
    if _is_number(f):
        return kind is Kind.NUMBER
    if _is_day(f):
        return kind is Kind.DAY
    return kind is Kind.FLAG if pa.types.is_boolean(f.type) else kind in (Kind.TEXT, Kind.NUMBER)


def problems_sql(problems: Sequence[Problem]) -> str:
    """SQL for the list of a row's problems (column, value, reason), empty when it has none."""
    items = [
        f"CASE WHEN {p.condition} THEN {{'column': {text_literal(p.column) if p.column else 'CAST(NULL AS VARCHAR)'}, "
        f"'value': CAST({p.cell} AS VARCHAR), 'reason': {p.reason}}} END"
        for p in problems
    ]
    return f"list_filter([{', '.join(items)}], lambda p: p IS NOT NULL)"
