"""The mapping of a file's columns onto a table of the ledger: read from TOML, or matched by name.

table = "transactions"
source = "uk-shop"
[columns]       transaction_key = "Invoice"
[expressions]   net_amount = "Quantity * Price"
[constants]     currency = "GBP"
[dates]         InvoiceDate = "%d/%m/%Y"
[format]        encoding, delimiter, quote, escape, decimal, thousands, missing = ["NULL"], skip_lines, sheet
[line_types]    cancellation = 'startswith(col("Invoice"), "C")'       (first rule that holds; else sale, or return when negative)
[skip]          "test order" = 'StockCode == "TEST"'                   (rows that do not belong, rejected with that reason)
[keep]          missing_customer = true
[duplicates]    key = ["transaction_key", "line_number"], rows = "keep" or "reject"
[keys]          existing = "reject" or "skip"
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from openkam.analytics.ledger.schema import TABLES, LineType, TableSchema
from openkam.analytics.terms import OpenKamError

MAPPING_SECTIONS = (
    *("table", "source", "columns", "expressions", "constants", "dates"),
    *("format", "line_types", "skip", "keep", "duplicates", "keys"),
)


class MappingError(OpenKamError):
    """A mapping that cannot be used; the message names the section and key."""


@dataclass(frozen=True, slots=True)
class Format:
    """What the user says about the file instead of having it detected; null or empty means: detect. `missing` are cells that mean
    nothing."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    escape: str = '"'
    decimal: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] = ("NULL",)
    skip_lines: int = 0
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """How each field of `table` comes about. `columns`, `expressions` and `constants` are by field, `dates` by column of the
    file.

    `line_types` and `skip` are rules in order (name or reason → expression). `duplicate_key` null means the table's own key.
    """

    table: str
    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    expressions: Mapping[str, str] = field(default_factory=dict[str, str])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    dates: Mapping[str, str] = field(default_factory=dict[str, str])
    format: Format = Format()
    line_types: Mapping[str, str] = field(default_factory=dict[str, str])
    skip: Mapping[str, str] = field(default_factory=dict[str, str])
    keeps_missing_customer: bool = False
    duplicate_key: tuple[str, ...] | None = None
    duplicate_rows: Literal["keep", "reject"] = "keep"
    existing_keys: Literal["reject", "skip"] = "reject"

    @classmethod
    def parse(cls, text: str, where: str = "mapping") -> "ImportMapping":
        """The mapping written in `text` (TOML). Raises `MappingError` naming what is wrong, where, and what is possible."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise MappingError(f"{where}: not valid TOML: {error}.") from error
        return _Reader(where, document).mapping()


def load_mapping(path: str | os.PathLike[str]) -> ImportMapping:
    """The mapping in a TOML file. Raises `MappingError` when it cannot be read or used."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"{os.fspath(path)}: the mapping cannot be read: {error}.") from error
    return ImportMapping.parse(text, os.fspath(path))


