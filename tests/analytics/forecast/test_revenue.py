import numpy as np
import pytest

from openkam.analytics.forecast.demand_methods import METHODS, SEASONAL_NAIVE
from openkam.analytics.forecast.revenue import RevenueParameters, revenue_forecast, scale
from openkam.analytics.terms import OpenKamError


def crowd(seed: int, count: int = 400, months: int = 48) -> np.ndarray:
    """Half steady buyers, half who buy in one month of four; each with a size of its own."""
    random = np.random.default_rng(seed)
    size = np.exp(random.normal(5, 1, (count, 1)))
    noise = random.gamma(8, 1 / 8, (count, months))
    buys = (random.random((count, months)) < 0.25) | (np.arange(count) < count // 2)[:, None]
    return np.where(buys, size * noise, 0.0)


def test_intervals_hold_as_many_months_as_said_where_they_were_not_learnt():
    months = crowd(1)
    found = revenue_forecast(months[:, :-3])
    inside = (months[:, -3:] >= found.lower) & (months[:, -3:] <= found.upper)
    assert inside[:200].mean() == pytest.approx(0.8, abs=0.06)
    assert inside.mean() == pytest.approx(0.82, abs=0.08)
    by_class = {one.demand_class: one for one in found.quality}
    assert by_class["smooth"].coverage == pytest.approx(0.8, abs=0.07)


def test_steady_buyers_are_foretold_better_than_by_last_years_month():
    found = revenue_forecast(crowd(2))
    by_class = {one.demand_class: one for one in found.quality}
    assert by_class["smooth"].mase < 0.85 * by_class["smooth"].mase_seasonal_naive
    assert by_class["smooth"].series_count == 200
    assert by_class["smooth"].method in {"smoothing", "seasonal smoothing", "Croston-SBA", "TSB"}
    assert np.array_equal(found.seasonal_naive, METHODS[SEASONAL_NAIVE](crowd(2), 3))


def test_a_strong_season_that_repeats_is_left_to_the_seasonal_naive():
    year = np.array([1, 1, 1, 30, 1, 1, 1, 1, 90, 1, 1, 1.0])
    months = np.tile(year, 4)[None, :] * np.linspace(50, 60, 30)[:, None]
    found = revenue_forecast(months)
    assert set(found.method) == {"seasonal naive"}
    assert found.expected == pytest.approx(months[:, :3])


def test_the_quality_is_measured_on_months_that_took_no_part_in_the_choice():
    months = crowd(3)
    changed = months.copy()
    changed[:, -3:] = changed[::-1, -3:]
    one, other = revenue_forecast(months).quality, revenue_forecast(changed).quality
    assert [quality.method for quality in one] == [quality.method for quality in other]


def test_what_was_never_negative_is_not_foretold_below_zero_and_what_was_may_be():
    months = crowd(4)
    months[0, 5] = -10.0
    found = revenue_forecast(months)
    assert (found.lower[1:] >= 0).all()
    assert (found.lower <= found.upper).all()


def test_a_series_that_has_just_begun_is_foretold_and_not_judged():
    months = crowd(5)
    months[7, :-1] = np.nan
    found = revenue_forecast(months)
    assert found.expected[7] == pytest.approx(np.full(3, months[7, -1]), rel=0.06)
    assert sum(one.series_count for one in found.quality) <= 399


def test_a_class_nobody_is_in_has_no_figures():
    found = revenue_forecast(np.full((12, 40), 5.0) + np.arange(12)[:, None])
    quality = {one.demand_class: one for one in found.quality}
    assert quality["lumpy"].series_count == 0
    assert np.isnan(quality["lumpy"].mase)
    assert quality["smooth"].mase == 0


def test_the_scale_is_the_change_to_the_year_before_else_the_size():
    history = np.vstack([np.concatenate([np.full(12, 10.0), np.full(12, 14.0)]), np.full(24, 6.0), np.zeros(24)])
    assert np.array_equal(scale(history), [4, 6, np.nan], equal_nan=True)


def test_what_cannot_be_is_named():
    with pytest.raises(OpenKamError, match="too few to foretell 3"):
        revenue_forecast(np.ones((2, 20)))
    with pytest.raises(OpenKamError, match="horizon_months"):
        RevenueParameters(horizon_months=0)
    with pytest.raises(OpenKamError, match="level"):
        RevenueParameters(level=1.0)
