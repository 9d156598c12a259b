"""The header of one mail read as who wrote to whom and when. Only the header is looked at; there is no way to give it a text."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from email.utils import parsedate_to_datetime

from openkam.analytics.relationship.correspondence.addresses import decoded, involved_in, once_each
from openkam.analytics.relationship.correspondence.items import (
    LARGEST_AUDIENCE,
    Correspondence,
    Involved,
    LeftOut,
    LeftOutReason,
    Part,
)

FIELDS: Sequence[str] = (
    "Message-ID", "Date", "From", "Sender", "To", "Cc", "Subject", "In-Reply-To", "References", "Received", "Auto-Submitted",
    "Precedence", "List-Id", "List-Unsubscribe", "X-Loop", "X-Auto-Response-Suppress", "Return-Path", "Content-Type",
    "Content-Class", "Delivered-To",
)  # fmt: skip
"""The fields that are read: a mailbox need give no other."""

LONGEST_HEADER_BYTES = 1024 * 1024
"""Room for some twenty thousand recipients."""

_Header = Mapping[str, Sequence[str]]
"""The values of each field, in their order, by its name in small letters."""

_FIELD = re.compile(r"([!-9;-~]+):[ \t]*([^ \t\r\n][^\r\n]*(?:\r?\n[ \t]+[^\r\n]+)*)\r?\n")
_END = re.compile(r"\r?\n|\Z")
_MACHINES = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply[.+_-].*|bounces?([.+_-].*)?)@")
_ID = re.compile(r"<([^<>\s]+)>")
_CLOCK_ERROR = timedelta(minutes=15)
"""How much another machine's clock may be ahead of ours."""
_FIRST_MAIL_AT = datetime(1982, 1, 1, tzinfo=UTC)
"""Before RFC 822 no such header was written: a date before it is a clock that was never set."""


def read_header(raw: bytes, latest_at: datetime) -> Correspondence | LeftOut:
    """Read a mail's header as of an instant (UTC).

    A date without a zone tells the day alone; without a date the day that the last server wrote down is taken.
    """
    if len(raw) > LONGEST_HEADER_BYTES:
        return LeftOut(LeftOutReason.TOO_LONG, found=f"{len(raw)} bytes")
    header = fields_of(_text(raw))
    if not header:
        return LeftOut(LeftOutReason.NO_HEADER)
    key = _key(header)
    machine = _why_automatic(header)
    return LeftOut(machine, key) if machine else _between_people(header, key, latest_at)


def fields_of(text: str) -> Mapping[str, Sequence[str]]:
    """The values of each field, in their order, by its name in small letters.

    A header of whole fields alone, as nearly every one is, is taken apart here; Python's reader, which is left all others, takes
    several times as long for them.
    """
    header: defaultdict[str, list[str]] = defaultdict(list)
    start = 0
    while found := _FIELD.match(text, start):
        header[found[1].lower()].append(found[2])
        start = found.end()
    if not header or not _END.match(text, start):
        header.clear()
        for name, value in HeaderParser().parsestr(text).items():
            header[name.lower()].append(str(value))
    return header


def _between_people(header: _Header, key: str, latest_at: datetime) -> Correspondence | LeftOut:
    written = involved_in(_all(header, "From"), Part.FROM) or involved_in(_all(header, "Sender"), Part.FROM)
    if not written:
        return LeftOut(LeftOutReason.NO_SENDER, key, _shown(_all(header, "From")))
    writer = written[0]
    if _MACHINES.match(writer.address):
        return LeftOut(LeftOutReason.AUTOMATIC, key)
    readers = [*involved_in(_all(header, "To"), Part.TO), *involved_in(_all(header, "Cc"), Part.CC)]
    people = once_each([writer, *readers])
    if len(people) < 2:
        return LeftOut(LeftOutReason.NO_RECIPIENT, key, _shown(_all(header, "To")))
    if len(people) - 1 > LARGEST_AUDIENCE:
        return LeftOut(LeftOutReason.CIRCULAR, key, f"{len(people) - 1} recipients")
    return _dated(header, key, people, latest_at)


