import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsforecast.models import TSB, CrostonSBA, SeasonalNaive, SimpleExponentialSmoothing

from openkam.analytics.forecast.demand_methods import (
    METHODS,
    SMOOTHING_GRID,
    TSB_SMOOTHING,
    croston_sba,
    seasonal_naive,
    seasonally_smoothed,
    smoothed,
    smoothed_level,
    tsb,
)

AHEAD = 14


def lumpy(seed: int, demand_share: float, series: int = 8, months: int = 40) -> np.ndarray:
    random = np.random.default_rng(seed)
    sizes = np.round(random.gamma(2, 50, (series, months)), 2) + 1
    return np.where(random.random((series, months)) < demand_share, sizes, 0.0)


@pytest.mark.parametrize("demand_share", [0.15, 0.5, 1.0])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (seasonal_naive, SeasonalNaive(12)),
        (croston_sba, CrostonSBA()),
        (tsb, TSB(*TSB_SMOOTHING)),
    ],
)
def test_every_method_is_that_of_statsforecast(ours, theirs, demand_share):
    months = lumpy(3, demand_share)
    found = ours(months, AHEAD)
    for row, series in zip(found, months, strict=True):
        assert row == pytest.approx(theirs.forecast(y=series, h=AHEAD)["mean"], rel=1e-5)


@pytest.mark.parametrize("constant", SMOOTHING_GRID)
def test_smoothing_is_that_of_statsforecast(constant):
    months = lumpy(4, 0.8)
    level, squares = smoothed_level(months, constant)
    for row, one, series in zip(level, squares, months, strict=True):
        their = SimpleExponentialSmoothing(constant).forecast(y=series, h=1, fitted=True)
        assert row == pytest.approx(their["mean"][0], rel=1e-5)
        assert one == pytest.approx(((series - their["fitted"])[1:] ** 2).sum(), rel=1e-4)


def test_the_constant_with_the_least_errors_is_taken():
    steady, walk = np.random.default_rng(1).normal(100, 5, 60), np.cumsum(np.random.default_rng(2).normal(0, 5, 60)) + 100
    found = smoothed(np.vstack([steady, walk]), 1)[:, 0]
    assert abs(found[0] - 100) < 3
    assert abs(found[1] - walk[-1]) < abs(found[1] - walk.mean())


@settings(max_examples=20)
@given(first=st.integers(0, 20), name=st.sampled_from([one for one in METHODS if one != "seasonal smoothing"]))
def test_a_series_is_foretold_as_if_it_stood_alone_from_its_first_month_on(first, name):
    months = lumpy(5, 0.6)
    late = months.copy()
    late[2, :first] = np.nan
    found = METHODS[name](late, 6)
    alone = METHODS[name](months[2:3, first:], 6)
    assert found[2] == pytest.approx(alone[0])
    assert found[3] == pytest.approx(METHODS[name](months, 6)[3])


@given(factor=st.floats(0.01, 100), name=st.sampled_from(list(METHODS)))
@settings(max_examples=25)
def test_the_unit_of_money_does_not_matter(factor, name):
    months = lumpy(6, 0.5)
    assert METHODS[name](months * factor, 5) == pytest.approx(factor * METHODS[name](months, 5), rel=1e-9)


def test_the_season_is_put_back():
    season = 100 + 60 * np.sin(np.arange(36) / 12 * 2 * np.pi)
    found = seasonally_smoothed(np.vstack([season, np.full(36, 50.0)]), 12)
    assert np.corrcoef(found[0], season[:12])[0, 1] > 0.99
    assert found[1] == pytest.approx(np.full(12, 50.0))


def test_nothing_sold_foretells_nothing_and_silence_lowers_tsb_only():
    silent = np.zeros((1, 24))
    assert all(METHODS[name](silent, 3).tolist() == [[0, 0, 0]] for name in METHODS)
    stopped = np.concatenate([np.full(24, 10.0), np.zeros(12)])[None, :]
    assert tsb(stopped, 1)[0, 0] < 0.3 * croston_sba(stopped, 1)[0, 0]


def test_a_series_younger_than_a_year_carries_its_last_month_on():
    assert seasonal_naive(np.array([[1.0, 2, 7]]), 2).tolist() == [[7, 7]]
