import numpy as np
import pytest

from openkam.analytics.behaviour.change_point import MINIMUM_MONTHS, change_point, seasonal_differences


def test_differences_to_the_same_month_of_the_year_before():
    assert seasonal_differences(np.arange(15.0)).tolist() == [12, 12, 12]


def test_a_step_is_found_where_it_is():
    found = change_point(np.concatenate([np.tile([1.0, -1.0, 2.0], 4), np.tile([-9.0, -11.0, -10.0], 4)]))
    assert (found.month, found.before, found.after) == (12, pytest.approx(2 / 3), -10)
    # All 144 pairs fall: U = −144, so p = 2·exp(−6·144² / (24³ + 24²)).
    assert found.probability == pytest.approx(2 * np.exp(-6 * 144**2 / (24**3 + 24**2)))
    assert found.is_told


def test_by_hand():
    found = change_point(np.array([1.0, 2, 3, 4, 5, 6, 7, 8]))
    assert found.month == 4  # U = 16
    assert found.probability == pytest.approx(2 * np.exp(-6 * 256 / (512 + 64)))


def test_chance_is_told_no_more_often_than_said():
    random = np.random.default_rng(1)
    told = [change_point(random.normal(size=24)).is_told for _ in range(400)]
    assert np.mean(told) < 0.06


def test_too_short_or_all_alike_has_none():
    assert change_point(np.arange(MINIMUM_MONTHS - 1.0)) is None
    assert change_point(np.full(24, 3.0)) is None
