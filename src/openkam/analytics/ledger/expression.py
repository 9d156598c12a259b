"""A small language for derived fields and line rules, compiled to SQL: `Price * Quantity`, `startswith(col("Invoice"), "C")`.

The text is parsed with Python's own grammar and every node is checked against a white list, so an expression can only compute
from the cells of its own row. A name or `col("Name")` is a column; it is read as number, day or text by where it stands. Numbers
are decimals with ten places; a division by zero has no result, so the row is rejected.
"""

import ast
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from openkam.analytics.terms import OpenKamError

NUMBER_SQL = "DECIMAL(38,10)"
"""Type of every number inside an expression."""

_MAX_LENGTH = 2_000


class ExpressionError(OpenKamError):
    """An expression that the language does not allow; the message carries the position."""


class Kind(StrEnum):
    """What a part of an expression yields. A `CELL` is a column whose reading is still open."""

    NUMBER = "number"
    TEXT = "text"
    DAY = "day"
    FLAG = "yes or no"
    CELL = "cell"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression as SQL over the cell columns `t<i>` (text), `n<i>` (number) and `d<i>` (day) of column index i.

    `numbers`, `days` and `texts` hold the column indexes read in each way. `may_be_null` is true where the writer named `None` or
    a function that yields nothing on purpose, so that an empty result is meant.
    """

    sql: str
    kind: Kind
    numbers: frozenset[int]
    days: frozenset[int]
    texts: frozenset[int]
    may_be_null: bool


def text_literal(value: str) -> str:
    """The text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def number_text(number: str) -> str:
    """SQL for the number `number` (SQL of `NUMBER_SQL`) as text without idle zeros."""
    return f"rtrim(rtrim(CAST({number} AS VARCHAR), '0'), '.')"


def matched_name(name: str) -> str:
    """A column name reduced for matching: case, spaces, underscores, hyphens and points do not count."""
    return "".join(c for c in name.casefold() if c not in " _-.\t\n\u00a0")


def find_column(name: str, columns: Sequence[str]) -> int | None:
    """Index of the column of that name, exactly or as `matched_name`; None without one, an error where several fit equally."""
    for fits in (
        [i for i, c in enumerate(columns) if c == name],
        [i for i, c in enumerate(columns) if matched_name(c) == matched_name(name)],
    ):
        if len(fits) > 1:
            raise OpenKamError(f"{len(fits)} columns are named “{name}”: rename all but one in the file's first row.")
        if fits:
            return fits[0]
    return None


