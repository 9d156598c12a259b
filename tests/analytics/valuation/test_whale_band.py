"""The band of the whale curve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.whale_band import driver_rate_factors, whale_band
from openkam.analytics.valuation.whale_curve import whale_curve


def company(accounts: int = 200) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    return random.gamma(1.0, 1000.0, accounts), random.gamma(1.5, 250.0, (accounts, 2))


def measured(sigma: float, count: int = 60) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(7)
    return {"order": (np.ones(count), 10 * np.exp(sigma * random.standard_normal(count)))}


def test_the_band_holds_the_curve_and_widens_with_the_spread_of_the_measurements():
    before, service = company()
    curve = whale_curve(before - service.sum(axis=1))
    assert curve is not None
    assert curve.peak_share is not None
    widths = []
    for sigma in (0.1, 0.6):
        factors = driver_rate_factors(measured(sigma), ["order", "visit"], draws=300, seed=1)
        assert (factors[:, 1] == 1).all()
        assert factors[:, 0].mean() == pytest.approx(1, abs=0.02)
        band = whale_band(before, service, factors)
        assert band is not None
        assert band.peak_share is not None
        assert band.peak_share.lower <= curve.peak_share <= band.peak_share.upper
        assert band.peak_at_share.lower <= curve.peak_at_share <= band.peak_at_share.upper
        assert band.value_at_risk.lower <= curve.lost <= band.value_at_risk.upper
        assert (band.lower <= band.middle + 1e-12).all()
        assert (band.middle <= band.upper + 1e-12).all()
        assert (band.lower[-1], band.upper[-1]) == pytest.approx((1, 1))
        widths.append(band.total.upper - band.total.lower)
    assert widths[0] < widths[1]


def test_the_same_seed_gives_the_same_draws_and_another_activity_changes_none():
    found = driver_rate_factors(measured(0.3), ["order"], draws=20, seed=3)
    more = measured(0.3) | {"visit": (np.ones(3), np.arange(1.0, 4.0))}
    assert (driver_rate_factors(more, ["visit", "order"], draws=20, seed=3)[:, 1] == found[:, 0]).all()
    assert (driver_rate_factors(measured(0.3), ["order"], draws=20, seed=4) != found).any()


@given(st.lists(st.integers(-1_000_000, 1_000_000), min_size=1, max_size=12))
def test_without_uncertainty_the_band_is_the_curve(minor_units):
    before = np.array(minor_units) / 100
    band, curve = whale_band(before, np.zeros((len(before), 1)), np.ones((3, 1))), whale_curve(before)
    assert band is not None
    assert curve is not None
    places = np.arange(curve.account_count + 1) / curve.account_count
    expected = np.interp(band.shares, places, curve.cumulative)
    scale = 1 / curve.total if band.is_in_percent else 1.0
    assert band.middle == pytest.approx(expected * scale, rel=1e-6, abs=1e-6 * max(1.0, abs(scale)))
    assert band.value_at_risk.middle == pytest.approx(curve.lost, abs=1e-6)


def test_where_a_draw_loses_money_the_band_is_in_currency():
    factors = np.array([[1.0], [3.0]])
    band = whale_band(np.array([100.0, 20.0, np.nan]), np.array([[50.0], [10.0], [np.nan]]), factors)
    assert band is not None
    assert (band.is_in_percent, band.peak_share, band.share_positive) == (False, None, 0.5)
    assert band.total.lower < 0 < band.total.upper


def test_nothing_known_no_band_and_empty_measurements_are_refused():
    assert whale_band(np.array([np.nan]), np.zeros((1, 1)), np.ones((2, 1))) is None
    with pytest.raises(OpenKamError, match="sum to no quantity"):
        driver_rate_factors({"order": (np.zeros(2), np.ones(2))}, ["order"], draws=1, seed=1)
    sparse = {"order": (np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, 5.0]))}
    assert set(driver_rate_factors(sparse, ["order"], draws=50, seed=1)[:, 0]) == {1.0}
