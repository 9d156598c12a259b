"""A mapping as TOML: what `ImportMapping.parse` reads back as the same mapping."""

import json
from collections.abc import Mapping
from dataclasses import fields

from openkam.analytics.ledger.mapping import Format, ImportMapping


def write_mapping(mapping: ImportMapping) -> str:
    """The mapping written out, sections in their usual order, what is left to detection left out."""
    lines = [f"table = {_text(mapping.table)}"]
    if mapping.source is not None:
        lines.append(f"source = {_text(mapping.source)}")
    for name in ("columns", "expressions", "constants", "dates"):
        lines += _section(name, getattr(mapping, name))
    lines += _section("format", _format(mapping.format))
    lines += _section("line_types", mapping.line_types) + _section("skip", mapping.skip)
    if mapping.keeps_missing_customer:
        lines += ["", "[keep]", "missing_customer = true"]
    duplicates: dict[str, str | int | tuple[str, ...]] = {}
    if mapping.duplicate_key is not None:
        duplicates["key"] = mapping.duplicate_key
    if mapping.duplicate_rows != "keep":
        duplicates["rows"] = mapping.duplicate_rows
    lines += _section("duplicates", duplicates)
    if mapping.existing_keys != "reject":
        lines += _section("keys", {"existing": mapping.existing_keys})
    return "\n".join(lines) + "\n"


def _format(format_: Format) -> dict[str, str | int | tuple[str, ...]]:
    usual = Format()
    return {f.name: value for f in fields(Format) if (value := getattr(format_, f.name)) != getattr(usual, f.name)}


def _section(name: str, values: Mapping[str, str | int | tuple[str, ...]]) -> list[str]:
    return ["", f"[{name}]", *(f"{_key(key)} = {_value(value)}" for key, value in values.items())] if values else []


def _value(value: str | int | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").isalnum() else _text(key)


def _text(text: str) -> str:
    # TOML's basic strings are JSON's, but for the delete character, which JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