def compile_expression(text: str, columns: Sequence[str], where: str = "expression") -> Compiled:
    """Compile `text` for a file with these columns.

    Raises `ExpressionError` (what, position) for anything outside the language and for a column the file does not have.
    """
    if len(text) > _MAX_LENGTH:
        raise ExpressionError(f"{where}: longer than {_MAX_LENGTH:,} characters.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = getattr(error, "offset", None) or 1
        raise ExpressionError(
            f"{where}: cannot be read at position {offset} of `{text}`: {getattr(error, 'msg', error)}."
        ) from error
    writer = _Writer(text.strip(), tuple(columns), where)
    sql, kind = writer.write(tree.body)
    if kind is Kind.CELL:
        sql, kind = writer.as_text((sql, kind)), Kind.TEXT
    return Compiled(sql, kind, frozenset(writer.numbers), frozenset(writer.days), frozenset(writer.texts), writer.may_be_null)


Part = tuple[str, Kind]


@dataclass(slots=True)
class _Writer:
    """Walks the tree once and writes SQL; `numbers`, `days` and `texts` collect the columns read."""

    text: str
    columns: tuple[str, ...]
    where: str
    numbers: set[int] = field(default_factory=set[int])
    days: set[int] = field(default_factory=set[int])
    texts: set[int] = field(default_factory=set[int])
    may_be_null: bool = False

    def refuse(self, node: ast.AST, why: str) -> ExpressionError:
        position = getattr(node, "col_offset", 0) + 1
        return ExpressionError(f"{self.where}: {why} (position {position} of `{self.text}`).")

    def write(self, node: ast.expr) -> Part:
        match node:
            case ast.Constant(value=value):
                part = self.constant(node, value)
            case ast.Name(id=name):
                part = self.column(node, name)
            case ast.UnaryOp(op=op, operand=operand):
                part = self.unary(node, op, operand)
            case ast.BinOp(left=left, op=op, right=right):
                part = self.arithmetic(node, left, op, right)
            case ast.BoolOp(op=op, values=values):
                word = " AND " if isinstance(op, ast.And) else " OR "
                part = "(" + word.join(self.as_flag(v) for v in values) + ")", Kind.FLAG
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                pairs = zip([left, *comparators[:-1]], ops, comparators, strict=True)
                part = "(" + " AND ".join(self.comparison(*pair) for pair in pairs) + ")", Kind.FLAG
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = self.as_flag(test)
                (then, other), kind = self.alike([body, orelse])
                part = f"(CASE WHEN {condition} THEN {then} ELSE {other} END)", kind
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                part = self.call(node, name, arguments)
            case _:
                what = type(node).__name__
                raise self.refuse(node, f"{what} is not part of the language; use arithmetic, comparison and its functions")
        return part

    def unary(self, node: ast.AST, op: ast.unaryop, operand: ast.expr) -> Part:
        match op:
            case ast.Not():
                return f"(NOT {self.as_flag(operand)})", Kind.FLAG
            case ast.USub():
                return f"(-{self.as_number(operand)})", Kind.NUMBER
            case ast.UAdd():
                return self.as_number(operand), Kind.NUMBER
            case _:
                raise self.refuse(node, f"the operator {type(op).__name__} is not part of the language; use - and not")

    def constant(self, node: ast.AST, value: object) -> Part:
        if value is None:
            self.may_be_null = True
            return "NULL", Kind.NOTHING
        if isinstance(value, bool):
            return ("TRUE" if value else "FALSE"), Kind.FLAG
        if isinstance(value, int | float):
            written = f"{value:.10f}" if isinstance(value, float) else str(value)
            if len(written.lstrip("-").split(".")[0]) > 18:
                raise self.refuse(node, "the number is too large")
            return f"CAST('{written}' AS {NUMBER_SQL})", Kind.NUMBER
        if isinstance(value, str):
            return text_literal(value), Kind.TEXT
        raise self.refuse(node, f"a {type(value).__name__} is not part of the language")

    def column(self, node: ast.AST, name: str) -> Part:
        index = find_column(name, self.columns)
        if index is None:
            near = difflib.get_close_matches(name, self.columns, 1)
            hint = (
                f"did you mean “{near[0]}”?" if near else "the file has " + ", ".join(f"“{c}”" for c in self.columns[:40]) + "."
            )
            raise self.refuse(node, f"there is no column “{name}”; {hint}")
        return str(index), Kind.CELL

    def as_number(self, node: ast.expr) -> str:
        part = self.write(node)
        if part[1] is Kind.CELL:
            self.numbers.add(int(part[0]))
            return f"n{part[0]}"
        if part[1] is Kind.NOTHING:
            return f"CAST(NULL AS {NUMBER_SQL})"
        return self.need(node, part, Kind.NUMBER)

    def as_day(self, node: ast.expr) -> str:
        part = self.write(node)
        if part[1] is Kind.CELL:
            self.days.add(int(part[0]))
            return f"d{part[0]}"
        return self.need(node, part, Kind.DAY)

    def as_flag(self, node: ast.expr) -> str:
        return self.need(node, self.write(node), Kind.FLAG)

    def as_text(self, part: Part) -> str:
        if part[1] is Kind.CELL:
            self.texts.add(int(part[0]))
            return f"t{part[0]}"
        return (
            part[0] if part[1] is Kind.TEXT else number_text(part[0]) if part[1] is Kind.NUMBER else f"CAST({part[0]} AS VARCHAR)"
        )

    def need(self, node: ast.AST, part: Part, kind: Kind) -> str:
        if part[1] is not kind:
            raise self.refuse(node, f"a {kind} is needed here, this is a {part[1]}")
        return part[0]

    def arithmetic(self, node: ast.BinOp, left: ast.expr, op: ast.operator, right: ast.expr) -> Part:
        a, b = self.as_number(left), self.as_number(right)
        match op:
            case ast.Add() | ast.Sub():
                return f"({a} {'+' if isinstance(op, ast.Add) else '-'} {b})", Kind.NUMBER
            case ast.Mult():
                return f"CAST({a} * {b} AS {NUMBER_SQL})", Kind.NUMBER
            case ast.Div():
                quotient = f"TRY_CAST(CAST({a} AS DOUBLE) / CAST({b} AS DOUBLE) AS {NUMBER_SQL})"
                return f"(CASE WHEN {b} <> 0 THEN {quotient} END)", Kind.NUMBER
            case ast.Mod():
                return f"(CASE WHEN {b} <> 0 THEN {a} % {b} END)", Kind.NUMBER
            case _:
                raise self.refuse(node, f"the operator {type(op).__name__} is not part of the language; use + - * / %")

    def alike(self, nodes: Sequence[ast.expr]) -> tuple[list[str], Kind]:
        """Write several expressions as one kind: the first definite one decides, columns follow, columns alone are text."""
        parts = [self.write(n) for n in nodes]
        kinds = [k for _, k in parts if k not in (Kind.CELL, Kind.NOTHING)]
        kind = kinds[0] if kinds else Kind.TEXT
        out: list[str] = []
        for node, part in zip(nodes, parts, strict=True):
            if part[1] is Kind.NOTHING:
                out.append("NULL")
            elif part[1] is Kind.CELL and kind is Kind.NUMBER:
                self.numbers.add(int(part[0]))
                out.append(f"n{part[0]}")
            elif part[1] is Kind.CELL and kind is Kind.DAY:
                self.days.add(int(part[0]))
                out.append(f"d{part[0]}")
            elif part[1] is Kind.CELL and kind is Kind.TEXT:
                out.append(self.as_text(part))
            else:
                out.append(self.need(node, part, kind))
        return out, kind

    def comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple | ast.Set) or not right.elts:
                raise self.refuse(right, 'after `in` stands a list, for example ["POST", "DOT"]')
            (value, *items), _ = self.alike([left, *right.elts])
            return f"({value} {'NOT IN' if isinstance(op, ast.NotIn) else 'IN'} ({', '.join(items)}))"
        if isinstance(op, ast.Is | ast.IsNot) or any(isinstance(n, ast.Constant) and n.value is None for n in (left, right)):
            return self.presence(left, op, right)
        sign = _SIGNS[type(op)]
        both_cells = sign not in ("=", "<>") and all(self.is_cell(n) for n in (left, right))
        a, b = (self.as_number(left), self.as_number(right)) if both_cells else self.alike([left, right])[0]
        return f"({a} {sign} {b})"

    def presence(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        if (
            not isinstance(right, ast.Constant)
            or right.value is not None
            or not isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq)
        ):
            raise self.refuse(right, "only None can be tested this way: `Customer is None`")
        return f"({self.as_text(self.write(left))} IS {'NOT ' if isinstance(op, ast.IsNot | ast.NotEq) else ''}NULL)"

    def is_cell(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "col"
        )

    def call(self, node: ast.Call, name: str, arguments: Sequence[ast.expr]) -> Part:
        if name == "col":
            match arguments:
                case [ast.Constant(value=str(column))]:
                    return self.column(arguments[0], column)
                case _:
                    raise self.refuse(node, 'col takes one name in quotes: col("Unit Price")')
        function = FUNCTIONS.get(name)
        if function is None:
            raise self.refuse(node, f"there is no function “{name}”; there are col, {', '.join(sorted(FUNCTIONS))}")
        if any(isinstance(a, ast.Starred) for a in arguments):
            raise self.refuse(node, "`*` is not part of the language")
        if not function.fewest <= len(arguments) <= function.most:
            raise self.refuse(node, f"{name} is written {function.usage}")
        if function.arguments is None:
            parts, kind = self.alike(arguments)
            return function.sql(parts), kind
        wanted = [function.arguments[min(i, len(function.arguments) - 1)] for i in range(len(arguments))]
        return function.sql([self.argument(a, k) for a, k in zip(arguments, wanted, strict=True)]), function.kind

    def argument(self, node: ast.expr, kind: Kind) -> str:
        if kind is Kind.NUMBER:
            return self.as_number(node)
        return self.as_day(node) if kind is Kind.DAY else self.as_text(self.write(node))


