import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import gammaln

from openkam.analytics.valuation.purchase_model.histories import group, purchase_histories
from openkam.analytics.valuation.purchase_model.pareto_likelihood import Parameters, mean_log_likelihood, parts

X, RECENCY, AGE = [0, 0, 1, 2, 7, 60, 400], [0, 0, 5, 30.5, 39, 20, 38], [39, 12, 39, 39, 39, 39, 38.5]
POINT = np.log([0.6, 10.0, 0.6, 12.0])


def log_likelihood_of_one(x: float, recency: float, age: float, point=POINT) -> float:
    """The same by adaptive integration over the time of stopping."""
    r, alpha, s, beta = np.exp(point)
    height = (r + x) * np.log(alpha + recency)

    def stopped(time: float) -> float:
        return np.exp(height - (r + x) * np.log(alpha + time) + np.log(s / beta) - (s + 1) * np.log1p(time / beta))

    near = [recency + scale for scale in (1e-3, 1e-2, 0.1, 1.0) if recency + scale < age]
    total = quad(stopped, recency, age, points=near, limit=500, epsabs=0, epsrel=1e-11)[0]
    total += np.exp(height - (r + x) * np.log(alpha + age) - s * np.log1p(age / beta))
    return np.log(total) - height + r * np.log(alpha) + gammaln(r + x) - gammaln(r)


@pytest.mark.parametrize("row", range(7))
@pytest.mark.parametrize("point", [POINT, np.log([2.0, 0.05, 0.3, 30.0]), np.log([0.3, 40.0, 3.0, 0.02])])
def test_it_is_the_integral_over_the_time_of_stopping(row, point):
    grouped = group(purchase_histories(X[row], RECENCY[row], AGE[row]))
    expected = log_likelihood_of_one(X[row], RECENCY[row], AGE[row], point)
    assert mean_log_likelihood(grouped, point)[0] == pytest.approx(expected, rel=1e-8, abs=1e-8)


@settings(max_examples=20)
@given(point=st.lists(st.floats(-2, 3), min_size=4, max_size=4))
def test_the_gradient_is_the_slope(point):
    grouped = group(purchase_histories(X, RECENCY, AGE))
    at = np.array(point)
    _, gradient = mean_log_likelihood(grouped, at)
    for place, step in enumerate(np.eye(4) * 1e-5):
        slope = (mean_log_likelihood(grouped, at + step)[0] - mean_log_likelihood(grouped, at - step)[0]) / 2e-5
        assert gradient[place] == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_grouped_is_ungrouped():
    rows = np.random.default_rng(5).integers(0, len(X), 300)
    each = group(purchase_histories(np.array(X)[rows], np.array(RECENCY)[rows], np.array(AGE)[rows]))
    of_one = [mean_log_likelihood(group(purchase_histories(X[i], RECENCY[i], AGE[i])), POINT)[0] for i in rows]
    assert mean_log_likelihood(each, POINT)[0] == pytest.approx(np.mean(of_one), rel=1e-12)


def test_bought_on_the_last_day_means_alive():
    found = parts(purchase_histories([3], [39], [39]), Parameters(0.6, 10.0, 0.6, 12.0))
    assert np.exp(found.stopped).sum() == 0
    assert np.isfinite(found.alive).all()
