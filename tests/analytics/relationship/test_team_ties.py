"""What ours did together on an account, by hand."""

from datetime import UTC, datetime, timedelta
from math import floor

import pytest

from openkam.analytics.relationship.dialogue import Meeting
from openkam.analytics.relationship.team_ties import team_ties

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def contact(days_ago, writer, *others):
    return Meeting(floor((NOW - timedelta(days=days_ago)).timestamp()), writer, others)


def test_what_two_did_together_warms_their_pair_once_and_fades():
    together = [
        contact(0, None, "u1", "u2", "c1"),  # a meeting
        contact(60, "u2", "c1", "u1"),  # a mail with the other in copy, a half-life ago
        contact(0, "c1", "u1", "u3"),  # a mail of theirs to both
        contact(0, "u3", "c1"),  # alone
        contact(-1, None, "u1", "u2"),  # to come
    ]
    found = {(tie.first, tie.second): tie for tie in team_ties(["u3", "u2", "u1"], together, NOW)}

    assert {pair: tie.warmth for pair, tie in found.items()} == {
        ("u1", "u2"): pytest.approx(1.5),
        ("u1", "u3"): pytest.approx(1.0),
    }
    assert found["u1", "u2"].strength == pytest.approx(1 - 2 ** (-1.5 / 3))


def test_a_circular_and_nobody_make_no_tie():
    many = [f"c{n}" for n in range(30)]
    assert team_ties(["u1", "u2"], [contact(0, "u1", "u2", *many)], NOW) == ()
    assert team_ties([], [], NOW) == ()
