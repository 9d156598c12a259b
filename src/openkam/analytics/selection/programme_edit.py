"""Change single values of a programme's text and leave the rest, comments included, as its author wrote it."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from openkam.analytics.selection.criteria import Points
from openkam.analytics.selection.programme_document import Document, ProgrammeError, read_document
from openkam.analytics.selection.programme_schema import TABLES

Value = str | float | bool | Points | tuple[str, ...] | None

_COMMENT = re.compile(r"""^[^#"'\[{]*?(?P<comment>\s+#.*)$""")
_HEADER = re.compile(r"^\s*\[")


@dataclass(frozen=True, slots=True)
class Edit:
    """One key of a programme to be set, or with None removed; `number` counts tables of that heading from 1."""

    table: str
    key: str
    value: Value
    number: int = 1


def edited_programme(text: str, edits: Sequence[Edit], *, name: str = "programme.toml") -> str:
    """The text with the edits done. A single table that is missing is added at the end.

    What the programme then says is not checked: parse it. Raises `ProgrammeError` where the text cannot be read, or writes a value in
    a way that cannot be changed by itself (an inline table).
    """
    for edit in edits:
        text = _edited(text, edit, name)
    return text


def pinned_programme(text: str, account: str, is_in: bool | None, reason: str = "", *, name: str = "programme.toml") -> str:
    """The text with one pin for the account, or with None without any. Raises `ProgrammeError` as `edited_programme`."""
    document = read_document(text, name)
    pins = cast("list[dict[str, object]]", document.tables.get("pin", []))
    for number in range(len(pins), 0, -1):
        if pins[number - 1].get("account") == account:
            text = _without_table(read_document(text, name), "pin", number)
    if is_in is None:
        return text
    return f"{text.rstrip()}\n\n{_block('pin', {'account': account, 'decision': 'in' if is_in else 'out', 'reason': reason})}"


def added_table(text: str, table: str, values: Mapping[str, Value], *, name: str = "programme.toml") -> str:
    """The text with one more table of a list, behind the last of its kind, or at the end where it is the first.

    Raises `ProgrammeError` as `edited_programme`.
    """
    document = read_document(text, name)
    count = len(cast("list[object]", document.tables.get(table, [])))
    if not count:
        return f"{text.rstrip()}\n\n{_block(table, values)}"
    _, end = _span(document, table, count)
    return "\n".join([*document.lines[:end], "", *_block(table, values).splitlines(), *document.lines[end:]])


def removed_table(text: str, table: str, number: int, *, name: str = "programme.toml") -> str:
    """The text without the `number`-th table of a list, counted from 1. Raises `ProgrammeError` as `edited_programme`."""
    return _without_table(read_document(text, name), table, number)


def written(value: Value) -> str:
    """A value as TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case tuple():
            items = (written(item) if isinstance(item, str) else f"[{written(item[0])}, {written(item[1])}]" for item in value)
            return f"[{', '.join(items)}]"
        case None:
            return ""
        case _:
            return str(int(value)) if float(value).is_integer() else repr(float(value))


def _edited(text: str, edit: Edit, name: str) -> str:
    document = read_document(text, name)
    raw = document.tables.get(edit.table)
    if raw is None:
        heading = TABLES[edit.table].heading
        return text if edit.value is None else f"{text.rstrip()}\n\n{heading}\n{edit.key} = {written(edit.value)}\n"
    table = cast("list[dict[str, object]]", raw)[edit.number - 1] if isinstance(raw, list) else cast("dict[str, object]", raw)
    heading_line = document.line_of(edit.table, edit.number)
    if heading_line is None:
        raise _hidden(document, edit)
    lines = list(document.lines)
    new = [] if edit.value is None else [f"{edit.key} = {written(edit.value)}"]
    if edit.key in table:
        start = (document.line_of(edit.table, edit.number, edit.key) or 0) - 1
        if start == heading_line - 1:
            raise _hidden(document, edit)
        end = _end_of_value(document, edit, start)
        kept = _COMMENT.match(lines[start]) if end == start + 1 and new else None
        if kept:
            new[0] = f"{new[0]}{kept['comment']}"
        lines[start:end] = new
    elif new:
        lines[heading_line:heading_line] = new
    return "\n".join(lines)


def _end_of_value(document: Document, edit: Edit, start: int) -> int:
    """The line behind a value, which may span several: the fewest lines that are TOML by themselves."""
    for end in range(start + 1, len(document.lines) + 1):
        try:
            found = tomllib.loads("\n".join(document.lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        if list(found) == [edit.key] and not isinstance(found[edit.key], dict):
            return end
        break
    raise _hidden(document, edit)


def _block(table: str, values: Mapping[str, Value]) -> str:
    return f"{TABLES[table].heading}\n" + "".join(f"{key} = {written(value)}\n" for key, value in values.items())


def _without_table(document: Document, table: str, number: int) -> str:
    start, end = _span(document, table, number)
    return "\n".join([*document.lines[:start], *document.lines[end:]])


def _span(document: Document, table: str, number: int) -> tuple[int, int]:
    """The lines of one table, from its heading to behind its last key; comments before the next table are not its own."""
    heading_line = document.line_of(table, number)
    if heading_line is None:
        raise _hidden(document, Edit(table, TABLES[table].keys[0].name, None, number))
    start = heading_line - 1
    lines = document.lines
    end = next((i for i in range(heading_line, len(lines)) if _HEADER.match(lines[i]) and _is_whole(lines[start:i])), len(lines))
    while end > heading_line and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return start, end


def _is_whole(lines: Sequence[str]) -> bool:
    """Whether the lines are TOML by themselves: a bracket that begins a line may also stand inside a value."""
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _hidden(document: Document, edit: Edit) -> ProgrammeError:
    heading = TABLES[edit.table].heading
    return ProgrammeError(
        f"{document.file}: {edit.key} of {heading} {edit.number} is written in a way that cannot be changed by itself: "
        f"write it on a line of its own below {heading}, or edit the text."
    )
