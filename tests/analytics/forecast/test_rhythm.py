import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import betaprime, gamma
from tests.factories.planted_churn import order_days

from openkam.analytics.forecast.rhythm import Rhythm, fit_pace_prior, known_rhythm, recent_orders, rhythm

positive = st.floats(0.2, 50)


def one(shape: float, pace_shape: float, pace_days: float) -> Rhythm:
    return Rhythm(*(np.array([value]) for value in (shape, pace_shape, pace_days, 3.0)))


@pytest.mark.parametrize(("shape", "days"), [(1, 89.9), (2, 71.2), (4, 58.2), (10, 47.1)])
def test_the_point_of_silence_for_a_mean_gap_of_thirty_days(shape, days):
    found = known_rhythm(np.array([float(shape)]), np.array([30.0]))
    assert found.quantile(0.95)[0] == pytest.approx(days, abs=0.05)
    assert found.quantile(0.95)[0] == pytest.approx(gamma.ppf(0.95, shape, scale=30 / shape), rel=1e-4)


@given(shape=positive, pace_shape=positive, pace_days=st.floats(1, 500), share=st.floats(0.01, 0.99))
def test_quantile_and_survival_are_those_of_scipys_beta_prime(shape, pace_shape, pace_days, share):
    found, scale = one(shape, pace_shape, pace_days), pace_days / shape
    days = found.quantile(share)
    assert days[0] == pytest.approx(betaprime.ppf(share, shape, pace_shape, scale=scale), rel=1e-6)
    assert found.survival(days)[0] == pytest.approx(1 - share, abs=1e-9)
    assert found.survival(np.array([12.0]))[0] == pytest.approx(betaprime.sf(12.0, shape, pace_shape, scale=scale), abs=1e-9)


def test_the_compound_is_the_gamma_averaged_over_the_paces_that_are_likely():
    shape, pace_shape, pace_days, days = 2.5, 6.0, 90.0, 40.0
    averaged, _ = quad(
        lambda pace: gamma.sf(days, shape, scale=1 / (shape * pace)) * gamma.pdf(pace, pace_shape, scale=1 / pace_days), 0, 1
    )
    assert one(shape, pace_shape, pace_days).survival(np.array([days]))[0] == pytest.approx(averaged, rel=1e-6)


def test_the_prior_of_the_paces_is_recovered():
    random = np.random.default_rng(7)
    count, shape = 20_000, 2.0
    pace = random.gamma(4.0, 1 / 80.0, count)
    gaps = random.integers(1, 12, count).astype(float)
    days = random.gamma(gaps * shape, 1 / (shape * pace))
    prior = fit_pace_prior(np.full(count, shape), gaps, days)
    assert (prior.shape, prior.days) == (pytest.approx(4.0, rel=0.08), pytest.approx(80.0, rel=0.08))
    assert prior.account_count == count


def test_few_accounts_lend_a_wide_prior_about_the_mean_gap_and_none_lend_none():
    prior = fit_pace_prior(np.ones(3), np.array([2.0, 4.0, 0.0]), np.array([60.0, 120.0, 0.0]))
    assert (prior.shape, prior.days, prior.account_count) == (1.0, 30.0, 2)
    nothing = fit_pace_prior(np.ones(2), np.zeros(2), np.zeros(2))
    assert np.isnan(nothing.days)


def test_equal_accounts_have_a_prior_without_width():
    prior = fit_pace_prior(np.full(50, 1e3), np.full(50, 20.0), np.full(50, 600.0))
    assert prior.shape > 1e3
    assert prior.days / prior.shape == pytest.approx(30.0, rel=0.01)


def simulated(random: np.random.Generator, count: int, gap_count: int) -> np.ndarray:
    pace = random.gamma(5.0, 1 / 150.0, count)
    shape = np.exp(random.normal(0.7, 0.4, count))
    return np.maximum(np.round(random.gamma(shape[:, None], 1 / (shape * pace)[:, None], (count, gap_count + 1))), 1)


@pytest.mark.parametrize("gap_count", [1, 3, 10, 30])
def test_the_next_gap_outlasts_the_point_as_often_as_said_however_thin_the_history(gap_count):
    random, count = np.random.default_rng(gap_count), 6000
    # Others with longer histories tell what shapes there are.
    parts = [simulated(random, count, gap_count), simulated(random, 500, 12)]
    days = [np.cumsum(np.hstack([np.zeros((len(part), 1)), part[:, :-1]]), axis=1).ravel() for part in parts]
    account = np.concatenate([np.repeat(np.arange(count), gap_count + 1), np.repeat(np.arange(500) + count, 13)])
    found = rhythm(order_days(account, np.concatenate(days), count + 500))
    last = parts[0][:, -1]
    assert (last > found.quantile(0.95)[:count]).mean() == pytest.approx(0.05, abs=0.015)
    assert (last > found.quantile(0.5)[:count]).mean() == pytest.approx(0.5, abs=0.03)


def test_only_the_newest_gaps_are_looked_at():
    orders = order_days(np.array([0, 0, 0, 0, 2]), np.array([0, 100, 110, 120, 5]), 3)
    recent = recent_orders(orders, 2)
    assert (recent.account.tolist(), recent.day.tolist()) == ([0, 0, 0, 2], [100, 110, 120, 5])


def test_a_ledger_without_a_gap_has_no_rhythm():
    found = rhythm(order_days(np.array([0, 1]), np.array([3, 4]), 2))
    assert np.isnan(found.quantile(0.95)).all()


def test_a_clockwork_account_with_a_long_history_keeps_its_pace():
    """Beyond what the incomplete beta function bears, shape and days of the pace are reckoned with on another scale, together."""
    shapes = np.array([1e5, 4e6, 9e8])
    clockwork = Rhythm(np.full(3, 5_000.0), shapes, shapes * 14.0, np.full(3, 500.0))
    assert clockwork.quantile(0.5) == pytest.approx(14.0, rel=0.01)
    assert clockwork.quantile(0.95) == pytest.approx(14.0, rel=0.05)
    assert clockwork.survival(np.full(3, 13.0)) == pytest.approx(1.0, abs=1e-3)
    assert clockwork.survival(np.full(3, 15.0)) == pytest.approx(0.0, abs=1e-3)
