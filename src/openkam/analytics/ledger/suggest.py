"""Drafts a mapping for files: what is sure stands, what is guessed stands commented out, what is missing is asked for."""

import difflib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openkam.analytics.ledger.column_matching import match_columns
from openkam.analytics.ledger.dates import AmbiguousDateError, decide_dates
from openkam.analytics.ledger.expression import find_column, matched_name
from openkam.analytics.ledger.input_files import list_files, unpack
from openkam.analytics.ledger.mapping import Format, ImportMapping
from openkam.analytics.ledger.read import Cells, OpenedText, open_file
from openkam.analytics.ledger.schema import TABLES, Field, TableSchema
from openkam.analytics.ledger.versions import known_table

_SHOWN_VALUES = 3
_SAMPLE_ROWS = 20_000
_PRICES = ("unit price", "price", "unit net price", "sales price", "item price")


@dataclass(frozen=True, slots=True)
class _Draft:
    table: TableSchema
    cells: Cells
    columns: Mapping[str, str]
    examples: Mapping[str, Sequence[str]]
    date_notes: Mapping[str, str]

    def text(self) -> str:
        expressions = likely_expressions(self.table, self.columns, self.cells.names)
        taken = {
            *self.columns.values(),
            *(c for c in self.cells.names for e in expressions.values() if f"col({json.dumps(c)})" in e),
        }
        lines = [f"# Drafted from {self.cells.name} for the table {self.table.name}: {self.table.meaning.lower()}.", ""]
        lines += [f"table = {json.dumps(self.table.name)}", '# source = "business unit and system"', "", "[columns]"]
        lines += [f"{f.name} = {_quoted(c)}{self._shown(c)}" for f in self.table.fields if (c := self.columns.get(f.name))]
        open_ = [
            f for f in self.table.fields if f.name not in self.columns and f.name not in expressions and f.name != "line_type"
        ]
        lines += [line for f in open_ if f.unit != "ISO 4217" for line in self._guess(f, taken)]
        if expressions:
            lines += ["", "[expressions]", *(f"{field} = {_quoted(text)}" for field, text in expressions.items())]
        lines += self._constants(open_)
        if self.date_notes:
            lines += ["", "[dates]  # day and month can be swapped in all rows looked at: take away the # of the right line"]
            lines += [line for note in self.date_notes.values() for line in note.splitlines()]
        lines += self._line_types()
        unused = [c for c in self.cells.names if c not in taken]
        if unused:
            lines += ["", "# Columns of the file that nothing uses:", *(f"#   {c}{self._shown(c)}" for c in unused)]
        return "\n".join(lines) + "\n"

    def _shown(self, column: str) -> str:
        values = self.examples.get(column, ())
        return "  # for example " + ", ".join(_one_line(v) for v in values) if values else ""

    def _guess(self, field: Field, taken: set[str]) -> list[str]:
        near = near_column(field, [c for c in self.cells.names if c not in taken])
        need = "REQUIRED: " if field.required or field.name == "customer_key" else ""
        if near:
            return [f"# {field.name} = {_quoted(near)}  # {need}a guess; {field.meaning}"]
        return [f'# {field.name} = "…"  # {need}{field.meaning} ({field.unit})'] if need else []

    def _constants(self, open_: Sequence[Field]) -> list[str]:
        money = [f for f in open_ if f.unit == "ISO 4217"]
        if not money:
            return []
        return ["", "[constants]", *(f'# {f.name} = "EUR"  # {"REQUIRED: " if f.required else ""}{f.meaning}' for f in money)]

    def _line_types(self) -> list[str]:
        if self.table.name != "transactions":
            return []
        lines = ["", "[line_types]  # the first rule that holds; else a sale, or a return where quantity or amount is negative"]
        key = self.columns.get("transaction_key")
        product = self.columns.get("product_key")
        column = json.dumps(key or "Invoice", ensure_ascii=False)
        cancelled = f'startswith(col({column}), "C")'
        lines.append(f"# cancellation = {_quoted(cancelled)}")
        column = json.dumps(product or "Product", ensure_ascii=False)
        is_freight = f'col({column}) in ["POST", "DOT"]'
        return [*lines, f"# freight = {_quoted(is_freight)}"]


