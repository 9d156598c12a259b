"""Mails that were matched and wait to be written: one slice of them in memory, the others in a file that has no name.

The file is made in the folder of the mails themselves, which may hold what they tell; the system takes it away with the process,
however that ends.
"""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from openkam.analytics.relationship.correspondence.items import Correspondence, Involved, Part
from openkam.analytics.relationship.correspondence.matching import Matched

ENTRIES_AT_ONCE = 500
"""Mails in a slice."""

Entry = tuple[Correspondence, Mapping[int, Sequence[Matched]]]
"""A mail with its people by account. Of one that waited in the file only those people are told, not all that were involved."""


@dataclass(slots=True)
class WaitingEntries:
    """Each mail once, in the order they came. Without a file all of them wait in memory."""

    count: int = 0
    _file: IO[str] | None = None
    _slices: list[list[Entry]] = field(default_factory=list[list[Entry]])

    def add(self, item: Correspondence, by_account: Mapping[int, Sequence[Matched]]) -> None:
        """Let one more wait."""
        if self.count % ENTRIES_AT_ONCE == 0:
            if self._file is not None:
                self._put_away(self._file)
            self._slices.append([])
        self._slices[-1].append((item, by_account))
        self.count += 1

    def slices(self) -> Iterator[Sequence[Entry]]:
        """Everything that waits, slice by slice; a slice from the file is in memory while it is looked at."""
        if self._file is not None:
            self._file.seek(0)
            for line in self._file:
                yield [_entry(told) for told in json.loads(line)]
        yield from self._slices

    def _put_away(self, file: IO[str]) -> None:
        for some in self._slices:
            file.write(json.dumps([_told(*one) for one in some]) + "\n")
        self._slices.clear()


@contextmanager
def waiting_in(folder: Path) -> Generator[WaitingEntries]:
    """Entries that wait in a file in this folder."""
    with TemporaryFile("w+", encoding="ascii", dir=folder) as file:
        yield WaitingEntries(_file=file)


def _told(item: Correspondence, by_account: Mapping[int, Sequence[Matched]]) -> Sequence[Any]:
    people = [
        [
            account,
            [[one.person.address, one.person.name, one.person.part, one.user, one.contact, one.is_ours] for one in shown],
        ]
        for account, shown in by_account.items()
    ]
    return (
        *(item.key, item.at.isoformat(), item.is_time_known, item.subject, item.thread_key),
        *(item.is_appointment, item.duration_minutes, people),
    )


def _entry(told: Sequence[Any]) -> Entry:
    key, at, is_time_known, subject, thread_key, is_appointment, minutes, people = told
    by_account = {
        account: [
            Matched(Involved(address, name, Part(part)), user=user, contact=contact, is_ours=is_ours)
            for address, name, part, user, contact, is_ours in shown
        ]
        for account, shown in people
    }
    item = Correspondence(
        key=key,
        at=datetime.fromisoformat(at),
        is_time_known=is_time_known,
        involved=(),
        subject=subject,
        thread_key=thread_key,
        is_appointment=is_appointment,
        duration_minutes=minutes,
    )
    return item, by_account
