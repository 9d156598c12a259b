"""A programme file as read from TOML, and where in it a fault stands."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from openkam.analytics.selection.programme_schema import TABLES
from openkam.analytics.terms import OpenKamError

_HEADER = re.compile(r"""^\s*(\[\[?)\s*([A-Za-z0-9_"'.\- ]+?)\s*\]\]?\s*(?:#.*)?$""")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class ProgrammeError(OpenKamError):
    """A fault of a programme: the message names file, line where known, table and key, and says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a programme file, for words about a fault in it. `number` counts tables of that heading from 1, 0 = only one."""

    document: "Document"
    table: str
    heading: str
    number: int = 0
    title: str = ""

    def fault(self, problem: str, key: str = "") -> ProgrammeError:
        """The error to raise: place, then the problem, which must end with what to do."""
        line = self.document.line_of(self.table, self.number, key)
        words = [self.document.file, *([f"line {line}"] if line else [])]
        where = self.heading + (f" {self.number}" if self.number else "") + (f" ({self.title})" if self.title else "")
        return ProgrammeError(f"{', '.join([*words, where])}: {problem}")


@dataclass(frozen=True, slots=True)
class Document:
    """The raw tables of one programme and the lines they came from; `file` is the name that messages use."""

    file: str
    tables: dict[str, object] = field(default_factory=dict[str, object])
    lines: tuple[str, ...] = ()

    def place(self, table: str, number: int = 0, title: str = "") -> Place:
        """The place of the `number`-th table of that name, counted from 1."""
        return Place(self, table, TABLES[table].heading, number, title)

    def line_of(self, table: str, number: int, key: str = "") -> int | None:
        """Line of the key, else of the heading; None where the text does not show it beyond doubt (inline tables)."""
        raw = self.tables.get(table)
        expected = len(cast("list[object]", raw)) if isinstance(raw, list) else 1
        marks = "[[" if isinstance(raw, list) else "["
        headers = [(i, m[1], m[2]) for i, line in enumerate(self.lines) if (m := _HEADER.match(line))]
        found = [i for i, opening, name in headers if name == table and opening == marks]
        if not found or len(found) != expected:
            return None
        start = found[max(number, 1) - 1]
        end = min((i for i, _, _ in headers if i > start), default=len(self.lines))
        wanted = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*[=.]""")
        hits = [i for i in range(start + 1, end) if wanted.match(self.lines[i])] if key else []
        return (hits[0] if hits else start) + 1

    def line_of_top_key(self, key: str) -> int | None:
        """Line of a key written above the first table, None where there is none."""
        wanted = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*=""")
        return next((i for i, line in enumerate(self.lines, 1) if wanted.match(line)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' (did you mean …?)' where one of the known words is close, or a part of one as long as the word, else nothing."""
    names = list(known)
    by_folded = {n.casefold(): n for n in reversed(names)}
    parts = {part: n for folded, n in by_folded.items() for part in _runs(folded, word.count("_") + 1)}
    for meant in (by_folded, parts):
        if close := difflib.get_close_matches(word.casefold(), list(meant), n=1, cutoff=0.75):
            return f' (did you mean "{meant[close[0]]}"?)'
    return ""


def _runs(name: str, length: int) -> list[str]:
    """What somebody remembers of a long name: so many of its words, one after another."""
    words = name.split("_")
    return ["_".join(words[start : start + length]) for start in range(len(words) - length + 1)] if length > 1 else []


def shown(value: object) -> str:
    """A value from the file as messages quote it: short, on one line, without control characters."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    plain = "".join(c if c.isprintable() else "�" for c in text)
    return plain if len(plain) <= 60 else f"{plain[:57]}…"


def listed(words: Iterable[str], at_most: int = 30) -> str:
    """Words joined by commas, the rest counted."""
    names = list(words)
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(shown(n).strip('"') for n in names[:at_most]) + more


def counted(number: int, noun: str) -> str:
    """A number with its noun: '1 account', '2,000 accounts'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def read_document(text: str, file: str) -> Document:
    """The document of a programme's text; raises `ProgrammeError` on broken TOML and on tables no programme has."""
    if not text.strip():
        raise ProgrammeError(
            f"{file}: the programme is empty: begin it with [programme].", by_command="Write one with 'openkam init' and edit it."
        )
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(error, text, file) from error
    document = Document(file, tables, tuple(text.split("\n")))
    for name, raw in tables.items():
        _check_table(document, name, raw)
    return document


def _check_table(document: Document, name: str, raw: object) -> None:
    spec = TABLES.get(name)
    line = document.line_of(name, 1) or document.line_of_top_key(name)
    where = f"{document.file}, line {line}" if line else document.file
    if spec is None:
        known = listed(t.heading for t in TABLES.values())
        hint = did_you_mean(name, TABLES)
        raise ProgrammeError(
            f"{where}: {shown(name)} is no table of a programme{hint}: correct or remove it. Known tables: {known}."
        )
    if isinstance(raw, list) != spec.is_list or not isinstance(raw, list | dict):
        times = "is given once for each, in double brackets" if spec.is_list else "is given once, in single brackets"
        raise ProgrammeError(f"{where}: {name} {times}: write it as {spec.heading}.")


def _broken(error: Exception, text: str, file: str) -> ProgrammeError:
    if isinstance(error, RecursionError):
        return ProgrammeError(f"{file}: brackets are nested too deep to be a programme: remove them.")
    message = str(error)
    place = _TOML_PLACE.search(message)
    problem = message[: place.start()] if place else message
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    column = f", column {place[2]}" if place and place[2] else ""
    where = f", line {line}{column}" if place else ""
    return ProgrammeError(f"{file}{where}: this is no valid TOML ({problem}): correct the line; texts stand in double quotes.")
