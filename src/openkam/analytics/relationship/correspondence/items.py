"""What is read of a mail or an appointment, and what is told of one that was left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LARGEST_AUDIENCE = 25
"""Recipients up to which a mail counts as written to each of them: nobody is expected to answer a circular."""


class LeftOutReason(StrEnum):
    """Why a mail or an appointment is no contact between people, or cannot be used."""

    AUTOMATIC = "written by a machine"
    MAILING_LIST = "from a mailing list or newsletter"
    BOUNCE = "a report about another mail"
    LOOP = "a mail that ran in a circle"
    CALENDAR_REPLY = "an answer to an invitation"
    CIRCULAR = "a circular to many"
    CANCELLED = "a cancelled appointment"
    NOT_YET = "an appointment still to come"
    NO_DATE = "no date"
    UNREADABLE_DATE = "a date that cannot be read"
    FUTURE = "a date in the future"
    NO_SENDER = "no sender that can be read"
    NO_RECIPIENT = "no recipient that can be read"
    NO_HEADER = "no header that can be read"
    TOO_LONG = "a header longer than a mail has"
    UNREADABLE_EVENT = "an appointment that cannot be read"
    TOO_OFTEN = "an appointment that repeats more often than daily"


REFUSED = frozenset(
    {
        LeftOutReason.NO_DATE,
        LeftOutReason.UNREADABLE_DATE,
        LeftOutReason.FUTURE,
        LeftOutReason.NO_SENDER,
        LeftOutReason.NO_RECIPIENT,
        LeftOutReason.NO_HEADER,
        LeftOutReason.TOO_LONG,
        LeftOutReason.UNREADABLE_EVENT,
        LeftOutReason.TOO_OFTEN,
    }
)
"""Reasons that say something is wrong with what was sent; the others tell of what is no contact between people."""


class Part(StrEnum):
    """How an address took part."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Involved:
    """One address that took part, in lower case; `name` as its writer's program gave it, blank where it gave none."""

    address: str
    name: str
    part: Part


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A mail or an appointment as metadata.

    `key` tells it apart for ever: the Message-ID, or UID and occurrence; without either a digest of the header. `at` is UTC; where
    only the day is told it is its noon and `is_time_known` False. `duration_minutes` None: not told (and of a mail). The subject is
    read always, and kept by whoever asks for it. Each address stands once, with its first part.
    """

    key: str
    at: datetime
    is_time_known: bool
    involved: Sequence[Involved]
    subject: str = ""
    thread_key: str = ""
    is_appointment: bool = False
    duration_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A mail or an appointment that is not used, with the reason; `found` is the value that is at fault, at most 200 characters."""

    reason: LeftOutReason
    key: str = ""
    found: str = ""
