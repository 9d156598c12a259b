"""Appointments: series within a window, exceptions, zones of all kinds, and what no calendar should contain."""

from datetime import UTC, datetime

import pytest

from openkam.analytics.relationship.correspondence.calendar_events import read_calendar
from openkam.analytics.relationship.correspondence.items import Correspondence, LeftOut, LeftOutReason
from openkam.analytics.terms import OpenKamError

SINCE, NOW = datetime(2016, 1, 1, tzinfo=UTC), datetime(2016, 6, 1, 12, tzinfo=UTC)
PEOPLE = 'ORGANIZER;CN=Kayla:mailto:Kayla@ours.example\nATTENDEE;CN="Berg, Anna":MAILTO:anna@theirs.example\n'
OWN_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Own Zone\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\n"
    "END:STANDARD\nEND:VTIMEZONE\n"
)


def event(uid, start, *lines, people=PEOPLE):
    return (
        f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20160101T000000Z\n{start}\n{people}"
        + "".join(f"{line}\n" for line in lines)
        + "END:VEVENT\n"
    )


def read(tmp_path, *parts, method=""):
    path = tmp_path / "cal.ics"
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-\n{method}" + "".join(parts) + "END:VCALENDAR\n", "utf-8")
    return [found.item for found in read_calendar(path, SINCE, NOW)]


def times(items):
    return [item.at.strftime("%m-%d %H:%M") for item in items if isinstance(item, Correspondence)]


def test_an_appointment(tmp_path):
    alarm = "BEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nDESCRIPTION:x\nEND:VALARM"
    more = "ATTENDEE;PARTSTAT=DECLINED:mailto:no@theirs.example\nATTENDEE;CUTYPE=ROOM:mailto:room@ours.example"
    (found,) = read(
        tmp_path,
        event("1", "DTSTART:20160502T093000Z", "DTEND:20160502T101500Z", "SUMMARY:Price\\, 2017", alarm, more, "ATTACH:x"),
    )
    assert (found.key, found.duration_minutes, found.subject, found.is_appointment) == ("1", 45, "Price, 2017", True)
    assert [(one.address, one.name, one.part) for one in found.involved] == [
        ("kayla@ours.example", "Kayla", "present"), ("anna@theirs.example", "Berg, Anna", "present"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "at", "is_time_known"),
    [
        ("DTSTART;TZID=Europe/Berlin:20160502T093000", "05-02 07:30", True),
        ("DTSTART;TZID=W. Europe Standard Time:20160502T093000", "05-02 07:30", True),
        ('DTSTART;TZID="Own Zone":20160502T093000', "05-02 06:30", True),
        ("DTSTART:20160502T093000", "05-02 12:00", False),
        ("DTSTART;VALUE=DATE:20160502", "05-02 12:00", False),
    ],
)
def test_zones(tmp_path, start, at, is_time_known):
    (found,) = read(tmp_path, OWN_ZONE, event("1", start))
    assert (times([found]), found.is_time_known, found.duration_minutes) == ([at], is_time_known, None)


def test_a_series_is_unfolded_in_the_window_with_its_exceptions(tmp_path):
    series = event(
        "s",
        "DTSTART;TZID=Europe/Berlin:20150105T100000",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=5",
        "EXDATE;TZID=Europe/Berlin:20160205T100000",
    )
    moved = event("s", "DTSTART;TZID=Europe/Berlin:20160406T110000", "RECURRENCE-ID;TZID=Europe/Berlin:20160405T100000")
    gone = event(
        "s", "DTSTART;TZID=Europe/Berlin:20160505T100000", "RECURRENCE-ID;TZID=Europe/Berlin:20160505T100000", "STATUS:CANCELLED"
    )
    found = read(tmp_path, series, moved, gone)
    # 10:00 in Berlin is 9:00 UTC in winter and 8:00 in summer.
    assert times(found) == ["01-05 09:00", "03-05 09:00", "04-06 09:00"]
    assert [item.key for item in found if isinstance(item, Correspondence)] == [
        "s/20160105T0900Z", "s/20160305T0900Z", "s/20160405T0800Z"
    ]  # fmt: skip
    assert [item for item in found if isinstance(item, LeftOut)] == [LeftOut(LeftOutReason.CANCELLED, "s/20160505T0800Z")]


@pytest.mark.parametrize(
    ("start", "lines", "method", "reason"),
    [
        ("DTSTART:20160502T093000Z", (), "METHOD:REPLY\n", LeftOutReason.CALENDAR_REPLY),
        ("DTSTART:20160502T093000Z", (), "METHOD:CANCEL\n", LeftOutReason.CANCELLED),
        ("DTSTART:20160502T093000Z", ("STATUS:CANCELLED",), "", LeftOutReason.CANCELLED),
        ("DTSTART:20170502T093000Z", (), "", LeftOutReason.NOT_YET),
        ("DTSTART:20160601T150000Z", (), "", LeftOutReason.NOT_YET),
        ("DTSTART:20160502T093000Z", ("RRULE:FREQ=SECONDLY",), "", LeftOutReason.TOO_OFTEN),
        ("DTSTART:yesterday", (), "", LeftOutReason.UNREADABLE_EVENT),
        ("DTSTART:20160502T093000Z", ("RRULE:FREQ=NEVER",), "", LeftOutReason.UNREADABLE_EVENT),
        ("SUMMARY:no start", (), "", LeftOutReason.NO_DATE),
        ("DTSTART:20160502T093000Z", tuple(f"ATTENDEE:mailto:p{n}@x.example" for n in range(3000)), "", LeftOutReason.CIRCULAR),
    ],
)
def test_what_is_left_out_says_why_and_stops_no_other(tmp_path, start, lines, method, reason):
    found = read(tmp_path, event("1", start, *lines), *[event("2", "DTSTART:20160503T093000Z")] * (not method), method=method)
    left = [item for item in found if isinstance(item, LeftOut)]
    assert [(item.reason, item.key) for item in left] == [(reason, "1")]
    assert times(found) == ([] if method else ["05-03 09:30"])


def test_a_large_attachment_passes_by_and_what_is_no_calendar_is_refused(tmp_path):
    attached = "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "".join("A" * 70 + "\n " for _ in range(50_000)) + "A"
    assert times(read(tmp_path, event("1", "DTSTART:20160502T093000Z", attached, "DESCRIPTION:" + "B" * 100_000))) == [
        "05-02 09:30"
    ]
    (tmp_path / "mail.ics").write_text("From: a@x.example\n\n", "utf-8")
    with pytest.raises(OpenKamError, match="no calendar"):
        list(read_calendar(tmp_path / "mail.ics", SINCE, NOW))


def test_an_event_without_a_uid_has_one_key_for_ever(tmp_path):
    (found,) = read(tmp_path, event("", "DTSTART:20160502T093000Z").replace("UID:\n", ""))
    (again,) = read(tmp_path, event("", "DTSTART:20160502T093000Z").replace("UID:\n", ""))
    assert found.key == again.key
    assert found.key.startswith("unnamed:")
