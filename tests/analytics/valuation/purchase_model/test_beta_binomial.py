import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln, roots_jacobi
from tests.factories.buyers import beta_binomial_buyers

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import Estimate, UnidentifiedModelError
from openkam.analytics.valuation.purchase_model import fit_bg_bb
from openkam.analytics.valuation.purchase_model.beta_binomial import BetaBinomialModel, mean_log_likelihood, tables
from openkam.analytics.valuation.purchase_model.histories import group, purchase_histories

PARAMETERS = {"alpha": 1.2, "beta": 0.75, "gamma": 0.66, "delta": 2.78}
X, RECENCY, AGE = [0, 1, 1, 3, 6], [0, 1, 4, 5, 6], [6, 6, 6, 6, 6]

positive = st.floats(0.05, 20)
history = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1] if drawn[0] else 0, drawn[0] + drawn[1] + drawn[2])
)


def model_of(histories, parameters=PARAMETERS) -> BetaBinomialModel:
    return BetaBinomialModel(Estimate(parameters, -1.0, np.eye(4)), purchase_histories(*histories))


def log_likelihood(histories, point) -> tuple[float, np.ndarray]:
    grouped = group(purchase_histories(*histories))
    return mean_log_likelihood([table for _, table in tables(grouped.histories(slice(None)))], grouped.total, point)


def test_all_ways_to_buy_together_are_certain():
    """The likelihood is of one row of occasions with x orders, the last at t: those rows together have probability 1."""
    occasions = 5
    total = 0.0
    for row in itertools.product((0, 1), repeat=occasions):
        last = max((place + 1 for place, ordered in enumerate(row) if ordered), default=0)
        total += np.exp(log_likelihood(([sum(row)], [last], [occasions]), np.log(list(PARAMETERS.values())))[0])
    assert total == pytest.approx(1, rel=1e-12)


@settings(max_examples=25)
@given(point=st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_the_gradient_is_the_slope(point):
    at = np.array(point)
    _, gradient = log_likelihood((X, RECENCY, AGE), at)
    for place, step in enumerate(np.eye(4) * 1e-5):
        slope = (log_likelihood((X, RECENCY, AGE), at + step)[0] - log_likelihood((X, RECENCY, AGE), at - step)[0]) / 2e-5
        assert gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@settings(max_examples=25)
@given(rows=st.lists(history, min_size=1, max_size=5), sizes=st.tuples(positive, positive, positive, positive))
def test_it_is_a_probability_and_the_longer_the_more(rows, sizes):
    model = model_of(list(zip(*rows, strict=True)), dict(zip(PARAMETERS, sizes, strict=True)))
    alive = model.probability_alive()
    assert ((alive >= 0) & (alive <= 1)).all()
    short, longer, longest = (model.expected_purchases(horizon) for horizon in (0, 5, 50))
    assert (short == 0).all()
    assert (longer >= -1e-12).all()
    assert (longest >= longer - 1e-12).all()
    low, high = (model.discounted_expected_residual_transactions(rate) for rate in (0.1, 0.01))
    assert (high >= low).all()


@pytest.mark.parametrize("gamma", [0.66, 1.0, 4.0])
def test_expected_orders_are_those_of_each_occasion(gamma):
    model = model_of(([3], [5], [6]), {**PARAMETERS, "gamma": gamma})
    per_occasion = model.probability_alive() * (1.2 + 3) / (1.2 + 0.75 + 6)
    alive = np.exp(betaln(gamma, 2.78 + 6 + np.arange(1, 5001)) - betaln(gamma, 2.78 + 6))
    assert model.expected_purchases(7) == pytest.approx(per_occasion * alive[:7].sum(), rel=1e-9)
    discounted = alive @ 1.05 ** -np.arange(1.0, 5001)
    assert model.discounted_expected_residual_transactions(0.05) == pytest.approx(per_occasion * discounted, rel=1e-9)


def test_draws_have_the_expectation_as_their_mean():
    count = 200_000
    draws = model_of((np.full(count, 3), 5, 6)).draw_residual_transactions(0.1, np.random.default_rng(3))
    expected = model_of(([3], [5], [6])).discounted_expected_residual_transactions(0.1)[0]
    assert draws.mean() == pytest.approx(expected, abs=5 * draws.std() / np.sqrt(count))


def test_buyers_are_found_again():
    true = {"alpha": 1.5, "beta": 1.0, "gamma": 0.7, "delta": 4.0}
    bought = beta_binomial_buyers(51, 20_000, *true.values())
    model = fit_bg_bb(bought.frequency, bought.recency, bought.age)
    for name, value in true.items():
        assert abs(np.log(model.estimate.parameters[name] / value)) < 4 * model.standard_errors[name] / value, name
    assert (model.alpha, model.beta, model.gamma, model.delta) == tuple(model.estimate.parameters.values())
    assert model.expected_purchases(6).mean() == pytest.approx(bought.later.mean(), rel=0.03)
    new = model.of(0, 0, 0)
    assert new.expected_purchases(12) == pytest.approx([bought.frequency.mean()], rel=0.03)


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (([1], [1.5], [3]), "no whole number of occasions"),
        (([3], [2], [3]), "3 orders by occasion 2"),
        (([1], [1], [2000]), "continuous time"),
    ],
)
def test_what_is_no_row_of_occasions_is_refused(history, message):
    with pytest.raises(OpenKamError, match=message):
        fit_bg_bb(*history)


def test_a_horizon_is_a_number_of_occasions():
    with pytest.raises(OpenKamError, match="whole numbers"):
        model_of((X, RECENCY, AGE)).expected_purchases(2.5)


def test_single_orders_tell_nothing():
    with pytest.raises(UnidentifiedModelError, match="No customer has ordered twice"):
        fit_bg_bb([0, 0], [0, 0], [6, 6])


def test_the_mixture_is_that_of_known_probabilities():
    """x orders at known p, θ, mixed over accounts by a rule of Gauss and Jacobi."""
    point = np.log(list(PARAMETERS.values()))
    nodes, weights = roots_jacobi(60, PARAMETERS["beta"] - 1, PARAMETERS["alpha"] - 1)
    p, p_weight = ((1 + nodes) / 2)[:, None], (weights / weights.sum())[:, None]
    nodes, weights = roots_jacobi(60, PARAMETERS["delta"] - 1, PARAMETERS["gamma"] - 1)
    theta, theta_weight = ((1 + nodes) / 2)[None, :], (weights / weights.sum())[None, :]
    x, last, n = 2, 3, 6
    known = p**x * (1 - p) ** (n - x) * (1 - theta) ** n
    for i in range(n - last):
        known = known + p**x * (1 - p) ** (last - x + i) * theta * (1 - theta) ** (last + i)
    assert np.exp(log_likelihood(([x], [last], [n]), point)[0]) == pytest.approx(
        (known * p_weight * theta_weight).sum(), rel=1e-8
    )
