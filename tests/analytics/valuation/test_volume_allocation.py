"""Service spread by volume against service by time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.volume_allocation import changed_signs, compare_with_volume, survey_rates


def test_who_changes_sign():
    before, volume = np.array([100.0, 100.0, 30.0, 5.0]), np.array([500.0, 400.0, 100.0, np.nan])
    found = compare_with_volume(before, np.array([20.0, 130.0, 10.0, 9.0]), volume, 300)
    assert found.by_volume[:3].tolist() == [150, 120, 30]
    assert np.isnan(found.by_volume[3])
    assert found.contribution_by_volume[:3].tolist() == [-50, -20, 0]
    assert found.contribution_by_time.tolist() == [80, -30, 20, -4]
    assert (found.hidden_losses.tolist(), found.hidden_profits.tolist()) == ([], [0])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda found: sum(found) > 1), st.floats(0, 1e7))
def test_all_is_spread_and_nothing_more(volume, cost):
    found = compare_with_volume(np.zeros(len(volume)), np.zeros(len(volume)), np.array(volume), cost)
    assert found.by_volume.sum() == pytest.approx(cost)


def test_the_largest_change_comes_first():
    falls, rises = changed_signs(np.array([1.0, 5.0, -1.0, np.nan, 2.0]), np.array([-1.0, -9.0, 4.0, 1.0, 1.0]))
    assert (falls.tolist(), rises.tolist()) == ([1, 0], [2])


def test_without_volume_nothing_can_be_spread():
    with pytest.raises(OpenKamError, match="no volume above 0"):
        compare_with_volume(np.zeros(2), np.zeros(2), np.array([np.nan, -4.0]), 10)


@pytest.mark.parametrize(("activities", "words"), [({"a": (1, 0)}, "quantity above 0"), ({"a": (0.5, 1)}, "must add up to 1")])
def test_a_survey_must_be_whole(activities, words):
    with pytest.raises(OpenKamError, match=words):
        survey_rates(100, activities)
