"""Conversations: starts and replies mail after mail, by hand."""

import numpy as np
import pytest
from tests.factories.mails import START_AT, conversations_by_hand, made_mails, working_hours_by_hand

from openkam.analytics.relationship.reciprocity.conversations import conversations, response_hours
from openkam.analytics.relationship.reciprocity.mails import Mails
from openkam.analytics.relationship.reciprocity.working_hours import WorkCalendar
from openkam.analytics.terms import OpenKamError

HOUR = 3600


def between_two(*sent: tuple[int, float]) -> Mails:
    """Mails of 0 and 1: who, and after how many hours."""
    sender = np.array([who for who, _ in sent])
    return Mails(sender, 1 - sender, START_AT + np.array([int(hour * HOUR) for _, hour in sent]), 2)


@pytest.mark.parametrize(("seed", "quiet_days"), [(1, 14), (2, 2), (3, 0.5)])
def test_starts_and_replies_are_as_by_hand(seed, quiet_days):
    mails = made_mails(seed)
    found = conversations(mails, quiet_days)
    starts, replies = conversations_by_hand(mails, quiet_days)
    assert list(zip(found.starter.tolist(), found.started_with.tolist(), strict=True)) == starts
    columns = (found.replier, found.asker, found.asked_at, found.replied_at)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == replies


def test_the_wait_begins_with_the_first_mail_that_was_not_answered():
    found = conversations(between_two((0, 0), (0, 5), (1, 8), (1, 9), (0, 10)))
    assert found.starter.tolist() == [0]
    assert ((found.replied_at - found.asked_at) / HOUR).tolist() == [8, 2]
    assert found.replier.tolist() == [1, 0]


def test_a_mail_after_a_long_silence_begins_anew_and_answers_nothing():
    found = conversations(between_two((0, 0), (1, 14 * 24 + 1)))
    assert (found.starter.tolist(), found.replier.tolist()) == ([0, 1], [])
    assert conversations(between_two((0, 0), (1, 14 * 24))).replier.tolist() == [1]


def test_hours_are_those_of_who_replied():
    mails = made_mails(7)
    found = conversations(mails)
    calendars = (WorkCalendar("Asia/Tokyo"), WorkCalendar("America/New_York"))
    calendar_of_person = np.arange(mails.person_count) % 2
    hours = response_hours(found, calendars, calendar_of_person)
    for place in range(len(hours)):
        zone = calendars[found.replier[place] % 2].zone
        by_hand = working_hours_by_hand(int(found.asked_at[place]), int(found.replied_at[place]), zone)
        assert hours[place] == pytest.approx(by_hand, abs=1e-9)


def test_everybody_who_replies_needs_a_calendar_and_silence_a_length():
    found = conversations(between_two((0, 0), (1, 1)))
    with pytest.raises(OpenKamError, match="calendar 3"):
        response_hours(found, (WorkCalendar("UTC"),), np.array([0, 3]))
    with pytest.raises(OpenKamError, match="quiet days"):
        conversations(between_two((0, 0)), 0)
