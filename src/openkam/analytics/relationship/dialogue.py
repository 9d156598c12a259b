"""The dialogue with one account: who writes and who answers, who begins, how long each side waits, how warm each pair is.

Mails, and calls of which it is known who began them, are *messages*: they have a direction. Meetings and visits have none: they warm every
pair that met, as one mail does, and count in neither reciprocity nor initiative. A *circular*, a message to more than `LARGEST_AUDIENCE`
people, is counted apart: nobody is expected to answer it, and it makes no tie. What several wrote or met is counted once for the account
and once for every pair. Formulas stand in `reciprocity`; here they meet one account and become a sentence.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import numpy as np

from openkam.analytics.relationship.correspondence.items import LARGEST_AUDIENCE
from openkam.analytics.relationship.reciprocity.conversations import conversations, response_hours
from openkam.analytics.relationship.reciprocity.dyads import HALF_LIFE_DAYS, reciprocity, strength, who_knows_whom
from openkam.analytics.relationship.reciprocity.exchange import by_account, initiative, response_time
from openkam.analytics.relationship.reciprocity.mails import Mails, instant
from openkam.analytics.relationship.reciprocity.meetings import MeetingBalance, Meetings, meeting_balance
from openkam.analytics.relationship.reciprocity.working_hours import WorkCalendar
from openkam.analytics.terms import OpenKamError

MONOLOGUE_BELOW = 0.25
DIALOGUE_FROM = 0.6
"""Reciprocity below and from which the sentence says so; the firm's own to judge, no finding."""
FEWEST_MESSAGES = 5
"""Below so many messages no word is used for their balance."""
ONE_VOICE_FROM = 0.7
"""Share of a side's messages from which one person is said to hold it."""
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part: a key that tells them apart, their name, whether they are ours, and their time zone (IANA)."""

    key: str
    name: str
    is_ours: bool
    zone: str


class Interaction(NamedTuple):
    """One interaction: when, whether its time of day is known, the keys of who wrote (None: no direction) and of everybody else.

    Without a writer `others` are all who were there. Minutes of talk and points of the agenda are NaN where not noted.
    """

    at: datetime
    is_time_known: bool
    writer: str | None
    others: tuple[str, ...]
    our_minutes: float = float("nan")
    their_minutes: float = float("nan")
    our_points: float = float("nan")
    their_points: float = float("nan")


@dataclass(frozen=True, slots=True)
class Pair:
    """One of ours and one of theirs: messages `out` and `back`, warmth, strength (0 to 1) and the day they last had contact."""

    ours: Person
    theirs: Person
    out: int
    back: int
    reciprocity: float | None
    warmth: float
    strength: float
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """Messages of a month (by UTC) by the side that sent them."""

    month_on: date
    ours: int
    theirs: int


@dataclass(frozen=True, slots=True)
class Dialogue:
    """An account's dialogue until an instant. None: it cannot be told, and that is not zero.

    `out` and `back` are messages; shares are of one; hours are medians in working hours of who replied, of so many replies; `sentence`
    says it all in words. `circulars` are messages to many, which count in nothing else.
    """

    out: int
    back: int
    meetings: int
    circulars: int
    reciprocity: float | None
    our_initiative: float | None
    conversations: int
    our_hours: float | None
    our_replies: int
    their_hours: float | None
    their_replies: int
    our_talk_share: float | None
    talk_meetings: int
    our_agenda_share: float | None
    agenda_meetings: int
    pairs: tuple[Pair, ...]
    months: tuple[Month, ...]
    sentence: str

    @property
    def warmth(self) -> float:
        """Of all pairs together: contacts, each worth less the longer it is ago."""
        return sum(pair.warmth for pair in self.pairs)


def dialogue(
    people: Sequence[Person], contacts: Sequence[Interaction], as_of_at: datetime, half_life_days: float = HALF_LIFE_DAYS
) -> Dialogue:
    """The dialogue of these people over these contacts, those after `as_of_at` left out.

    Raises `OpenKamError` for a contact that names somebody who is not among the people.
    """
    ordered = sorted(people, key=lambda person: (not person.is_ours, person.key))
    place = {person.key: number for number, person in enumerate(ordered)}
    our_count = sum(person.is_ours for person in ordered)
    known_by_then = [contact for contact in contacts if contact.at <= as_of_at]
    until = [contact for contact in known_by_then if not is_circular(contact)]
    missing = {key for contact in known_by_then for key in everybody(contact)} - place.keys()
    if missing:
        raise OpenKamError(f"{sorted(missing)[0]} takes part and is not among the people: give everybody who does.")

    messages = [
        contact
        for contact in until
        if contact.writer is not None
        and any(ordered[place[key]].is_ours != ordered[place[contact.writer]].is_ours for key in contact.others)
    ]
    together = [contact for contact in until if contact.writer is None]
    directed, timed = _mails(messages, place), _mails([one for one in messages if one.is_time_known], place)
    everything = _mails([*messages, *_as_mails(together, ordered, place)], place)
    writers = Counter(contact.writer for contact in messages if contact.writer is not None)
    out = sum(count for key, count in writers.items() if ordered[place[key]].is_ours)
    back = sum(writers.values()) - out
    account = np.zeros(len(ordered), dtype=np.int64)
    talks = conversations(timed)
    exchange = by_account(talks, account, 1, our_count)
    zones = sorted({person.zone for person in ordered})
    zone_of = np.array([zones.index(person.zone) for person in ordered], dtype=np.int64)
    waits = response_time(exchange, response_hours(talks, [WorkCalendar(zone) for zone in zones], zone_of))
    begun = initiative(by_account(conversations(directed), account, 1, our_count))
    began = int(begun.ours[0] + begun.theirs[0])
    balance = _balance(until)
    return Dialogue(
        out=out,
        back=back,
        meetings=len(together),
        circulars=len(known_by_then) - len(until),
        reciprocity=_known(reciprocity(np.array([out]), np.array([back]))[0]),
        our_initiative=_known(begun.our_share[0]),
        conversations=began,
        our_hours=_known(waits.our_hours[0]),
        our_replies=int(waits.our_replies[0]),
        their_hours=_known(waits.their_hours[0]),
        their_replies=int(waits.their_replies[0]),
        our_talk_share=_known(balance.our_talk_share[0]),
        talk_meetings=int(balance.talk_meetings[0]),
        our_agenda_share=_known(balance.our_agenda_share[0]),
        agenda_meetings=int(balance.agenda_meetings[0]),
        pairs=_pairs(ordered, our_count, (directed, everything), as_of_at, half_life_days),
        months=_months(messages, ordered, place, as_of_at),
        sentence=_sentence({person.key: person for person in ordered}, writers, len(together)),
    )


class Meeting(NamedTuple):
    """An interaction as far as ties are made of it: `at` in whole seconds since 1970-01-01 UTC, `writer` and `others` as there."""

    at: int
    writer: str | None
    others: tuple[str, ...]


def is_circular(contact: Interaction | Meeting) -> bool:
    """A message to more than `LARGEST_AUDIENCE` people."""
    return contact.writer is not None and len(contact.others) > LARGEST_AUDIENCE and len(set(contact.others)) > LARGEST_AUDIENCE


def everybody(contact: Interaction | Meeting) -> tuple[str, ...]:
    """The keys of who took part in a contact, its writer first."""
    return contact.others if contact.writer is None else (contact.writer, *contact.others)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _mails(contacts: Sequence[Interaction], place: dict[str, int]) -> Mails:
    rows = [
        (place[contact.writer], place[other], instant(contact.at))
        for contact in contacts
        if contact.writer is not None
        for other in dict.fromkeys(contact.others)
    ]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Mails(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy(), len(place))


def _as_mails(together: Sequence[Interaction], ordered: Sequence[Person], place: dict[str, int]) -> list[Interaction]:
    """Each of ours who was there to all of theirs: one contact of every pair that met."""
    found: list[Interaction] = []
    for contact in together:
        ours = [key for key in dict.fromkeys(contact.others) if ordered[place[key]].is_ours]
        theirs = tuple(key for key in contact.others if not ordered[place[key]].is_ours)
        found += [Interaction(contact.at, contact.is_time_known, key, theirs) for key in ours if theirs]
    return found


def _pairs(
    ordered: Sequence[Person], our_count: int, counted: tuple[Mails, Mails], as_of_at: datetime, half_life_days: float
) -> tuple[Pair, ...]:
    """Every pair that had contact; `counted` are the messages alone, and with them the contacts that have no direction."""
    directed, everything = counted
    ties = who_knows_whom(everything, as_of_at, half_life_days).across(our_count)
    wrote = who_knows_whom(directed, as_of_at, half_life_days).across(our_count)
    sent = {
        (int(first), int(second)): (int(out), int(back))
        for first, second, out, back in zip(wrote.first, wrote.second, wrote.out, wrote.back, strict=True)
    }
    strengths = strength(ties.warmth)
    found: list[Pair] = []
    ends = list(zip(ties.first.tolist(), ties.second.tolist(), strict=True))
    both = np.array([sent.get(pair, (0, 0)) for pair in ends], dtype=np.int64).reshape(-1, 2)
    balances = reciprocity(both[:, 0], both[:, 1])
    for row, (first, second) in enumerate(ends):
        out, back = both[row].tolist()
        found.append(
            Pair(
                ours=ordered[first],
                theirs=ordered[second],
                out=out,
                back=back,
                reciprocity=_known(balances[row]),
                warmth=float(ties.warmth[row]),
                strength=float(strengths[row]),
                last_at=datetime.fromtimestamp(int(ties.last_at[row]), UTC),
            )
        )
    return tuple(sorted(found, key=lambda pair: (-pair.warmth, pair.ours.key, pair.theirs.key)))


def _balance(together: Sequence[Interaction]) -> MeetingBalance:
    columns = np.array(
        [(one.our_minutes, one.their_minutes, one.our_points, one.their_points) for one in together], dtype=np.float64
    ).reshape(-1, 4)
    noted = Meetings(np.zeros(len(columns), dtype=np.int64), columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3])
    return meeting_balance(noted, 1)


def _months(
    messages: Sequence[Interaction], ordered: Sequence[Person], place: dict[str, int], as_of_at: datetime
) -> tuple[Month, ...]:
    last = as_of_at.astimezone(UTC)
    numbers = range(last.year * 12 + last.month - MONTHS_SHOWN, last.year * 12 + last.month)
    counts = Counter(
        (at.year * 12 + at.month - 1, ordered[place[contact.writer]].is_ours)
        for contact in messages
        if contact.writer is not None
        for at in (contact.at.astimezone(UTC),)
    )
    return tuple(Month(date(n // 12, n % 12 + 1, 1), counts[n, True], counts[n, False]) for n in numbers)


def _sentence(person: Mapping[str, Person], writers: Counter[str], meetings: int) -> str:
    out = sum(count for key, count in writers.items() if person[key].is_ours)
    total = sum(writers.values())
    back = total - out
    if not total:
        met = "one meeting, visit or call is" if meetings == 1 else f"{meetings} meetings, visits or calls are"
        return f"No mail between us is known; {met}." if meetings else "Nothing between us is known yet."
    ours_lead = out >= back
    side, count = ("we", out) if ours_lead else ("they", back)
    wrote = f"{side} wrote {count} of {total} mails and calls"
    voices = [(number, key) for key, number in writers.items() if person[key].is_ours == ours_lead]
    loudest, key = max(voices)
    held = ""
    if loudest >= ONE_VOICE_FROM * count and count >= FEWEST_MESSAGES:
        name = person[key].name
        held = f", all of them {name}'s" if loudest == count else f", and {loudest} of them are {name}'s"
    balance = 2 * min(out, back) / total
    if total < FEWEST_MESSAGES:
        return f"Too few to judge: {wrote}{held}."
    if balance < MONOLOGUE_BELOW:
        return f"A monologue: {wrote}{held}." if ours_lead else f"They write and we hardly answer: {wrote}{held}."
    return f"{'A dialogue' if balance >= DIALOGUE_FROM else 'One side speaks more'}: {wrote}{held}."
