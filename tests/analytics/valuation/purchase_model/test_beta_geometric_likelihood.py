import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, roots_genlaguerre, roots_jacobi

from openkam.analytics.valuation.purchase_model.beta_geometric_likelihood import (
    Family,
    Parameters,
    log_gap_factor,
    mean_log_likelihood,
    parts,
)
from openkam.analytics.valuation.purchase_model.histories import group, purchase_histories

BG, MBG, REGULAR = Family(1, may_stop_at_once=False), Family(1, may_stop_at_once=True), Family(3, may_stop_at_once=True)
POINT = np.log([0.8, 6.0, 0.9, 2.4])
X, RECENCY, AGE = [0, 0, 1, 2, 7, 7, 30], [0, 0, 5, 30.5, 20, 39, 38], [39, 12, 39, 39, 39, 39, 38]


def likelihood_of_one(family: Family, x: float, recency: float, age: float, point=POINT) -> float:
    """The same by mixing the likelihood of a known rate and probability to stop over accounts, node by node."""
    r, alpha, a, b = np.exp(point)
    k, m = family.stages, family.first_chance
    nodes, weights = roots_genlaguerre(150, r - 1)
    rate, rate_weight = (nodes / alpha)[:, None], (weights / weights.sum())[:, None]
    nodes, weights = roots_jacobi(60, b - 1, a - 1)
    stop, stop_weight = ((1 + nodes) / 2)[None, :], (weights / weights.sum())[None, :]
    since = age - recency
    lasting = sum((rate * since) ** j / np.exp(gammaln(j + 1)) for j in range(k)) * np.exp(-rate * since)
    alive = (1 - stop) ** (x + m) * lasting
    dead = stop * (1 - stop) ** (x + m - 1) if x + m >= 1 else 0.0
    orders = rate ** (k * x) * np.exp(-rate * recency) / np.exp(gammaln(k)) ** x
    return float((rate_weight * stop_weight * orders * (alive + dead)).sum())


@pytest.mark.parametrize("family", [BG, MBG, REGULAR])
@pytest.mark.parametrize("row", range(6))
def test_it_is_the_mixture_of_known_accounts(family, row):
    history = purchase_histories(X[row], RECENCY[row], AGE[row])
    found, _ = mean_log_likelihood(group(history), family, POINT)
    assert found == pytest.approx(np.log(likelihood_of_one(family, X[row], RECENCY[row], AGE[row])), rel=1e-6)


@pytest.mark.parametrize("family", [BG, MBG, REGULAR, Family(12, may_stop_at_once=True)])
@settings(max_examples=20)
@given(point=st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_the_gradient_is_the_slope(family, point):
    grouped = group(purchase_histories(X, RECENCY, AGE))
    at = np.array(point)
    _, gradient = mean_log_likelihood(grouped, family, at)
    for place, step in enumerate(np.eye(4) * 1e-5):
        slope = (mean_log_likelihood(grouped, family, at + step)[0] - mean_log_likelihood(grouped, family, at - step)[0]) / 2e-5
        assert gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("family", [BG, MBG, REGULAR])
def test_grouped_is_ungrouped(family):
    generator = np.random.default_rng(5)
    rows = generator.integers(0, len(X), 500)
    each = purchase_histories(np.array(X)[rows], np.array(RECENCY)[rows], np.array(AGE)[rows])
    once = purchase_histories(X, RECENCY, AGE, np.bincount(rows, minlength=len(X)))
    value, gradient = mean_log_likelihood(group(each), family, POINT)
    assert len(group(each)) == len(group(once)) == len(X)
    value_of_one = [mean_log_likelihood(group(purchase_histories(X[i], RECENCY[i], AGE[i])), family, POINT)[0] for i in rows]
    assert value == pytest.approx(np.mean(value_of_one), rel=1e-12)
    assert mean_log_likelihood(group(once), family, POINT)[0] == pytest.approx(value, rel=1e-12)
    assert mean_log_likelihood(group(once), family, POINT)[1] == pytest.approx(gradient, rel=1e-9)


def test_many_groups_are_added_in_parts():
    generator = np.random.default_rng(6)
    count = 70_000
    age = generator.uniform(30, 60, count)
    x = generator.integers(0, 4, count)
    histories = purchase_histories(x, np.where(x > 0, age * generator.uniform(0.1, 1, count), 0), age)
    dead, alive = parts(histories, REGULAR, Parameters(*np.exp(POINT)))
    r, alpha, a, b = np.exp(POINT)
    constant = r * np.log(alpha) - gammaln(r) - (gammaln(a) + gammaln(b) - gammaln(a + b)) - x * np.log(2)
    each = np.log(np.exp(dead) + np.exp(alive).sum(axis=1)) + constant
    assert mean_log_likelihood(group(histories), REGULAR, POINT)[0] == pytest.approx(each.mean(), rel=1e-10)


def test_the_gaps_own_factor():
    histories = purchase_histories([0, 2], [0, 6], [10, 10], [1, 3])
    log_gaps = np.array([0.0, np.log(2) + np.log(4)])
    assert log_gap_factor(histories, REGULAR, log_gaps) == pytest.approx(2 * 3 * np.log(8))
    assert log_gap_factor(histories, BG, log_gaps) == 0
