"""The dialect of a delimited text file: what parts the cells, and which line holds the names of the columns."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from openkam.analytics.ledger.encoding import TextFile
from openkam.analytics.ledger.input_files import UnreadableFileError
from openkam.analytics.ledger.mapping import Format

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 1024**2
_SAMPLE_RECORDS = 200

csv.field_size_limit(2**31 - 1)


class Records(Protocol):
    """Records one by one; `line_num` counts the lines read for them."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """`quote` is empty where cells are never quoted. `header_row` is the number of the row that holds the names, counted as a
    spreadsheet does; `header_lines` are the lines of text up to its end, more where a name holds a line break."""

    delimiter: str
    quote: str
    escape: str
    columns: tuple[str, ...]
    header_row: int
    header_lines: int
    mean_line_bytes: float

    def reader(self, lines: Iterable[str], strict: bool = False) -> Records:
        """A reader of records in this dialect."""
        return _reader(lines, self.delimiter, self.quote, self.escape, strict)


def _reader(lines: Iterable[str], delimiter: str, quote: str, escape: str, strict: bool) -> Records:
    doubled = escape in ("", quote)
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=doubled,
        escapechar=None if doubled else escape,
        strict=strict,
    )


def detect_dialect(file: TextFile, given: Format) -> Dialect:
    """The dialect, by what `given` fixes and otherwise by which delimiter makes all lines as wide as the first.

    Raises `UnreadableFileError` when the file has no line with names.
    """
    with file.path.open(encoding="utf-8-sig", newline="") as opened:
        sample = opened.read(_SAMPLE_CHARACTERS)
        is_whole = not opened.read(1)
    lines = io.StringIO(sample, newline="").readlines()
    if not is_whole:
        lines = lines[:-1] or lines
    skipped = given.skip_lines
    delimiter = given.delimiter
    if lines[skipped:] and lines[skipped].strip().lower().startswith("sep=") and len(lines[skipped].strip()) == 5:
        delimiter = delimiter or lines[skipped].strip()[4]
        skipped += 1
    while lines[skipped:] and not lines[skipped].strip("\r\n \t"):
        skipped += 1
    body = lines[skipped:]
    if not body:
        raise UnreadableFileError(f"{file.name}: the file has no line with the names of the columns.")
    delimiter = delimiter or _delimiter(body, given)
    records = _reader(body, delimiter, given.quote, given.escape, False)
    columns = tuple(next(records))
    return Dialect(
        delimiter, given.quote, given.escape, _named(columns), skipped + 1, skipped + records.line_num, len(sample) / len(lines)
    )


def _named(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip().strip("\ufeff") or f"column {i}" for i, name in enumerate(columns, 1))


def _delimiter(lines: Sequence[str], given: Format) -> str:
    scores: list[tuple[float, int, str]] = []
    for delimiter in DELIMITERS:
        widths = [len(r) for r in islice(_reader(lines, delimiter, given.quote, given.escape, False), _SAMPLE_RECORDS) if r]
        if widths and widths[0] > 1:
            scores.append((sum(w == widths[0] for w in widths) / len(widths), widths[0], delimiter))
    return max(scores, key=lambda s: (s[0], s[1]))[2] if scores else ","
