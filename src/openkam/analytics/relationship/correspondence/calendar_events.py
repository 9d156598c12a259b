"""Appointments out of an iCalendar file (RFC 5545): who met whom and when, each occurrence of a series for itself.

Descriptions and attachments are passed over while the file is read. Series are unfolded within a window of time only.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import recurring_ical_events
from icalendar import Calendar

from openkam.analytics.relationship.correspondence.addresses import decoded, involved, is_address, once_each
from openkam.analytics.relationship.correspondence.items import (
    LARGEST_AUDIENCE,
    Correspondence,
    Involved,
    LeftOut,
    LeftOutReason,
    Part,
)
from openkam.analytics.relationship.correspondence.mailbox_file import Placed
from openkam.analytics.terms import OpenKamError

LONGEST_CALENDAR_BYTES = 64 * 1024 * 1024
"""Of what is kept while reading: some hundred thousand appointments without their descriptions."""

_LINE_BYTES = 64 * 1024
_MARK = b"\xef\xbb\xbf"
_PASSED_OVER = re.compile(
    rb"(DESCRIPTION|ATTACH|X-ALT-DESC|COMMENT|IMAGE|STYLED-DESCRIPTION|LOCATION|URL|CONFERENCE)[;:]|X-(?!WR-TIMEZONE)",
    re.IGNORECASE,
)
_ZONE = re.compile(r'TZID="?([^":;\r\n]+)')
_TOO_OFTEN = re.compile(r"^RRULE.*FREQ=(HOURLY|MINUTELY|SECONDLY)", re.MULTILINE | re.IGNORECASE)
_ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"})


@dataclass(slots=True)
class _Text:
    """A calendar taken apart: its zones by name, its events' lines by UID, in order."""

    method: str = ""
    zones: dict[str, str] = field(default_factory=dict)
    events: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def read_calendar(path: Path, since_at: datetime, latest_at: datetime) -> Iterator[Placed]:
    """The appointments of a file between two instants (UTC), series by series; an event that cannot be read stops no other.

    Of a day without a time, and of a time without a zone, only the day is taken. Who declined, and what is no person (a room),
    took no part. Raises `OpenKamError` for what is no calendar, and for one larger than can be read.
    """
    text = _taken_apart(path)
    size = path.stat().st_size
    for place, (uid, events) in enumerate(text.events.items(), start=1):
        for item in _read_series(text, uid, events, since_at, latest_at):
            yield Placed(place, item, size * place // len(text.events))


def _read_series(
    text: _Text, uid: str, events: Sequence[str], since_at: datetime, latest_at: datetime
) -> Iterator[Correspondence | LeftOut]:
    if text.method in _ANSWERS:
        yield LeftOut(LeftOutReason.CALENDAR_REPLY, uid)
        return
    if text.method == "CANCEL":
        yield LeftOut(LeftOutReason.CANCELLED, uid)
        return
    body = "".join(events)
    if _TOO_OFTEN.search(body):
        yield LeftOut(LeftOutReason.TOO_OFTEN, uid)
        return
    zones = "".join(text.zones[name] for name in dict.fromkeys(_ZONE.findall(body)) if name in text.zones)
    try:
        calendar = Calendar.from_ical(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-\r\n{zones}{body}END:VCALENDAR\r\n")
        told = calendar.walk("VEVENT")
        if not any("DTSTART" in event for event in told):
            yield LeftOut(LeftOutReason.NO_DATE, uid)
            return
        is_series = any("RRULE" in event or "RDATE" in event or "RECURRENCE-ID" in event for event in told)
        found: Sequence[Any] = recurring_ical_events.of(calendar).between(since_at, latest_at + timedelta(days=1))
        for event in found:
            yield _read_event(event, uid, latest_at, is_series=is_series)
        if not found and not is_series:
            yield from _outside(calendar, uid, latest_at)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError) as error:
        # The libraries raise all of these for what no calendar program should have written.
        yield LeftOut(LeftOutReason.UNREADABLE_EVENT, uid, str(error)[:200])


def _outside(calendar: Any, uid: str, latest_at: datetime) -> Iterator[LeftOut]:
    """Single appointments that the window does not hold: those to come are told, those long past are not asked for."""
    for event in calendar.walk("VEVENT"):
        begin = event.get("DTSTART")
        if begin is not None and _instant(begin.dt)[0] > latest_at:
            yield LeftOut(LeftOutReason.NOT_YET, uid)


def _read_event(event: Any, uid: str, latest_at: datetime, *, is_series: bool) -> Correspondence | LeftOut:
    begin = event["DTSTART"].dt
    at, is_time_known = _instant(begin)
    # The occurrence is named by the start it had in its series: one that was moved later stays the same appointment.
    named = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else begin
    key = f"{uid}/{_instant(named)[0].strftime('%Y%m%dT%H%MZ')}" if is_series else uid
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return LeftOut(LeftOutReason.CANCELLED, key)
    if at > latest_at and (is_time_known or at.date() > latest_at.date()):
        return LeftOut(LeftOutReason.NOT_YET, key)
    people = _people(event)
    if len(people) > LARGEST_AUDIENCE:
        return LeftOut(LeftOutReason.CIRCULAR, key, f"{len(people)} people")
    end = event.get("DTEND")
    minutes = round((end.dt - begin).total_seconds() / 60) if is_time_known and end is not None else None
    return Correspondence(
        key=key,
        at=min(at, latest_at),
        is_time_known=is_time_known,
        involved=people,
        subject=decoded(str(event.get("SUMMARY", "")))[:300],
        thread_key=uid,
        is_appointment=True,
        duration_minutes=minutes if minutes and minutes > 0 else None,
    )


def _people(event: Any) -> tuple[Involved, ...]:
    """Organiser and attendees, but for who declined and what is a room or a resource."""
    told = event.get("ATTENDEE", [])
    attendees = told if isinstance(told, list) else [told]
    present = [one for one in attendees if not _is_away(one)]
    declined = {_address(one) for one in attendees if _is_away(one)}
    people = [event["ORGANIZER"], *present] if "ORGANIZER" in event else present
    read = [(_address(one), str(one.params.get("CN", ""))) for one in people]
    return once_each(
        involved(address, name, Part.PRESENT) for address, name in read if is_address(address) and address not in declined
    )


def _is_away(one: Any) -> bool:
    declined = str(one.params.get("PARTSTAT", "")).upper() == "DECLINED"
    return declined or str(one.params.get("CUTYPE", "")).upper() in ("ROOM", "RESOURCE")


def _address(one: Any) -> str:
    told = str(one).strip()
    return (told[7:] if told.lower().startswith("mailto:") else str(one.params.get("EMAIL", told))).strip().lower()


def _instant(told: date | datetime) -> tuple[datetime, bool]:
    """The instant (UTC) and whether the time is known: a day, and a time of no zone, are the noon of their day."""
    if isinstance(told, datetime) and told.tzinfo is not None:
        return told.astimezone(UTC), True
    return datetime(told.year, told.month, told.day, 12, tzinfo=UTC), False


def is_calendar(path: Path) -> bool:
    """Whether a file begins as a calendar does."""
    with path.open("rb") as file:
        return file.read(64).removeprefix(_MARK).upper().startswith(b"BEGIN:VCALENDAR")


def _taken_apart(path: Path) -> _Text:
    if not is_calendar(path):
        raise OpenKamError("This is no calendar: a .ics file begins with BEGIN:VCALENDAR. Export it from your calendar again.")
    with path.open("rb") as file:
        file.seek(len(_MARK) if file.read(len(_MARK)) == _MARK else 0)
        return _components(_lines(file))


def _components(lines: Iterable[str]) -> _Text:
    text = _Text()
    kept: list[str] = []
    inside, depth = "", 0
    for line in lines:
        upper = line.upper().strip()
        if upper.startswith("BEGIN:"):
            depth += bool(inside)
            if not inside and upper in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
                inside, kept = upper[6:], []
        if inside:
            kept.append(line)
        elif upper.startswith("METHOD:"):
            text.method = upper[7:]
        if inside and upper.startswith("END:"):
            if depth:
                depth -= 1
                continue
            _keep(text, inside, kept)
            inside = ""
    return text


def _keep(text: _Text, kind: str, lines: Sequence[str]) -> None:
    named = {"VEVENT": "UID:", "VTIMEZONE": "TZID:"}[kind]
    name = next((line.strip()[len(named) :] for line in lines if line.upper().startswith(named)), "")
    if kind == "VTIMEZONE":
        text.zones[name] = "".join(lines)
    else:
        # Without a UID nothing tells it apart but what it says itself.
        text.events[name[:450] or f"unnamed:{_digest(lines)}"].extend(_without_alarms(lines))


def _digest(lines: Sequence[str]) -> str:
    """A name for an event that has none: equal lines, equal name."""
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _without_alarms(lines: Sequence[str]) -> Iterator[str]:
    is_alarm = False
    for line in lines:
        upper = line.upper().strip()
        is_alarm = is_alarm or upper == "BEGIN:VALARM"
        if not is_alarm:
            yield line
        if upper == "END:VALARM":
            is_alarm = False


def _lines(file: BinaryIO) -> Iterator[str]:
    """Whole lines, folded ones joined, without those that are passed over, so that a large attachment is never held."""
    kept: list[bytes] = []
    is_passed, size, is_begun = False, 0, True
    for piece in iter(lambda: file.readline(_LINE_BYTES), b""):
        is_folded = piece[:1] in (b" ", b"\t") or not is_begun
        if not is_folded:
            if kept:
                yield _line(kept)
            kept, is_passed = [], _PASSED_OVER.match(piece) is not None
        if not is_passed:
            kept.append(piece if not kept or not is_begun else piece[1:])
            size += len(piece)
        if size > LONGEST_CALENDAR_BYTES:
            raise OpenKamError("This calendar is too large to be read at once: export a shorter time from your calendar.")
        is_begun = piece.endswith(b"\n")
    if kept:
        yield _line(kept)


def _line(pieces: Sequence[bytes]) -> str:
    whole = b"".join(piece.rstrip(b"\r\n") for piece in pieces)
    return f"{whole.decode(errors='replace')}\r\n"
