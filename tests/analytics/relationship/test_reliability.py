"""Reliability: kept in time of those due, with Wilson's interval."""

from datetime import date, timedelta

import pytest

from openkam.analytics.relationship.reliability import Promise, reliability
from openkam.analytics.terms import OpenKamError

TODAY = date(2026, 11, 30)


def test_only_what_was_due_counts():
    yesterday, tomorrow = TODAY - timedelta(1), TODAY + timedelta(1)
    promises = [
        *[Promise("kept", yesterday)] * 7,
        Promise("kept_late", yesterday),
        Promise("broken", None),
        Promise("open", yesterday),
        Promise("open", TODAY),
        Promise("open", tomorrow),
        Promise("open", None),
        Promise("withdrawn", yesterday),
    ]
    told = reliability(promises, TODAY)
    assert (told.due, told.overdue, told.share) == (10, 1, 0.7)
    assert reliability(promises[::-1], TODAY) == told


def test_wilsons_interval_of_a_published_case():
    """Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 at 95 %: 0.2553 to 0.3662."""
    promises = [Promise("kept", TODAY)] * 81 + [Promise("broken", TODAY)] * 182
    told = reliability(promises, TODAY, confidence=0.95)
    assert (told.lower, told.upper) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))


def test_without_a_due_promise_nothing_is_told():
    told = reliability([Promise("open", None)], TODAY)
    assert (told.due, told.share, told.lower, told.upper) == (0, None, None, None)


def test_three_kept_of_three_leave_doubt():
    told = reliability([Promise("kept", TODAY)] * 3, TODAY)
    assert told.share == told.upper == 1.0
    assert told.lower is not None
    assert told.lower < 0.6


def test_an_unknown_state_is_refused():
    with pytest.raises(OpenKamError, match="lost"):
        reliability([Promise("lost", TODAY)], TODAY)
