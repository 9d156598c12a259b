"""Queries whose SQL is written once in a process and asked with other values each time.

Django writes the SQL of a query anew whenever it is asked: for the short questions of a page, four fifths of the processor time
that they take (1.65 ms of which 0.33 remain, for the facts of an account). A page asks twenty of them.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connections
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.expressions import Value
from django.db.models.sql.compiler import SQLCompiler

from openkam.app.people.models import User
from openkam.app.people.terms import Scope

Asked = ParamSpec("Asked")
Row = TypeVar("Row")

LARGEST_KEY = 2**63 - 1
CHECKED = False
"""Whether each question is written anew too and held against what is kept; the tests switch it on for the whole product."""


class StaleStatementError(AssertionError):
    """A query that is kept would be another one by now: it depends on something that is no argument."""


class Slot(Value):
    """The place of an argument in kept SQL."""

    def __init__(self, position: int) -> None:
        super().__init__(None)
        self.position = position

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A placeholder whose parameter is the slot itself."""
        return "%s", (self,)


class KeysSlot(Slot):
    """The place of an argument that holds keys, for `__in`."""

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A question for the keys of one parameter, however many they are."""
        unpacked = "unnest(%s::bigint[])" if connection.vendor == "postgresql" else "value FROM json_each(%s)"
        return f"(SELECT {unpacked})", (self,)


@dataclass(frozen=True, slots=True)
class SeesEverything:
    """Stands for whoever sees every record: what a query may know of them. Who they are is an argument like others (`pk`); Django
    refuses the whole of it in place of a user, so that nobody's key can be kept."""

    role: str
    is_active: bool
    pk: Slot
    effective_scope: Scope = Scope.ALL

    @property
    def kind(self) -> tuple[str, bool]:
        """For whom the same query is kept."""
        return self.role, self.is_active


class _Statement:
    """The SQL of one queryset with the places of its arguments."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(queryset.db)
        self.sql, self.parameters = self._compiler.as_sql()

    def ask(self, values: tuple[object, ...]) -> list[Any]:
        """The rows of the queryset with these values for its arguments."""
        connection = connections[self._queryset.db]
        adapted = [_adapted(value, connection) for value in values]
        parameters = tuple(adapted[told.position] if isinstance(told, Slot) else told for told in self.parameters)
        compiler: Any = copy.copy(self._compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (self.sql, parameters)
        asked: Any = object.__new__(type(self._queryset))  # `copy` would ask it
        asked.__dict__.update(self._queryset.__dict__)
        asked._query = copy.copy(self._queryset.query)
        asked._query.get_compiler = lambda *_, **__: compiler
        rows = list(asked._iterable_class(asked))
        if asked._prefetch_related_lookups:
            prefetch_related_objects(rows, *asked._prefetch_related_lookups)
        return rows


def compiled_once(make: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """Make a function that returns a queryset one that returns its rows, by SQL that is kept in the process.

    Positional arguments are values in the SQL: int, str, date, datetime or a tuple of keys, never None, whose SQL is another.
    Keyword arguments choose among few queries, each kept for good: no address may choose freely. A `User` may be among the positional
    ones, for the scope of the records: for whoever sees everything the query is kept, and made without knowing who they are; for
    everybody else it is made anew each time, because whom they see changes. The function may ask nothing but its arguments, neither
    the clock nor the database.
    """
    kept: dict[object, _Statement] = {}

    @wraps(make)
    def rows(*told: Asked.args, **shape: Asked.kwargs) -> list[Row]:
        if any(map(_is_asked_anew, told)):
            return list(make(*told, **shape))
        values, slotted = _slotted(told)
        key = (*(value.kind for value in slotted if isinstance(value, SeesEverything)), *sorted(shape.items()))
        statement = kept.get(key)
        if statement is None:
            statement = kept[key] = _Statement(_made(make, slotted, shape))
        if CHECKED:
            _require_fresh(statement, _Statement(_made(make, slotted, shape)), make.__qualname__)
        return statement.ask(values)

    return rows


def _is_asked_anew(value: object) -> bool:
    """Whether a value takes SQL of its own: somebody's scope, or a number that no column holds, which Django answers without asking."""
    if isinstance(value, User):
        return value.effective_scope != Scope.ALL
    return isinstance(value, int) and not -LARGEST_KEY <= value <= LARGEST_KEY


def _made(make: Callable[..., QuerySet[Any, Any]], slotted: tuple[object, ...], shape: dict[str, Any]) -> QuerySet[Any, Any]:
    return make(*slotted, **shape)


def _slotted(told: tuple[object, ...]) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """The values of the arguments, and the arguments with slots in their place."""
    values: list[object] = []
    slotted: list[object] = []
    for position, value in enumerate(told):
        slot = Slot(position)
        if isinstance(value, User):
            values.append(value.pk)
            slotted.append(SeesEverything(value.role, value.is_active, slot))
        elif isinstance(value, tuple) and all(isinstance(key, int) for key in value):
            values.append(value)
            slotted.append(KeysSlot(position))
        elif isinstance(value, int | str | date) and not isinstance(value, bool):
            values.append(value)
            slotted.append(slot)
        else:
            raise TypeError(f"A kept query is asked with keys, words and days, not with {value!r}.")
    return tuple(values), tuple(slotted)


def _adapted(value: object, connection: Any) -> object:
    """A value as this database takes it."""
    match value:
        case datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case date():
            return connection.ops.adapt_datefield_value(value)
        case tuple():
            return list(value) if connection.vendor == "postgresql" else json.dumps(value)
        case _:
            return value


def _require_fresh(kept: _Statement, made: _Statement, name: str) -> None:
    told = [(told.position,) if isinstance(told, Slot) else told for told in kept.parameters]
    told_now = [(told.position,) if isinstance(told, Slot) else told for told in made.parameters]
    if (kept.sql, told) != (made.sql, told_now):
        raise StaleStatementError(f"{name} is kept but depends on more than its arguments:\n{kept.sql}\n{made.sql}\n{told_now}")


def only_row(rows: list[Row]) -> Row | None:
    """The row of a question that has at most one."""
    return rows[0] if rows else None