@dataclass(frozen=True, slots=True)
class _Reader:
    where: str
    document: Mapping[str, Any]

    def refuse(self, what: str) -> MappingError:
        return MappingError(f"{self.where}: {what}")

    def mapping(self) -> ImportMapping:
        self.known(
            self.document,
            MAPPING_SECTIONS,
            "the mapping",
        )
        name = self.document.get("table")
        if name not in TABLES:
            raise self.refuse(f'table = "…" must name one of {", ".join(TABLES)}.')
        table = TABLES[cast("str", name)]
        source = self.document.get("source")
        if source is not None and (not isinstance(source, str) or not source.strip()):
            raise self.refuse('source = "…" must be a text that names the business unit and system.')
        columns, expressions = self.texts("columns"), self.texts("expressions")
        constants = self.constants()
        for section, given in (("columns", columns), ("expressions", expressions), ("constants", constants)):
            self.known(given, [f.name for f in table.fields], f"[{section}]")
        self.once(columns, expressions, constants)
        line_types = self.texts("line_types")
        self.known(line_types, list(LineType), "[line_types]")
        if line_types and (table.name != "transactions" or "line_type" in {*columns, *expressions, *constants}):
            raise self.refuse("[line_types] is for transactions whose line_type is not mapped otherwise.")
        keep = self.section("keep", ("missing_customer",))
        if keep and table.name != "transactions":
            raise self.refuse("[keep] missing_customer is for transactions only.")
        duplicates = self.section("duplicates", ("key", "rows"))
        return ImportMapping(
            table=table.name,
            source=source,
            columns=columns,
            expressions=expressions,
            constants=constants,
            dates=self.texts("dates"),
            format=self.format(),
            line_types=line_types,
            skip=self.texts("skip"),
            keeps_missing_customer=self.flag(keep, "missing_customer", "keep"),
            duplicate_key=self.key(duplicates, table),
            duplicate_rows=self.choice(duplicates, "rows", ("keep", "reject"), "duplicates"),
            existing_keys=self.choice(self.section("keys", ("existing",)), "existing", ("reject", "skip"), "keys"),
        )

    def known(self, given: Iterable[str], allowed: Iterable[str], what: str) -> None:
        names = list(allowed)
        for key in given:
            if key not in names:
                raise self.refuse(f"{what} has no “{key}”; possible are {', '.join(names)}.")

    def section(self, name: str, allowed: Iterable[str]) -> Mapping[str, Any]:
        section = self.document.get(name, {})
        if not isinstance(section, dict):
            raise self.refuse(f"{name} must be a section: [{name}].")
        self.known(cast("dict[str, Any]", section), allowed, f"[{name}]")
        return cast("dict[str, Any]", section)

    def texts(self, name: str) -> dict[str, str]:
        section = self.document.get(name, {})
        if not isinstance(section, dict) or not all(
            isinstance(v, str) and v.strip() for v in cast("dict[str, Any]", section).values()
        ):
            raise self.refuse(f'[{name}] holds lines of the form name = "text".')
        return cast("dict[str, str]", section)

    def constants(self) -> dict[str, str]:
        section = self.document.get("constants", {})
        if not isinstance(section, dict):
            raise self.refuse("[constants] holds lines of the form field = value.")
        values: dict[str, str] = {}
        for key, value in cast("dict[str, Any]", section).items():
            if isinstance(value, list | dict):
                raise self.refuse(f"[constants] {key} must be one value.")
            values[key] = str(value).lower() if isinstance(value, bool) else str(value)
        return values

    def once(self, *sections: Mapping[str, str]) -> None:
        seen: set[str] = set()
        for section in sections:
            if twice := seen & set(section):
                raise self.refuse(
                    f"{', '.join(sorted(twice))} is mapped twice: keep one of [columns], [expressions], [constants]."
                )
            seen |= set(section)

    def flag(self, section: Mapping[str, Any], key: str, name: str) -> bool:
        value = section.get(key, False)
        if not isinstance(value, bool):
            raise self.refuse(f"[{name}] {key} must be true or false.")
        return value

    def choice(self, section: Mapping[str, Any], key: str, allowed: tuple[str, ...], name: str) -> Any:
        value = section.get(key, allowed[0])
        if value not in allowed:
            raise self.refuse(f"[{name}] {key} must be one of {', '.join(allowed)}.")
        return value

    def key(self, section: Mapping[str, Any], table: TableSchema) -> tuple[str, ...] | None:
        value = section.get("key")
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(v, str) for v in cast("list[Any]", value)):
            raise self.refuse("[duplicates] key must be a list of fields.")
        names = cast("list[str]", value)
        self.known(names, [f.name for f in table.fields], "[duplicates] key")
        return tuple(names)

    def format(self) -> Format:
        given = self.section("format", Format.__dataclass_fields__)
        for key, value in given.items():
            wanted: type = {"missing": list, "skip_lines": int}.get(key, str)
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise self.refuse(f"[format] {key} must be a {wanted.__name__}.")
        for key in ("delimiter", "decimal", "escape"):
            if len(given.get(key, ",")) != 1:
                raise self.refuse(f"[format] {key} must be one character.")
        if len(given.get("quote", "")) > 1 or len(given.get("thousands", "")) > 1:
            raise self.refuse("[format] quote and thousands must be one character, or empty for none.")
        if given.get("decimal", ".") not in (".", ","):
            raise self.refuse('[format] decimal must be "." or ",".')
        if given.get("thousands", "") not in ("", ",", ".", " ", "'"):
            raise self.refuse("[format] thousands must be one of , . ' a space, or empty for none.")
        if given.get("decimal") is not None and given.get("decimal") == given.get("thousands"):
            raise self.refuse("[format] decimal and thousands cannot be the same.")
        if given.get("skip_lines", 0) < 0:
            raise self.refuse("[format] skip_lines must not be negative.")
        values = dict(given)
        if "missing" in values:
            values["missing"] = tuple(values["missing"])
        if not all(isinstance(v, str) for v in values.get("missing", ())):
            raise self.refuse('[format] missing must be a list of texts, for example ["NULL", "n/a"].')
        return Format(**values)
