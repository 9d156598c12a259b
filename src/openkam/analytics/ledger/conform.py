"""Rows made to conform to a table's schema: columns in order, types widened without loss, provenance filled in, faults counted.

Only conversions that cannot change a value are made. A float never becomes an amount and a text never becomes a day here: how to
round and how to read is the import's decision.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openkam.analytics.ledger.schema import PROVENANCE, Field, TableSchema
from openkam.analytics.terms import OpenKamError

_SHOWN_FAULTS = 5


class UnfitRowsError(OpenKamError):
    """Rows do not fit the table's schema; the message names each column, how many rows and the first of them."""


@dataclass(slots=True)
class Faults:
    """What is wrong with the rows, by column and reason: how many rows, and the first of them (1 = the first row given)."""

    table: str
    found: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict[tuple[str, str], tuple[int, int]])

    def add(self, column: str, reason: str, count: int, first_row: int) -> None:
        """Count `count` more rows of that fault; the first row stays the lowest seen."""
        before, first_before = self.found.get((column, reason), (0, first_row))
        self.found[column, reason] = (before + count, min(first_row, first_before))

    def raise_if_any(self) -> None:
        """Raise `UnfitRowsError` when anything is wrong."""
        if not self.found:
            return
        shown = [
            f"{column} {reason} in {count:,} row{'s' if count > 1 else ''}, first in row {first_row:,}"
            for (column, reason), (count, first_row) in list(self.found.items())[:_SHOWN_FAULTS]
        ]
        more = f"; and {len(self.found) - _SHOWN_FAULTS} more faults" if len(self.found) > _SHOWN_FAULTS else ""
        raise UnfitRowsError(f"The rows do not fit the table {self.table}: {'; '.join(shown)}{more}. Nothing was imported.")


def as_batches(rows: Any) -> Iterator[pa.RecordBatch]:
    """Record batches of a table, a reader, one record batch or an iterable of record batches, one at a time."""
    if isinstance(rows, pa.RecordBatch):
        return iter([rows])
    if isinstance(rows, pa.Table):
        return iter(rows.to_batches())
    return iter(rows)


def conform(rows: Iterable[pa.RecordBatch], table: TableSchema, source: str, batch_id: str) -> Iterator[pa.RecordBatch]:
    """The rows as the table stores them. Raises `UnfitRowsError` once all were looked at, or at once on wrong columns.

    After the first fault nothing more is yielded, but the rest is still read so that the message can count.
    """
    faults = Faults(table.name)
    first_row = 1
    for batch in rows:
        check_columns(batch.schema, table)
        arrays = [_column(batch, f, faults, first_row) for f in table.fields]
        source_row = _column(batch, PROVENANCE[-1], faults, first_row)
        arrays += [pa.repeat(source, batch.num_rows), pa.repeat(batch_id, batch.num_rows), source_row]
        first_row += batch.num_rows
        if not faults.found:
            yield pa.RecordBatch.from_arrays(arrays, schema=table.arrow)
    faults.raise_if_any()


def check_columns(schema: pa.Schema, table: TableSchema) -> None:
    """Raise `UnfitRowsError` when required columns are missing, unknown ones are there, or a type cannot be that of the field."""
    fields = {f.name: f for f in (*table.fields, PROVENANCE[-1])}
    if missing := [name for name in table.required if name not in schema.names]:
        raise UnfitRowsError(
            f"The rows for {table.name} lack the required column{'s' * (len(missing) > 1)} {', '.join(missing)}."
        )
    if unknown := [name for name in schema.names if name not in fields]:
        own = [f.name for f in PROVENANCE if f.name in unknown]
        hint = f"The ledger fills {', '.join(own)} itself." if own else f"It has {', '.join(fields)}."
        raise UnfitRowsError(f"The table {table.name} has no column {', '.join(unknown)} to be given. {hint}")
    if len(set(schema.names)) != len(schema.names):
        raise UnfitRowsError(f"The rows for {table.name} give a column twice: {', '.join(schema.names)}.")
    for given in schema:
        expected = fields[given.name]
        if not _is_castable(given.type, expected.type):
            raise UnfitRowsError(
                f"The column {given.name} of {table.name} must be {expected.type} ({expected.unit}), not {given.type}."
            )


def _is_castable(given: pa.DataType, expected: pa.DataType) -> bool:
    if pa.types.is_dictionary(given):
        return _is_castable(given.value_type, expected)
    fits: tuple[tuple[Callable[[Any], bool], Callable[[Any], bool]], ...] = (
        (pa.types.is_string, lambda t: pa.types.is_string(t) or pa.types.is_large_string(t) or pa.types.is_string_view(t)),
        (pa.types.is_decimal, lambda t: pa.types.is_decimal(t) or pa.types.is_integer(t)),
        (pa.types.is_integer, pa.types.is_integer),
        (pa.types.is_date, pa.types.is_date),
        (pa.types.is_timestamp, lambda t: pa.types.is_timestamp(t) and t.tz is not None),
        (pa.types.is_boolean, pa.types.is_boolean),
    )
    return pa.types.is_null(given) or any(is_wanted(expected) and is_given(given) for is_wanted, is_given in fits)


def _cast(array: pa.Array, f: Field) -> pa.Array:
    if array.type.equals(f.type):
        return array
    if pa.types.is_integer(array.type) and pa.types.is_decimal(f.type):
        # Arrow casts an integer only to a decimal wide enough for every integer of its type.
        array = array.cast(pa.decimal128(38, f.type.scale))
    return array.cast(f.type, safe=True)


def _column(batch: pa.RecordBatch, f: Field, faults: Faults, first_row: int) -> pa.Array:
    if f.name not in batch.schema.names:
        return pa.nulls(batch.num_rows, f.type)
    given = batch.column(f.name)
    if pa.types.is_dictionary(given.type):
        given = given.cast(given.type.value_type)
    if f.required and given.null_count:
        _count(given.is_null(), f.name, "is required but missing", faults, first_row)
    try:
        array = _cast(given, f)
    except pa.ArrowInvalid:
        unfit = pa.array([not _fits(given.slice(i, 1), f) for i in range(len(given))])
        _count(unfit, f.name, f"does not fit {f.type}", faults, first_row)
        return pa.nulls(batch.num_rows, f.type)
    if f.choices:
        # By name: pyarrow makes its functions when it is loaded, and a type checker cannot see them.
        is_chosen = pc.call_function("is_in", [array], pc.SetLookupOptions(pa.array(f.choices, pa.string()), skip_nulls=False))
        is_unknown = pc.call_function("and_not", [array.is_valid(), is_chosen])
        _count(is_unknown, f.name, f"is none of {', '.join(f.choices)}", faults, first_row)
    return array


def _fits(one: pa.Array, f: Field) -> bool:
    try:
        _cast(one, f)
    except pa.ArrowInvalid:
        return False
    return True


def _count(is_faulty: pa.BooleanArray, column: str, reason: str, faults: Faults, first_row: int) -> None:
    count = is_faulty.true_count
    if count:
        faults.add(column, reason, count, first_row + pc.index(is_faulty, True).as_py())
