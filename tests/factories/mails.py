"""Made-up mails between our people and accounts, and their figures by hand: plain loops over rows, nothing shared with the engine."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from openkam.analytics.relationship.reciprocity.mails import Mails

Pair = tuple[int, int]
START_AT = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())


def made_mails(seed: int, mail_count: int = 600, person_count: int = 12, days: int = 120) -> Mails:
    """Seeded mails of unequal talkers, some to several recipients, some to themselves, some at the same second."""
    random = np.random.default_rng(seed)
    talk = random.dirichlet(np.full(person_count, 0.7))
    sender = random.choice(person_count, mail_count, p=talk)
    recipient = random.choice(person_count, mail_count)
    sent_at = START_AT + np.sort(random.integers(0, days * 24, mail_count)) * 3600
    copies = random.choice(mail_count, mail_count // 10, replace=False)
    rows = np.concatenate([np.arange(mail_count), copies])
    other = np.concatenate([recipient, random.choice(person_count, len(copies))])
    order = random.permutation(len(rows))
    return Mails(sender[rows][order], other[order], sent_at[rows][order], person_count)


def dyads_by_hand(mails: Mails, as_of_at: int, half_life_days: float) -> dict[Pair, tuple[int, int, int, int, float]]:
    """Mails out and back, first and last instant, warmth of each pair."""
    found: dict[Pair, list[tuple[int, int]]] = defaultdict(list)
    for sender, recipient, at in _rows(mails):
        if sender != recipient and at <= as_of_at:
            found[min(sender, recipient), max(sender, recipient)].append((sender, at))
    return {
        pair: (
            sum(1 for sender, _ in sent if sender == pair[0]),
            sum(1 for sender, _ in sent if sender == pair[1]),
            min(at for _, at in sent),
            max(at for _, at in sent),
            sum(0.5 ** ((as_of_at - at) / 86_400 / half_life_days) for _, at in sent),
        )
        for pair, sent in sorted(found.items())
    }


def conversations_by_hand(mails: Mails, quiet_days: float) -> tuple[list[Pair], list[tuple[int, int, int, int]]]:
    """Starts as (starter, other) and replies as (replier, asker, asked at, replied at), told mail after mail."""
    by_pair: dict[Pair, list[tuple[int, int, int]]] = defaultdict(list)
    for sender, recipient, at in _rows(mails):
        if sender != recipient:
            by_pair[min(sender, recipient), max(sender, recipient)].append((at, sender, recipient))
    starts: list[Pair] = []
    replies: list[tuple[int, int, int, int]] = []
    for _, sent in sorted(by_pair.items()):
        last_at, waiting_since, speaker = None, 0, -1
        for at, sender, recipient in sorted(sent):
            if last_at is None or at - last_at > quiet_days * 86_400:
                starts.append((sender, recipient))
                waiting_since, speaker = at, sender
            elif sender != speaker:
                replies.append((sender, recipient, waiting_since, at))
                waiting_since, speaker = at, sender
            last_at = at
    return starts, replies


def working_hours_by_hand(
    from_at: int,
    to_at: int,
    zone: str,
    *,
    hours: tuple[int, int] = (9, 17),
    days: frozenset[int] = frozenset(range(1, 6)),
    holidays: tuple[date, ...] = (),
) -> float:
    """Day after day by the clock of the zone: how much of its working hours lies between the instants."""
    place = ZoneInfo(zone)
    first, last = (datetime.fromtimestamp(at, place).date() for at in (from_at, to_at))
    worked = 0.0
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        if day.isoweekday() in days and day not in holidays:
            begins, ends = (datetime.combine(day, time(hour), place).timestamp() for hour in hours)
            worked += max(0.0, min(ends, to_at) - max(begins, from_at))
    return worked / 3600


def _rows(mails: Mails) -> list[tuple[int, int, int]]:
    return list(zip(mails.sender.tolist(), mails.recipient.tolist(), mails.sent_at.tolist(), strict=True))
