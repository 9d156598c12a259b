"""Time equations: the minutes one activity takes, written as data and read without running anything.

t = β0 + Σ β_k X_k (Kaplan and Anderson 2004): `8 + 3 * lines + (80 if net_amount < 500 else 0)`. A name is a driver of the
activity. Allowed are numbers, names, + − × , division by a number, comparisons, `and`, `or`, `not`, and `a if test else b`.
The text is parsed with Python's grammar and walked node by node against that list.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openkam.analytics.terms import OpenKamError

Choice = Callable[[Any, Any, Any], Any]
"""Of a test, a value where it holds and one where it does not: the engine's own way to choose."""

_LONGEST = 500
_DEEPEST = 40
_LARGEST = 1e9
_OPERATIONS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class TimeEquationError(OpenKamError):
    """A time equation that cannot be read; the message carries what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """A time equation that was read: its `text`, and the `drivers` it needs."""

    text: str
    drivers: frozenset[str]
    _tree: ast.expr = field(repr=False, compare=False)

    def of(self, drivers: Mapping[str, Any], choose: Choice = lambda test, one, other: one if test else other) -> Any:
        """Minutes of one activity with these drivers: numbers, or columns of an engine with its own `choose`."""
        return _value(self._tree, drivers, choose)


def read_minutes(text: str, where: str = "time equation") -> Minutes:
    """Read a time equation. Raises `TimeEquationError` (what, position) for anything outside the language."""
    if len(text) > _LONGEST:
        raise TimeEquationError(f"{where}: longer than {_LONGEST} characters. Move what several activities share to a driver.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        position = getattr(error, "offset", None) or 1
        raise TimeEquationError(
            f"{where}: cannot be read at position {position} of `{text}`. Write for instance 8 + 3 * lines."
        ) from error
    names: set[str] = set()
    reader = _Reader(text.strip(), where, names)
    reader.check_number(tree, 0)
    return Minutes(text.strip(), frozenset(names), tree)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Refuses what is no number or no test where one is needed, and collects the names."""

    text: str
    where: str
    names: set[str]

    def refuse(self, node: ast.AST, why: str) -> TimeEquationError:
        return TimeEquationError(f"{self.where}: {why} (position {getattr(node, 'col_offset', 0) + 1} of `{self.text}`).")

    def check_number(self, node: ast.expr, depth: int) -> None:
        if depth > _DEEPEST:
            raise self.refuse(node, f"nested deeper than {_DEEPEST} levels")
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                if not value <= _LARGEST:
                    raise self.refuse(node, f"the number is larger than {_LARGEST:,.0f}")
            case ast.Name(id=name):
                self.names.add(name)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                self.check_number(operand, depth + 1)
            case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=int() | float() as value)):
                if not 0 < value <= _LARGEST:
                    raise self.refuse(node, "divide by a number above 0")
                self.check_number(left, depth + 1)
            case ast.BinOp(op=ast.Div()):
                raise self.refuse(node, "divide by a number only: a driver may be 0")
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
                self.check_number(left, depth + 1)
                self.check_number(right, depth + 1)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.check_test(test, depth + 1)
                self.check_number(body, depth + 1)
                self.check_number(orelse, depth + 1)
            case _:
                raise self.refuse(
                    node, "a number is needed here: a number, a driver, + - *, division by a number, or x if test else y"
                )

    def check_test(self, node: ast.expr, depth: int) -> None:
        if depth > _DEEPEST:
            raise self.refuse(node, f"nested deeper than {_DEEPEST} levels")
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATIONS:
                self.check_number(left, depth + 1)
                self.check_number(right, depth + 1)
            case ast.BoolOp(values=values):
                for value in values:
                    self.check_test(value, depth + 1)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.check_test(operand, depth + 1)
            case _:
                raise self.refuse(node, "a test is needed here, for instance net_amount < 500")


def _value(node: ast.expr, drivers: Mapping[str, Any], choose: Choice) -> Any:
    match node:
        case ast.Constant(value=int() | float() as value):
            found = float(value)
        case ast.Name(id=name):
            found = drivers[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _value(operand, drivers, choose)
            found = choose(inner, False, True) if isinstance(op, ast.Not) else -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=op, right=right):
            found = _OPERATIONS[type(op)](_value(left, drivers, choose), _value(right, drivers, choose))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            found = _OPERATIONS[type(op)](_value(left, drivers, choose), _value(right, drivers, choose))
        case ast.BoolOp(op=op, values=values):
            join = operator.and_ if isinstance(op, ast.And) else operator.or_
            found = _value(values[0], drivers, choose)
            for value in values[1:]:
                found = join(found, _value(value, drivers, choose))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            found = choose(*(_value(part, drivers, choose) for part in (test, body, orelse)))
        case _:
            raise AssertionError(ast.dump(node))
    return found
