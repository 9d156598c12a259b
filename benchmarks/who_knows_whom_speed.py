"""Who knows whom in years of mail: every pair of people with counts, reciprocity and warmth; and how long each side waits."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.measuring import peak_memory_gib

from openkam.analytics.relationship.reciprocity.conversations import conversations
from openkam.analytics.relationship.reciprocity.dyads import HALF_LIFE_DAYS, who_knows_whom
from openkam.analytics.relationship.reciprocity.mails import Mails

SIZES = (1_000_000, 10_000_000)
MAILS_PER_PERSON = 500
MAILS_PER_PAIR = 25
SPAN_DAYS = 730
START_AT = datetime(2024, 1, 1, tzinfo=UTC)
AS_OF_AT = START_AT + timedelta(days=SPAN_DAYS)


def run(quick: bool) -> dict[str, Any]:
    """Aggregate made-up mails of two sizes; the promises are held against the larger."""
    rows: list[dict[str, Any]] = []
    for count in (20_000,) if quick else SIZES:
        mails = generate(count)
        started = time.perf_counter()
        dyads = who_knows_whom(mails, AS_OF_AT)
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        talks = conversations(mails)
        turn_seconds = time.perf_counter() - started
        memory_gib = peak_memory_gib()  # before pandas takes its own
        started = time.perf_counter()
        peer = pandas_dyads(mails)
        peer_seconds = time.perf_counter() - started
        rows.append(
            {
                "mails": count,
                "people": mails.person_count,
                "pairs": len(dyads.first),
                "seconds": seconds,
                "the same in pandas": peer_seconds,
                "replies": len(talks.replier),
                "seconds for starts and replies": turn_seconds,
                "GiB": memory_gib,
            }
        )
        assert len(peer) == len(dyads.first)
    largest = rows[-1]
    return {
        "title": "Who knows whom: from mails to pairs",
        "method": (
            "Seeded mails of two years in random order; pairs talk unequally much. Timed is one call on columns in memory: mails each way, "
            "first and last, and warmth, of every pair; beside it the same by pandas (grouping by two columns), and apart from it the "
            "sort into conversations with all starts and replies."
        ),
        "rows": rows,
        "targets": [
            {"what": "seconds for pairs", "measured": largest["seconds"], "limit": 2},
            {"what": "GiB of memory", "measured": largest["GiB"], "limit": 4},
        ],
    }


def generate(mail_count: int, seed: int = 1) -> Mails:
    """So many mails of pairs that write unequally often, either way, at any second of the span."""
    random = np.random.default_rng(seed)
    people = max(mail_count // MAILS_PER_PERSON, 3)
    pair_count = max(mail_count // MAILS_PER_PAIR, 1)
    one = random.integers(0, people, pair_count)
    other = (one + random.integers(1, people, pair_count)) % people
    talk = random.gamma(0.8, size=pair_count)
    pair = random.choice(pair_count, mail_count, p=talk / talk.sum())
    is_out = random.random(mail_count) < random.beta(2, 2, pair_count)[pair]
    sent_at = int(START_AT.timestamp()) + random.integers(0, SPAN_DAYS * 86_400, mail_count)
    return Mails(np.where(is_out, one[pair], other[pair]), np.where(is_out, other[pair], one[pair]), sent_at, people)


def pandas_dyads(mails: Mails) -> pd.DataFrame:
    """The same figures by pair, as an analyst would write it."""
    frame = pd.DataFrame(
        {
            "first": np.minimum(mails.sender, mails.recipient),
            "second": np.maximum(mails.sender, mails.recipient),
            "out": mails.sender < mails.recipient,
            "sent_at": mails.sent_at,
            "warmth": 0.5 ** ((int(AS_OF_AT.timestamp()) - mails.sent_at) / (HALF_LIFE_DAYS * 86_400)),
        }
    )
    return frame.groupby(["first", "second"]).agg(
        mails=("out", "size"),
        out=("out", "sum"),
        first_at=("sent_at", "min"),
        last_at=("sent_at", "max"),
        warmth=("warmth", "sum"),
    )
