"""The columns of a draft's files, as they were detected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openkam.app.ledger.models import ImportDraft


@dataclass(frozen=True, slots=True)
class DateAnswer:
    """One way to read a column of dates, and what it would make of the rows looked at."""

    pattern: str
    example_on: date | None
    impossible: int
    first_on: date | None
    last_on: date | None
    months: int


@dataclass(frozen=True, slots=True)
class OpenDate:
    """The question that a column of dates leaves open: is `example` the one day or the other?"""

    example: str
    either: int
    day_first: DateAnswer
    month_first: DateAnswer


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column that at least one of the files has. `kind` is what its cells look like, `written` how they are written."""

    name: str
    kind: str
    written: str
    is_open: bool
    examples: tuple[str, ...]
    question: OpenDate | None


def detected_files(draft: ImportDraft) -> list[Mapping[str, Any]]:
    """Every file of the draft, those in archives too, as it was detected."""
    return [file for upload in draft.uploads.all() for file in upload.detection]


def columns_of(draft: ImportDraft) -> tuple[FileColumn, ...]:
    """The columns of all files, each once; a question that any file leaves open is kept."""
    found: dict[str, FileColumn] = {}
    for file in detected_files(draft):
        for column in file["columns"]:
            read = _column(column)
            known = found.get(read.name)
            if known is None or (known.question is None and read.question is not None):
                found[read.name] = read
    return tuple(found.values())


def _column(stored: Mapping[str, Any]) -> FileColumn:
    question = stored["question"]
    return FileColumn(
        stored["name"],
        stored["kind"],
        stored["written"],
        stored["is_open"],
        tuple(stored["examples"]),
        OpenDate(question["example"], question["either"], _answer(question["day_first"]), _answer(question["month_first"]))
        if question
        else None,
    )


def _answer(stored: Mapping[str, Any]) -> DateAnswer:
    return DateAnswer(
        stored["pattern"],
        _day(stored["example_on"]),
        stored["impossible"],
        _day(stored["first_on"]),
        _day(stored["last_on"]),
        stored["months"],
    )


def _day(stored: str | date | None) -> date | None:
    # Just detected it is a day, read back from the database its text.
    return date.fromisoformat(stored) if isinstance(stored, str) else stored