def likely_mapping(table: str, names: Sequence[str]) -> tuple[ImportMapping, frozenset[str]]:
    """A mapping of the columns `names` by what they are called, and the fields in it that are guesses, to be looked at.

    Raises `OpenKamError` where two columns bear one field's name.
    """
    schema = TABLES[known_table(table)]
    columns = match_columns(schema, names)
    expressions = likely_expressions(schema, columns, names)
    guesses: dict[str, str] = {}
    for field in schema.fields:
        if field.name not in columns and field.name not in expressions:
            taken = {*columns.values(), *guesses.values()}
            if near := near_column(field, [name for name in names if name not in taken]):
                guesses[field.name] = near
    return ImportMapping(table, columns={**columns, **guesses}, expressions=expressions), frozenset(guesses)


def likely_expressions(table: TableSchema, columns: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Quantity times price where a transaction has no amount of its own; `columns` are the fields that have one of `names`."""
    price = next((c for p in _PRICES for c in names if matched_name(c) == matched_name(p)), None)
    if table.name != "transactions" or "net_amount" in columns or "quantity" not in columns or price is None:
        return {}
    return {"net_amount": f"col({json.dumps(columns['quantity'])}) * col({json.dumps(price)})"}


def near_column(field: Field, names: Sequence[str]) -> str | None:
    """The column whose name comes near the field's: a guess, to be looked at."""
    free = {matched_name(name): name for name in names}
    near = difflib.get_close_matches(matched_name(field.name), free, 1, 0.75)
    return free[near[0]] if near else None


def _quoted(text: str) -> str:
    """The text as a TOML string; the literal form where it can be, as rules are full of quotes."""
    return f"'{text}'" if '"' in text and "'" not in text and text.isprintable() else json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown if len(shown) <= 30 else shown[:29] + "…"


def suggest_mapping(paths: Iterable[str | os.PathLike[str]], table: str) -> str:
    """A commented mapping (TOML) for the first of the files, which `ImportMapping.parse` accepts as it stands.

    Raises `UnreadableFileError` when the file cannot be read.
    """
    schema = TABLES[known_table(table)]
    with (
        tempfile.TemporaryDirectory(prefix="openkam-suggest-") as folder,
        duckdb.connect(config={"memory_limit": "1GB"}) as connection,
    ):
        scratch = Path(folder)
        name, path = list_files(paths)[0]
        unpacked = scratch / "unpacked"
        unpacked.mkdir()
        file = next(iter(unpack(name, path, unpacked)))
        opened = open_file(connection, file, scratch, Format())
        cells = opened.read(connection, scratch, "cells") if isinstance(opened, OpenedText) else opened
        columns = match_columns(schema, cells.names)
        return _Draft(
            schema, cells, columns, _examples(connection, cells), _date_notes(connection, schema, cells, columns)
        ).text()


def _examples(connection: duckdb.DuckDBPyConnection, cells: Cells) -> dict[str, list[str]]:
    examples: dict[str, list[str]] = {}
    for index, name in enumerate(cells.names):
        rows = connection.execute(
            f"SELECT v FROM (SELECT CAST(c{index} AS VARCHAR) AS v, min(n) AS n FROM (SELECT n, c{index} FROM {cells.relation} "
            f"LIMIT {_SAMPLE_ROWS}) WHERE trim(CAST(c{index} AS VARCHAR)) <> '' GROUP BY 1) ORDER BY n LIMIT {_SHOWN_VALUES}"
        ).fetchall()
        examples[name] = [v for (v,) in rows]
    return examples


def _date_notes(
    connection: duckdb.DuckDBPyConnection, table: TableSchema, cells: Cells, columns: Mapping[str, str]
) -> dict[str, str]:
    """For each column of dates that all rows leave open, both formats as commented lines."""
    notes: dict[str, str] = {}
    for name, column in columns.items():
        index = find_column(column, cells.names)
        if index is None or table.field(name).unit not in ("day", "UTC") or cells.columns[index].type != "text":
            continue
        relation = f"(SELECT nullif(trim(c{index}), '') AS t FROM {cells.relation})"
        try:
            decide_dates(connection, relation, "t", where=cells.name, column=column, given=None, date_order=None)
        except AmbiguousDateError as error:
            patterns = (error.day_first, error.month_first)
            notes[column] = "\n".join(f"# {json.dumps(column, ensure_ascii=False)} = {json.dumps(p)}" for p in patterns)
    return notes
