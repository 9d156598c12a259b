"""Typed reading of one table of a programme against its schema: what is unknown, missing or impossible is refused."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import cast

from openkam.analytics.selection.criteria import Points
from openkam.analytics.selection.programme_document import Document, Place, did_you_mean, listed, shown
from openkam.analytics.selection.programme_schema import TABLES, Key, TableSpec

LARGEST_NUMBER = 1e15
"""Beyond this a number is a slip of the keyboard, and sums lose their cents."""

LONGEST_TEXT = 2_000
MOST_POINTS = 200

_WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")
CURRENCY_CODE = re.compile(r"[A-Z]{3}")


class TableReader:
    """Reads the keys of one raw table. `optional_*` getters give None where the key is absent; the others need a required key."""

    def __init__(self, raw: object, spec: TableSpec, place: Place, prefix: str = "") -> None:
        self.place = place
        self._spec = spec
        self._prefix = prefix
        if not isinstance(raw, dict):
            raise self.fault(f"{prefix or spec.heading} must be a table of keys, but is {shown(raw)}: write key = value.")
        self._raw = cast("Mapping[str, object]", raw)
        for name in self._raw:
            self._check_known(name)
        for key in spec.keys:
            if key.required and key.name not in self._raw:
                raise self.fault(f"key {self._named(key.name)} is missing: add it ({_lower(key.meaning)}).")

    def fault(self, problem: str, key: str = "") -> Exception:
        """The error to raise about this table or one of its keys."""
        return self.place.fault(problem, self._prefix or key)

    def has(self, key: str) -> bool:
        """Whether the table gives the key."""
        return key in self._raw

    def raw(self, key: str) -> object:
        """The value as written, None where absent."""
        return self._raw.get(key)

    def text(self, key: str) -> str:
        """A text, trimmed, never empty, on any of the key's choices."""
        return self._text(self._raw[key], key)

    def optional_text(self, key: str) -> str | None:
        """As `text`, or None."""
        return self.text(key) if self.has(key) else None

    def word(self, key: str) -> str:
        """A short name fit for a column: lower case, digits and underscores."""
        text = self.text(key)
        if not _WORD.fullmatch(text):
            raise self.fault(
                f"{self._named(key)} must be lower-case letters, digits and _ from a letter on, but is {shown(text)}: rename it.",
                key,
            )
        return text

    def currency(self, key: str) -> str | None:
        """A currency code, or None."""
        text = self.optional_text(key)
        if text is not None and not CURRENCY_CODE.fullmatch(text):
            raise self.fault(
                f"{self._named(key)} must be an ISO 4217 code such as EUR, but is {shown(text)}: write three capitals.", key
            )
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts without repeats; empty where absent."""
        raw = self._raw.get(key, [])
        if not isinstance(raw, list):
            raise self.fault(f'{self._named(key)} must be a list of texts, but is {shown(raw)}: write ["…", "…"].', key)
        found = tuple(self._text(item, key) for item in cast("list[object]", raw))
        doubled = next((t for i, t in enumerate(found) if t in found[:i]), None)
        if doubled is not None:
            raise self.fault(f"{self._named(key)} names {shown(doubled)} twice: remove one.", key)
        return found

    def flag(self, key: str, otherwise: bool) -> bool:
        """True or false; `otherwise` where absent."""
        raw = self._raw.get(key, otherwise)
        if not isinstance(raw, bool):
            raise self.fault(f"{self._named(key)} must be true or false, but is {shown(raw)}: write it without quotes.", key)
        return raw

    def day(self, key: str) -> date:
        """A day written as a TOML date."""
        raw = self._raw[key]
        if not isinstance(raw, date) or isinstance(raw, datetime):
            raise self.fault(
                f"{self._named(key)} must be a date, but is {shown(raw)}: write it without quotes, as 2026-03-31.", key
            )
        return raw

    def number(self, key: str) -> float:
        """A finite number within the key's bounds."""
        return self._number(self._raw[key], key)

    def optional_number(self, key: str) -> float | None:
        """As `number`, or None."""
        return self.number(key) if self.has(key) else None

    def whole(self, key: str) -> int:
        """A whole number within the key's bounds."""
        raw = self._raw[key]
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise self.fault(f"{self._named(key)} must be a whole number, but is {shown(raw)}: write digits only.", key)
        return int(self._number(raw, key))

    def optional_whole(self, key: str) -> int | None:
        """As `whole`, or None."""
        return self.whole(key) if self.has(key) else None

    def points(self, key: str) -> Points:
        """Pairs [x, y] of finite numbers, x rising, y within the key's bounds."""
        raw = self._raw[key]
        if not isinstance(raw, list) or not 2 <= len(cast("list[object]", raw)) <= MOST_POINTS:
            raise self.fault(f"{self._named(key)} must be a list of 2 to {MOST_POINTS} pairs: write [[0, 0], [10, 1]].", key)
        found = tuple(self._pair(pair, key) for pair in cast("list[object]", raw))
        for (before, _), (after, _) in pairwise(found):
            if after <= before:
                raise self.fault(
                    f"{self._named(key)} must rise from pair to pair in its first number, but {after:g} follows {before:g}: "
                    "put the pairs in rising order.",
                    key,
                )
        return found

    def numbers_by_name(self, key: str) -> tuple[tuple[str, float], ...]:
        """A table of numbers within the key's bounds, sorted by name; empty where absent."""
        raw = self._raw.get(key, {})
        if not isinstance(raw, dict):
            raise self.fault(
                f"{self._named(key)} must be a table of numbers by name, but is {shown(raw)}: write {{ West = 1.0 }}.", key
            )
        found = [(self._text(name, key), self._number(number, key)) for name, number in cast("Mapping[str, object]", raw).items()]
        return tuple(sorted(found))

    def _check_known(self, name: str) -> None:
        known = [k.name for k in self._spec.keys]
        if name not in known:
            key = self._named(shown(name).strip('"'))
            hint = did_you_mean(name, known)
            raise self.fault(f"key {key} is not known{hint}: correct or remove it. Known keys: {listed(known)}.", name)

    def _named(self, key: str) -> str:
        return ".".join(part for part in (self._prefix, key) if part)

    def _text(self, raw: object, key: str) -> str:
        if not isinstance(raw, str):
            raise self.fault(f"{self._named(key)} must be text, but is {shown(raw)}: put it in double quotes.", key)
        text = raw.strip()
        if not text:
            raise self.fault(f"{self._named(key)} is empty: say something or remove the key.", key)
        if len(text) > LONGEST_TEXT:
            raise self.fault(f"{self._named(key)} has {len(text):,} characters, more than {LONGEST_TEXT:,}: shorten it.", key)
        if any(not c.isprintable() and c not in "\n\t" for c in text):
            raise self.fault(f"{self._named(key)} holds a control character in {shown(text)}: type it anew.", key)
        choices = self._key(key).choices
        if choices and text not in choices:
            hint = did_you_mean(text, choices)
            raise self.fault(f"{self._named(key)} must be one of {listed(choices)}, but is {shown(text)}{hint}: correct it.", key)
        return text

    def _number(self, raw: object, key: str) -> float:
        named = self._named(key)
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise self.fault(
                f"{named} must be a number, but is {shown(raw)}: write it without quotes, with a decimal point.", key
            )
        if isinstance(raw, float) and raw != raw:  # noqa: PLR0124 - NaN is the number that differs from itself
            raise self.fault(f"{named} is nan, which is no number: write one or remove the key.", key)
        if not -LARGEST_NUMBER <= raw <= LARGEST_NUMBER:
            raise self.fault(f"{named} is {_big(raw)}, beyond {LARGEST_NUMBER:.0e}: write a smaller number.", key)
        spec = self._key(key)
        if spec.least is not None and raw < spec.least:
            raise self.fault(f"{named} is {raw:g}, below {spec.least:g}: write at least {spec.least:g}.", key)
        if spec.most is not None and raw > spec.most:
            raise self.fault(f"{named} is {raw:g}, above {spec.most:g}: write at most {spec.most:g}.", key)
        return float(raw) + 0.0

    def _pair(self, raw: object, key: str) -> tuple[float, float]:
        pair = cast("list[object]", raw) if isinstance(raw, list) else []
        if len(pair) != 2:
            raise self.fault(f"{self._named(key)} holds {shown(cast('object', raw))}, no pair: write [level, value].", key)
        return self._level(pair[0], key), self._number(pair[1], key)

    def _level(self, raw: object, key: str) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not -LARGEST_NUMBER <= raw <= LARGEST_NUMBER:
            raise self.fault(f"{self._named(key)} holds the level {shown(raw)}: write a number up to {LARGEST_NUMBER:.0e}.", key)
        return float(raw) + 0.0

    def _key(self, name: str) -> Key:
        return self._spec.key(name)


