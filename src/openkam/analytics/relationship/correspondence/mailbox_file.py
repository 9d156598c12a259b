"""Mails out of a file: an mbox of many, or one `.eml`. It is read line by line: an attachment passes by and is never held."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from openkam.analytics.relationship.correspondence.items import Correspondence, LeftOut
from openkam.analytics.relationship.correspondence.mail_headers import LONGEST_HEADER_BYTES, read_header
from openkam.analytics.terms import OpenKamError

_LINE_BYTES = 64 * 1024
_SEPARATOR = re.compile(rb"From \S.*\d{4}\b")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!")
_OUTLOOK = (b"\xd0\xcf\x11\xe0", b"!BDN")


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands at a place of a file, from 1; `bytes_read` of the file by then."""

    place: int
    item: Correspondence | LeftOut
    bytes_read: int


def refuse_packed(name: str, path: Path) -> None:
    """Raise `OpenKamError` for a packed file, since nobody tells what it would grow to, and for files of Outlook's own kinds."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_PACKED):
        raise OpenKamError(f"{name} is packed: unpack it and send the mailbox (.mbox), mail (.eml) or calendar (.ics) itself.")
    if start.startswith(_OUTLOOK):
        raise OpenKamError(f"{name} is of Outlook's own kind (.pst, .msg): save the mails as .eml, or read the mailbox by IMAP.")


def read_mailbox(path: Path, latest_at: datetime) -> Iterator[Placed]:
    """Every mail of a file, in its order. A line that begins with "From " ends a mail where a blank line stands before it and a
    header field behind it, whatever of it mail programs have escaped."""
    with path.open("rb") as file:
        for place, header in enumerate(_headers(file), start=1):
            yield Placed(place, read_header(header, latest_at), file.tell())


def _headers(file: BinaryIO) -> Iterator[bytes]:
    lines, is_after_blank = _Lines(file), True
    if lines.ahead and not _SEPARATOR.match(lines.ahead):
        yield _header(lines)  # an .eml has no line before its header
    while lines.ahead:
        line = lines.take()
        if is_after_blank and _SEPARATOR.match(line) and _FIELD.match(lines.ahead):
            yield _header(lines)
        is_after_blank = not line.strip()


def _header(lines: "_Lines") -> bytes:
    """Up to the blank line. Of what is beyond the longest header one byte is kept, which tells the reader that it is too long."""
    kept: list[bytes] = []
    size = 0
    while lines.ahead.strip():
        line = lines.take()
        if size <= LONGEST_HEADER_BYTES:
            kept.append(line)
            size += len(line)
    return b"".join(kept)[: LONGEST_HEADER_BYTES + 1]


class _Lines:
    """A file's lines with the next one in view; a line longer than 64 KiB comes in pieces."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.ahead = file.readline(_LINE_BYTES).removeprefix(b"\xef\xbb\xbf")

    def take(self) -> bytes:
        """The next line, empty at the end."""
        line, self.ahead = self.ahead, self._file.readline(_LINE_BYTES)
        return line
