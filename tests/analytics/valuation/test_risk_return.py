"""The efficient frontier near today's mix, and how customers move with the whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.risk_return import customer_beta, efficient_frontier, least_variance
from openkam.analytics.valuation.shrinkage import shrunk_covariance


def history(segments: int, periods: int = 36, seed: int = 1):
    random = np.random.default_rng(seed)
    resource = random.uniform(50, 150, (periods, segments))
    together = random.standard_normal((periods, 1))
    returns = random.uniform(0.5, 3, segments) + random.uniform(0.1, 1, segments) * (
        together + random.standard_normal((periods, segments))
    )
    weights = random.dirichlet(np.full(segments, 4.0))
    return returns * resource, resource, weights


def independent_least_variance(covariance, mean, lower, upper, floor):
    """SciPy's own quadratic programme, by sequential least squares."""
    constraints = [LinearConstraint(np.ones(len(mean)), 1, 1), LinearConstraint(mean, floor, np.inf)]
    start = np.clip(np.full(len(mean), 1 / len(mean)), lower, upper)
    found = minimize(
        lambda w: w @ covariance @ w,
        start,
        jac=lambda w: 2 * covariance @ w,
        method="SLSQP",
        bounds=list(zip(lower, upper, strict=True)),
        constraints=constraints,
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    assert found.success, found.message
    return found.x


@pytest.mark.parametrize("seed", range(6))
def test_each_point_is_the_optimum_of_an_independent_programme(seed):
    margin, resource, weights = history(6, seed=seed)
    shift = 0.15
    returns = margin / resource
    covariance, _ = shrunk_covariance(returns)
    lower, upper = np.maximum(weights - shift, 0), np.minimum(weights + shift, 1)
    frontier = efficient_frontier(margin, resource, weights, largest_shift=shift, points=5)
    for mix in (*frontier.mixes, frontier.same_return):
        floor = -1e9 if mix is frontier.mixes[0] else min(mix.mean, frontier.mixes[-1].mean - 1e-9)
        other = independent_least_variance(covariance, returns.mean(axis=0), lower, upper, floor)
        assert mix.deviation**2 == pytest.approx(other @ covariance @ other, rel=2e-5)


@given(st.integers(0, 500), st.floats(0.02, 0.9))
@settings(max_examples=15)
def test_no_mix_within_the_bounds_beats_the_frontier(seed, shift):
    margin, resource, weights = history(5, seed=seed)
    found = efficient_frontier(margin, resource, weights, largest_shift=shift, points=8)
    covariance, _ = shrunk_covariance(margin / resource)
    mean = (margin / resource).mean(axis=0)
    means, deviations = ([getattr(mix, name) for mix in found.mixes] for name in ("mean", "deviation"))
    assert (np.diff(means) > 0).all()
    assert (np.diff(deviations) >= -1e-7).all()
    for mix in (*found.mixes, found.same_return):
        assert mix.weights.sum() == pytest.approx(1, abs=1e-6)
        assert (np.abs(mix.weights - weights) <= shift + 1e-7).all()
        assert (mix.weights >= 0).all()
    assert found.same_return.mean >= found.today.mean - 1e-6
    assert found.same_return.deviation <= found.today.deviation + 1e-9
    # Mixes drawn at random between today's and the corners of the bounds: none has more return for less risk.
    random = np.random.default_rng(seed)
    for _ in range(60):
        raw = random.dirichlet(np.ones(5))
        step = min(1.0, shift / np.abs(raw - weights).max())
        mix = weights + step * (raw - weights)
        risk, earned = np.sqrt(mix @ covariance @ mix), mean @ mix
        for point in found.mixes:
            assert not (earned > point.mean + 1e-6 and risk < point.deviation - 1e-6)


def test_today_and_how_much_the_history_can_bear():
    margin, resource, weights = history(4, periods=10)
    found = efficient_frontier(margin, resource, weights, largest_shift=0.1)
    assert found.is_thin
    assert 0 < found.shrinkage < 1
    assert found.today.weights is weights
    assert found.today.mean == pytest.approx((margin / resource).mean(axis=0) @ weights)
    assert len(found.mixes) == 15
    assert not efficient_frontier(*history(4), largest_shift=0.1).is_thin


def test_where_every_segment_returns_the_same_the_least_risk_is_all_there_is():
    margin = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    found = efficient_frontier(margin, np.ones((3, 2)), np.array([0.3, 0.7]), largest_shift=0.5)
    assert len(found.mixes) == 1


def test_a_currency_a_million_times_smaller_changes_nothing():
    margin, resource, weights = history(4)
    one = efficient_frontier(margin, resource, weights, largest_shift=0.2, points=4)
    other = efficient_frontier(margin * 1e6, resource, weights, largest_shift=0.2, points=4)
    for first, second in zip(one.mixes, other.mixes, strict=True):
        assert first.weights == pytest.approx(second.weights, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"margin": np.ones((2, 2)), "resource": np.ones((2, 2))}, "at least 3"),
        ({"resource": np.zeros((4, 2))}, "lacks margin or resource"),
        ({"margin": np.full((4, 2), np.nan)}, "lacks margin or resource"),
        ({"weights": np.array([0.5, 0.6])}, "add up to 1.1"),
        ({"weights": np.array([1.5, -0.5])}, "shares of 0 or more"),
        ({"largest_shift": 0}, "largest shift above 0"),
        ({"points": 1}, "at least 2 points"),
    ],
)
def test_what_has_no_frontier_is_refused(change, words):
    given_ = {
        "margin": np.arange(8.0).reshape(4, 2),
        "resource": np.ones((4, 2)),
        "weights": np.array([0.5, 0.5]),
        "largest_shift": 0.1,
    }
    with pytest.raises(OpenKamError, match=words):
        efficient_frontier(**(given_ | change))


def test_more_than_the_bounds_allow_is_refused():
    with pytest.raises(OpenKamError, match="allow a larger shift"):
        least_variance(np.eye(2), np.array([1.0, 2.0]), np.zeros(2), np.ones(2), 3.0)


@given(st.integers(0, 99))
def test_betas_add_up_to_one(seed):
    margin = np.random.default_rng(seed).gamma(2.0, 100.0, (12, 6))
    assert customer_beta(margin).beta.sum() == pytest.approx(1)


def test_beta_and_reward():
    total = np.array([10.0, 20.0, 60.0])
    margin = np.column_stack([2 * total, np.full(3, 5.0), -0.5 * total])
    found = customer_beta(margin, hurdle=6)
    assert found.beta == pytest.approx([4 / 3, 0, -1 / 3], abs=1e-12)
    assert found.reward[0] == pytest.approx((60 - 6) * 0.75)
    assert np.isnan(found.reward[2])
    with pytest.raises(OpenKamError, match="at least 3"):
        customer_beta(margin[:2])
    with pytest.raises(OpenKamError, match="same in every period"):
        customer_beta(np.ones((4, 2)))
