"""The ties alone are those of the whole dialogue, pair for pair."""

from datetime import UTC, datetime, timedelta
from math import floor
from random import Random

import pytest

from openkam.analytics.relationship.dialogue import Interaction, Meeting, Person, dialogue
from openkam.analytics.relationship.pair_ties import pair_ties

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def contact(days_ago, writer, *others):
    return Meeting(floor((NOW - timedelta(days=days_ago)).timestamp()), writer, others)


def test_what_two_had_with_each_other_warms_their_pair_once_and_fades():
    found = pair_ties(
        ["u1", "u2"],
        [
            contact(0, None, "u1", "u2", "c1"),  # a meeting
            contact(60, "u1", "c1", "c2", "u2"),  # a mail, a half-life ago
            contact(30, "c2", "u1", "c1"),  # a mail of theirs
            contact(0, "u1", "u2"),  # among ourselves
            contact(-1, "u2", "c2"),  # to come
            contact(0, "u1", *[f"c{n}" for n in range(30)]),  # a circular
        ],
        NOW,
    )

    assert [(tie.ours, tie.theirs) for tie in found] == [("u1", "c1"), ("u1", "c2"), ("u2", "c1")]
    assert [tie.warmth for tie in found] == pytest.approx([1.5, 0.5 + 2**-0.5, 1.0])
    assert found[0].strength == pytest.approx(1 - 2 ** (-1.5 / 3))
    assert found[1].last_at == NOW - timedelta(days=30)
    assert pair_ties([], [], NOW) == ()


@pytest.mark.parametrize("seed", range(20))
def test_they_are_the_pairs_of_the_whole_dialogue(seed):
    draw = Random(seed)
    people = [Person(f"u{n}", f"U{n}", True, "UTC") for n in range(4)] + [
        Person(f"c{n}", f"C{n}", False, "UTC") for n in range(40)
    ]
    keys = [one.key for one in people]
    contacts = [
        contact(draw.uniform(-5, 300), draw.choice([None, *keys]), *draw.choices(keys, k=draw.choice([1, 2, 3, 30])))
        for _ in range(150)
    ]
    whole = dialogue(
        people, [Interaction(datetime.fromtimestamp(met.at, UTC), True, met.writer, met.others) for met in contacts], NOW
    )

    assert [tuple(tie) for tie in pair_ties([one.key for one in people if one.is_ours], contacts, NOW)] == [
        (pair.ours.key, pair.theirs.key, pair.warmth, pair.strength, pair.last_at) for pair in whole.pairs
    ]
