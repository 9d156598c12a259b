"""Initiative and response times by pair and by account, counted by hand; planted habits are found."""

from datetime import UTC, datetime
from statistics import median

import numpy as np
import pytest
from tests.factories.mails import START_AT, made_mails

from openkam.analytics.relationship.reciprocity.conversations import conversations
from openkam.analytics.relationship.reciprocity.dyads import who_knows_whom
from openkam.analytics.relationship.reciprocity.exchange import by_account, by_dyad, initiative, response_time
from openkam.analytics.relationship.reciprocity.mails import Mails
from openkam.analytics.terms import OpenKamError

AS_OF_AT = datetime.fromtimestamp(START_AT + 100 * 86_400, UTC)
MAILS = made_mails(11)
TALKS = conversations(MAILS, 5)
HOURS = (TALKS.replied_at - TALKS.asked_at) / 3600


def middle(values: list[float]) -> float:
    return median(values) if values else float("nan")


def test_pairs_are_as_by_hand():
    dyads = who_knows_whom(MAILS, AS_OF_AT)
    begun = initiative(by_dyad(TALKS, dyads))
    waits = response_time(by_dyad(TALKS, dyads), HOURS)
    for place, pair in enumerate(zip(dyads.first.tolist(), dyads.second.tolist(), strict=True)):
        starts = [
            one for one, other in zip(TALKS.starter.tolist(), TALKS.started_with.tolist(), strict=True) if {one, other} == {*pair}
        ]
        assert (begun.ours[place], begun.theirs[place]) == (starts.count(pair[0]), starts.count(pair[1]))
        for who, other, found in ((0, 1, waits.our_hours), (1, 0, waits.their_hours)):
            rows = (TALKS.replier == pair[who]) & (TALKS.asker == pair[other])
            assert found[place] == pytest.approx(middle(HOURS[rows].tolist()), nan_ok=True)


def test_accounts_are_as_by_hand_and_talk_within_a_side_is_none_of_them():
    our_count, account = 4, np.array([7, 7, 7, 7, 0, 0, 1, 1, 1, 2, 2, 0])
    exchange = by_account(TALKS, account, 4, our_count)
    begun, waits = initiative(exchange), response_time(exchange, HOURS)
    for place in range(4):
        members = [who for who in range(our_count, 12) if account[who] == place]
        ours = (TALKS.starter < our_count) & np.isin(TALKS.started_with, members)
        theirs = (TALKS.started_with < our_count) & np.isin(TALKS.starter, members)
        assert (begun.ours[place], begun.theirs[place]) == (ours.sum(), theirs.sum())
        rows = (TALKS.replier < our_count) & np.isin(TALKS.asker, members)
        assert waits.our_hours[place] == pytest.approx(middle(HOURS[rows].tolist()), nan_ok=True)
        assert waits.our_replies[place] == rows.sum()
    assert np.isnan(begun.our_share[3])
    assert np.isnan(waits.their_hours[3])


def test_planted_initiative_and_patience_are_found():
    # 4,000 conversations 30 days apart: we begin 65 % of them; they answer after 6 hours in the median, we after 2.
    random = np.random.default_rng(3)
    count = 4_000
    by_us = random.random(count) < 0.65
    first = START_AT + np.arange(count) * 30 * 86_400
    wait = np.where(by_us, random.exponential(6 / np.log(2), count), random.exponential(2 / np.log(2), count))
    sender = np.concatenate([np.where(by_us, 0, 1), np.where(by_us, 1, 0)])
    mails = Mails(sender, 1 - sender, np.concatenate([first, first + (wait * 3600).astype(np.int64)]), 2)
    talks = conversations(mails, 14)
    exchange = by_account(talks, np.array([0, 0]), 1, 1)
    assert initiative(exchange).our_share[0] == pytest.approx(0.65, abs=0.02)
    waits = response_time(exchange, (talks.replied_at - talks.asked_at) / 3600)
    assert (waits.our_hours[0], waits.their_hours[0]) == (pytest.approx(2, abs=0.15), pytest.approx(6, abs=0.3))


def test_pairs_that_are_not_asked_about_and_foreign_hours():
    dyads = who_knows_whom(MAILS, AS_OF_AT)
    some = by_dyad(TALKS, dyads.taken(np.array([2])))
    assert set(some.start.tolist()) == {-1, 0}
    assert set(by_dyad(TALKS, dyads.taken(np.array([], dtype=np.int64))).start.tolist()) == {-1}
    with pytest.raises(OpenKamError, match="hours of 1"):
        response_time(some, np.array([1.0]))
