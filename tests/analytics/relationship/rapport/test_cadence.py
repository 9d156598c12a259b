"""Cadence: day by day by hand."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.relationship.rapport.cadence import cadence_kept
from openkam.analytics.terms import OpenKamError, Period

PERIOD = Period(date(1970, 3, 2), date(1970, 5, 1))
START, END = 60, 120


def days_kept_by_hand(contacts: list[int], every: int, promised_on: int) -> tuple[float, int, float, float]:
    """Kept share, contacts, longest silence and days since the last, looking back from every day."""
    if promised_on > END:
        return float("nan"), 0, float("nan"), float("nan")
    known = [promised_on, *(day for day in contacts if promised_on <= day <= END)]
    since = [day - max(one for one in known if one <= day) for day in range(promised_on, END + 1)]
    asked = range(max(START, promised_on), END + 1)
    kept = sum(1 for day in asked if since[day - promised_on] <= every)
    # a silence that reaches into the period is as long as on its last day, or to the contact that ends it
    stretches = [
        later - earlier
        for earlier, later in zip(sorted(known), [*sorted(known)[1:], None], strict=True)
        if later is not None and later > START
    ]
    return (
        kept / len(asked),
        sum(1 for day in contacts if max(START, promised_on) <= day <= END),
        max([*stretches, since[-1]]),
        since[-1],
    )


days = st.lists(st.integers(0, 140), max_size=12)


@given(st.lists(st.tuples(days, st.integers(1, 40), st.integers(0, 130)), min_size=1, max_size=5))
def test_it_is_as_looking_back_from_every_day(promises):
    promise = np.array([number for number, (contacts, _, _) in enumerate(promises) for _ in contacts], dtype=np.int64)
    day = np.array([one for contacts, _, _ in promises for one in contacts], dtype=np.int64)
    every, since = (np.array([one[place] for one in promises]) for place in (1, 2))
    found = cadence_kept(promise, day, every.astype(np.float64), since, PERIOD)
    for place, (contacts, promised, promised_on) in enumerate(promises):
        share, count, longest, silent = days_kept_by_hand(contacts, promised, promised_on)
        assert found.kept_share[place] == pytest.approx(share, nan_ok=True)
        assert found.contacts[place] == count
        assert found.longest_silence_days[place] == pytest.approx(longest, nan_ok=True)
        assert found.days_since[place] == pytest.approx(silent, nan_ok=True)
        assert found.overdue_days[place] == pytest.approx(np.maximum(silent - promised, 0), nan_ok=True)


def test_a_promise_kept_to_the_day_is_kept_and_a_day_more_is_not():
    found = cadence_kept(np.array([0, 0]), np.array([60, 90]), np.array([30.0]), np.array([50]), PERIOD)
    assert (found.kept_share[0], found.overdue_days[0]) == (1.0, 0.0)
    late = cadence_kept(np.array([0, 0]), np.array([60, 91]), np.array([29.0]), np.array([50]), PERIOD)
    assert late.kept_share[0] == pytest.approx(60 / 61)


def test_a_promise_needs_a_length():
    with pytest.raises(OpenKamError, match="every 0 days or less"):
        cadence_kept(np.array([], dtype=np.int64), np.array([], dtype=np.int64), np.array([0.0]), np.array([1]), PERIOD)