def _dated(header: _Header, key: str, people: Sequence[Involved], latest_at: datetime) -> Correspondence | LeftOut:
    told = _all(header, "Date")
    delivered = [value.rpartition(";")[2] for value in _all(header, "Received")]
    found = next((date for date in map(_instant, [*told, *delivered[:1]]) if date is not None), None)
    if found is None:
        reason = LeftOutReason.UNREADABLE_DATE if told else LeftOutReason.NO_DATE
        return LeftOut(reason, key, _shown(told))
    at, is_time_known = found
    if at > latest_at + _CLOCK_ERROR and (is_time_known or at.date() > latest_at.date()):
        return LeftOut(LeftOutReason.FUTURE, key, _shown(told))
    return Correspondence(
        key=key,
        at=min(at, latest_at),
        is_time_known=is_time_known,
        involved=people,
        subject=decoded(_first(header, "Subject"))[:300],
        thread_key=_thread_key(header, key),
    )


def _text(raw: bytes) -> str:
    """Old programs write names in their own code page without saying so; where it is no UTF-8 it is read as Western European."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _all(header: _Header, name: str) -> Sequence[str]:
    return header.get(name.lower(), ())


def _first(header: _Header, name: str) -> str:
    found = _all(header, name)
    return found[0] if found else ""


def _shown(values: Sequence[str]) -> str:
    return decoded(values[0])[:200] if values else ""


def _key(header: _Header) -> str:
    """The Message-ID without its brackets. A mail without one gets a digest of what its header says of date, people and subject."""
    told = _first(header, "Message-ID").strip()
    found = _ID.search(told)
    plain = found[1] if found else "".join(told.split())
    if plain and len(plain) <= 450:
        return plain
    said = "\n".join(
        value for name in ("Message-ID", "Date", "From", "To", "Cc", "Subject") for value in _all(header, name) if value
    )
    return f"digest:{hashlib.sha256(said.encode(errors='replace')).hexdigest()}"


def _thread_key(header: _Header, key: str) -> str:
    """The first mail of the conversation: of References the first, else what is replied to, else the mail itself."""
    for name in ("References", "In-Reply-To"):
        if ids := _ID.findall(" ".join(_all(header, name))):
            return ids[0][:500]
    return key


def _why_automatic(header: _Header) -> LeftOutReason | None:
    """The first sign that no person wrote this by hand to others (RFC 3834, RFC 2919, RFC 3462), None without one."""
    names = ("Precedence", "Auto-Submitted", "Content-Type", "Content-Class", "Return-Path")
    said = {name: " ".join(_all(header, name)).strip().lower() for name in names}
    kind = said["Content-Type"].partition(";")[0].strip()
    answers = kind == "text/calendar" and re.search(r'method="?(reply|counter|refresh)\b', said["Content-Type"])
    sent_to = [value.strip().lower() for value in _all(header, "Delivered-To")]
    signs = (
        (LeftOutReason.BOUNCE, kind == "multipart/report" or said["Return-Path"] == "<>"),
        (LeftOutReason.CALENDAR_REPLY, answers or said["Content-Class"].startswith("urn:content-classes:calendarmessage")),
        (LeftOutReason.LOOP, "x-loop" in header or len(sent_to) != len(set(sent_to))),
        (
            LeftOutReason.MAILING_LIST,
            "list-id" in header or "list-unsubscribe" in header or said["Precedence"] in ("list", "bulk", "junk"),
        ),
        (
            LeftOutReason.AUTOMATIC,
            said["Auto-Submitted"].partition(";")[0].strip() not in ("", "no") or said["Precedence"] == "auto_reply",
        ),
    )
    return next((reason for reason, is_found in signs if is_found), None)


def _instant(value: str) -> tuple[datetime, bool] | None:
    """The instant a date tells, and whether it tells the time; None where it cannot be read.

    A date without a zone may be anywhere: of it only the day is taken, and nothing is timed by it. -0000 is UTC (RFC 5322, 3.3).
    """
    try:
        told = parsedate_to_datetime(value.strip())
        at = told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    if at < _FIRST_MAIL_AT:
        return None
    if told.tzinfo is None and "-0000" not in value:
        return at.replace(hour=12, minute=0, second=0, microsecond=0), False
    return at, True
