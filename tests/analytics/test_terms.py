"""The shared words: a period counts both its ends and cannot run backwards."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError, Period

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))


def test_a_period_counts_both_ends():
    assert Period(date(2024, 1, 1), date(2024, 12, 31)).days == 366
    assert Period(date(2024, 2, 29), date(2024, 2, 29)).days == 1


@given(start_on=DAYS, length_days=st.integers(min_value=1, max_value=4000))
def test_a_period_of_n_days_ends_n_minus_1_days_later(start_on: date, length_days: int):
    assert Period(start_on, start_on + timedelta(days=length_days - 1)).days == length_days


def test_a_period_that_runs_backwards_says_what_to_do():
    with pytest.raises(OpenKamError, match="starts on 2024-02-01 and ends before that, on 2024-01-31: swap the two days"):
        Period(date(2024, 2, 1), date(2024, 1, 31))