_SIGNS: dict[type[ast.cmpop], str] = {ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@dataclass(frozen=True, slots=True)
class _Function:
    """One function: `arguments` are the kinds it takes (the last repeats), None where all arguments and the result are of one
    kind."""

    usage: str
    arguments: tuple[Kind, ...] | None
    kind: Kind
    sql: Callable[[list[str]], str]
    fewest: int = 1
    most: int = 1


def _plain(name: str) -> Callable[[list[str]], str]:
    return lambda a: f"{name}({', '.join(a)})"


def _characters(name: str) -> Callable[[list[str]], str]:
    return lambda a: f"{name}({a[0]}, CAST(greatest({a[1]}, 0) AS INTEGER))"


def _ends(name: str) -> Callable[[list[str]], str]:
    return lambda a: f"coalesce({name}({a[0]}, {a[1]}), FALSE)"


def _round(a: list[str]) -> str:
    return f"CAST(round_even({a[0]}, {f'CAST({a[1]} AS INTEGER)' if len(a) > 1 else '0'}) AS {NUMBER_SQL})"


_N, _T, _D, _F = Kind.NUMBER, Kind.TEXT, Kind.DAY, Kind.FLAG

FUNCTIONS: dict[str, _Function] = {
    "abs": _Function("abs(number)", (_N,), _N, _plain("abs")),
    "round": _Function("round(number, places)", (_N,), _N, _round, 1, 2),
    "min": _Function("min(number, number, …)", (_N,), _N, _plain("least"), 2, 20),
    "max": _Function("max(number, number, …)", (_N,), _N, _plain("greatest"), 2, 20),
    "coalesce": _Function("coalesce(a, b, …): the first that is not empty", None, _T, _plain("coalesce"), 2, 20),
    "if_null": _Function("if_null(value, otherwise)", None, _T, _plain("coalesce"), 2, 2),
    "number": _Function("number(column)", (_N,), _N, lambda a: a[0]),
    "day": _Function("day(column)", (_D,), _D, lambda a: a[0]),
    "text": _Function("text(value)", (_T,), _T, lambda a: a[0]),
    "startswith": _Function('startswith(text, "start")', (_T,), _F, _ends("starts_with"), 2, 2),
    "endswith": _Function('endswith(text, "end")', (_T,), _F, _ends("ends_with"), 2, 2),
    "contains": _Function('contains(text, "part")', (_T,), _F, _ends("contains"), 2, 2),
    "upper": _Function("upper(text)", (_T,), _T, _plain("upper")),
    "lower": _Function("lower(text)", (_T,), _T, _plain("lower")),
    "strip": _Function("strip(text)", (_T,), _T, _plain("trim")),
    "replace": _Function('replace(text, "old", "new")', (_T,), _T, _plain("replace"), 3, 3),
    "concat": _Function("concat(a, b, …)", (_T,), _T, lambda a: "(" + " || ".join(a) + ")", 2, 20),
    "left": _Function("left(text, characters)", (_T, _N), _T, _characters("left"), 2, 2),
    "right": _Function("right(text, characters)", (_T, _N), _T, _characters("right"), 2, 2),
    "date_add_days": _Function(
        "date_add_days(day, days)", (_D, _N), _D, lambda a: f"CAST({a[0]} + CAST({a[1]} AS INTEGER) AS DATE)", 2, 2
    ),
}
"""Every function of the language, besides `col`."""