def read_single(document: Document, table: str) -> TableReader:
    """The reader of a table given once; an absent one reads as empty."""
    return TableReader(document.tables.get(table, {}), TABLES[table], document.place(table))


def readers_of(document: Document, table: str) -> Iterator[TableReader]:
    """The readers of a table that may be given many times, in the order of the file."""
    tables = cast("list[object]", document.tables.get(table, []))
    for number, raw in enumerate(tables, 1):
        title = cast("dict[str, object]", raw).get("name", "") if isinstance(raw, dict) else ""
        yield TableReader(raw, TABLES[table], document.place(table, number, shown(title).strip('"')))


def refuse_repeats(document: Document, table: str, names: list[str | None], key: str) -> None:
    """Raises `ProgrammeError` at the second of two tables with the same name; None never repeats."""
    counts = Counter(n for n in names if n is not None)
    for number, name in enumerate(names, 1):
        if name is not None and counts[name] > 1 and name in names[: number - 1]:
            first = names.index(name) + 1
            heading = TABLES[table].heading
            problem = f"{key} {shown(name)} stands in {heading} {first} already: rename or remove one of the two."
            raise document.place(table, number).fault(problem, key)


def _lower(sentence: str) -> str:
    return sentence if sentence[:2].isupper() else sentence[:1].lower() + sentence[1:]


def _big(number: float) -> str:
    return f"a number of {len(str(abs(number)))} digits" if isinstance(number, int) else f"{number:g}"
