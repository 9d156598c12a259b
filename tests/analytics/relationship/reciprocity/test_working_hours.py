"""Working hours: day by day by hand, over summer time, weekends, holidays and the date line."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.mails import working_hours_by_hand

from openkam.analytics.relationship.reciprocity.working_hours import WorkCalendar, local_seconds, working_hours
from openkam.analytics.terms import OpenKamError

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo")
EASTER = (date(2026, 4, 3), date(2026, 4, 6), date(2026, 4, 4))  # the last one is a Saturday


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp())


def hours(from_at: int, to_at: int, calendar: WorkCalendar) -> float:
    return float(working_hours(np.array([from_at]), np.array([to_at]), calendar)[0])


instants = st.integers(min_value=at(2025, 1, 1), max_value=at(2027, 1, 1))


@given(instants, st.integers(min_value=0, max_value=40 * 86_400), st.sampled_from(ZONES))
def test_they_are_as_day_by_day(from_at, lasts, zone):
    found = hours(from_at, from_at + lasts, WorkCalendar(zone, holidays=EASTER))
    assert found == pytest.approx(working_hours_by_hand(from_at, from_at + lasts, zone, holidays=EASTER), abs=1e-9)


@given(instants, st.integers(min_value=0, max_value=20 * 86_400))
def test_another_week_has_its_own_days(from_at, lasts):
    sunday_to_thursday = frozenset({7, 1, 2, 3, 4})
    calendar = WorkCalendar("Asia/Riyadh", 8, 16, sunday_to_thursday)
    by_hand = working_hours_by_hand(from_at, from_at + lasts, "Asia/Riyadh", hours=(8, 16), days=sunday_to_thursday)
    assert hours(from_at, from_at + lasts, calendar) == pytest.approx(by_hand, abs=1e-9)


def test_a_mail_on_friday_evening_answered_on_monday_morning_took_no_day_off_anybody():
    # Friday 16:30 to Monday 09:30 in Berlin, in winter an hour ahead of UTC
    assert hours(at(2026, 1, 9, 15, 30), at(2026, 1, 12, 8, 30), WorkCalendar("Europe/Berlin")) == 1.0
    # the same instants in New York: Friday 10:30 to Monday 03:30
    assert hours(at(2026, 1, 9, 15, 30), at(2026, 1, 12, 8, 30), WorkCalendar("America/New_York")) == 6.5


def test_the_clock_is_that_of_the_place_in_summer_and_winter():
    shown = local_seconds(np.array([at(2026, 1, 1), at(2026, 7, 1)]), "Europe/Berlin")
    assert shown.tolist() == [at(2026, 1, 1, 1), at(2026, 7, 1, 2)]


def test_a_calendar_must_make_sense():
    with pytest.raises(OpenKamError, match="no time zone"):
        local_seconds(np.array([0]), "Europe/Atlantis")
    with pytest.raises(OpenKamError, match="hours of one day"):
        WorkCalendar("UTC", 17, 9)
    with pytest.raises(OpenKamError, match="working days"):
        WorkCalendar("UTC", working_days=frozenset())
