"""One header as who wrote to whom and when, or the reason why not."""

from datetime import UTC, datetime
from email.parser import HeaderParser
from random import Random

import pytest

from openkam.analytics.relationship.correspondence.items import REFUSED, Correspondence, LeftOut, LeftOutReason
from openkam.analytics.relationship.correspondence.mail_headers import LONGEST_HEADER_BYTES, fields_of, read_header

NOW = datetime(2016, 6, 1, 12, 0, tzinfo=UTC)
PLAIN = {
    "Message-ID": "<1@x.example>",
    "Date": "Mon, 2 May 2016 11:30:00 +0200",
    "From": "Kayla <kayla@ours.example>",
    "To": "Anna Berg <anna@theirs.example>",
    "Subject": "=?utf-8?q?Preise_f=C3=BCr?=\r\n =?utf-8?q?_2017?=",
}


def header(**changed: str | None) -> bytes:
    fields = PLAIN | {name.replace("_", "-"): value for name, value in changed.items()}
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None).encode()


def read(**changed: str | None) -> Correspondence:
    found = read_header(header(**changed), NOW)
    assert isinstance(found, Correspondence), found
    return found


def test_a_plain_mail():
    found = read(References="<0@x.example>\r\n <00@x.example>", In_Reply_To="<00@x.example>", Cc="b@theirs.example")
    assert (found.key, found.thread_key, found.subject) == ("1@x.example", "0@x.example", "Preise für 2017")
    assert (found.at, found.is_time_known) == (datetime(2016, 5, 2, 9, 30, tzinfo=UTC), True)
    assert [(one.address, one.part) for one in found.involved] == [
        ("kayla@ours.example", "from"), ("anna@theirs.example", "to"), ("b@theirs.example", "cc"),
    ]  # fmt: skip
    assert read().thread_key == "1@x.example"


@pytest.mark.parametrize(
    ("date", "at", "is_time_known"),
    [
        ("Mon, 2 May 2016 11:30:00 -0000", datetime(2016, 5, 2, 11, 30, tzinfo=UTC), True),
        ("2 May 16 23:30 EST", datetime(2016, 5, 3, 4, 30, tzinfo=UTC), True),
        ("Mon, 2 May 2016 23:30:00", datetime(2016, 5, 2, 12, tzinfo=UTC), False),
        ("Wed, 1 Jun 2016 12:10:00 +0000", NOW, True),  # a clock that is ten minutes ahead
    ],
)
def test_dates_that_can_be_read(date, at, is_time_known):
    found = read(Date=date)
    assert (found.at, found.is_time_known) == (at, is_time_known)


def test_a_header_is_taken_apart_as_pythons_own_reader_does_it():
    draw = Random(7)
    lines = (
        *(
            "To: a@x.example",
            "TO:b@x.example",
            "Cc: \t c@x.example ",
            "Subject: Grüße: an Ödön",
            "X-1!: ",
            "Subject:",
            "References: <1@x>",
        ),
        *(
            "  <2@x.example>",
            "\t<3@x.example>",
            "  ",
            "\t",
            "",
            "no field",
            "Name : x",
            ": x",
            "From x@x.example Mon May  2 11:30:00 2016",
        ),
        *("a\rTo: d@x.example", "To: a\x0bb\x85c\u2028d"),
    )
    plain = range(7)
    for number in range(4000):
        some = [lines[draw.choice(plain) if number % 2 and draw.random() < 0.8 else draw.randrange(len(lines))] for _ in range(5)]
        text = draw.choice(("\n", "\r\n")).join(some) + draw.choice(("", "\n", "\r\n", "\n\n", "\r\n\r\nThe text: none\r\n"))
        expected: dict[str, list[str]] = {}
        for name, value in HeaderParser().parsestr(text).items():
            expected.setdefault(name.lower(), []).append(str(value))
        assert fields_of(text) == expected, text


def test_without_a_readable_date_the_day_of_delivery_counts():
    received = "from a by b with SMTP id 1; Tue, 3 May 2016 08:00:00 +0000 (UTC)"
    for date in (None, "yesterday", "Thu, 01 Jan 1970 00:00:00 +0000"):
        assert read(Date=date, Received=received).at == datetime(2016, 5, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Date": None}, LeftOutReason.NO_DATE),
        ({"Date": "Lundi 2 mai"}, LeftOutReason.UNREADABLE_DATE),
        ({"Date": "Mon, 31 Feb 2016 11:30:00 +0200"}, LeftOutReason.UNREADABLE_DATE),
        ({"Date": "Sun, 6 Nov 2044 11:30:00 +0200"}, LeftOutReason.FUTURE),
        ({"From": None}, LeftOutReason.NO_SENDER),
        ({"From": "Anna"}, LeftOutReason.NO_SENDER),
        ({"To": "undisclosed-recipients:;"}, LeftOutReason.NO_RECIPIENT),
        ({"To": "kayla@ours.example"}, LeftOutReason.NO_RECIPIENT),
        ({"Auto_Submitted": "auto-replied; owner-email=x"}, LeftOutReason.AUTOMATIC),
        ({"Precedence": "auto_reply"}, LeftOutReason.AUTOMATIC),
        ({"From": "no-reply@theirs.example"}, LeftOutReason.AUTOMATIC),
        ({"From": "MAILER-DAEMON@theirs.example"}, LeftOutReason.AUTOMATIC),
        ({"Precedence": "bulk"}, LeftOutReason.MAILING_LIST),
        ({"List_Id": "<news.theirs.example>"}, LeftOutReason.MAILING_LIST),
        ({"Content_Type": "multipart/report; report-type=delivery-status"}, LeftOutReason.BOUNCE),
        ({"Return_Path": "<>"}, LeftOutReason.BOUNCE),
        ({"Content_Type": 'text/calendar; charset="utf-8"; method=REPLY'}, LeftOutReason.CALENDAR_REPLY),
        ({"X_Loop": "anna@theirs.example"}, LeftOutReason.LOOP),
        ({"To": ", ".join(f"p{n}@theirs.example" for n in range(5000))}, LeftOutReason.CIRCULAR),
    ],
)
def test_what_is_left_out_says_why(changed, reason):
    found = read_header(header(**changed), NOW)
    assert isinstance(found, LeftOut)
    assert found.reason == reason
    assert found.key == "1@x.example"
    assert (reason in REFUSED) == (reason.name in {"NO_DATE", "UNREADABLE_DATE", "FUTURE", "NO_SENDER", "NO_RECIPIENT"})


def test_auto_submitted_no_and_an_invitation_are_written_by_people():
    assert read(Auto_Submitted="no", Content_Type="text/calendar; method=REQUEST").key


def test_without_a_message_id_equal_headers_have_one_key():
    one = read(Message_ID=None)
    assert one.key.startswith("digest:")
    assert one.key == read(Message_ID="").key != read(Message_ID=None, Subject="Other").key
    assert read(Message_ID="no brackets@x").key == "nobrackets@x"


def test_bytes_that_say_no_encoding_and_what_is_no_header():
    assert read_header(header().replace(b"Kayla", b"Fran\xe7ois"), NOW).involved[0].name == "François"  # pyright: ignore[reportAttributeAccessIssue]
    assert read_header(b"\x00\x01\x02", NOW) == LeftOut(LeftOutReason.NO_HEADER)
    assert read_header(b"a" * (LONGEST_HEADER_BYTES + 1), NOW).reason == LeftOutReason.TOO_LONG  # pyright: ignore[reportAttributeAccessIssue]
