import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import hyp2f1
from tests.factories.buyers import beta_geometric_buyers

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import Estimate
from openkam.analytics.valuation.purchase_model.beta_geometric import BetaGeometricModel
from openkam.analytics.valuation.purchase_model.beta_geometric_likelihood import Family
from openkam.analytics.valuation.purchase_model.histories import purchase_histories

PARAMETERS = {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 2.4}
FAMILIES = [Family(1, may_stop_at_once=False), Family(1, may_stop_at_once=True), Family(3, may_stop_at_once=True)]
ROWS = ([0, 1, 2, 7, 30], [0, 5, 30.5, 20, 38], [39, 39, 39, 39, 38])

history = st.tuples(st.integers(0, 400), st.floats(0.01, 1), st.floats(0.5, 500)).map(
    lambda drawn: (drawn[0], drawn[1] * drawn[2] if drawn[0] else 0.0, drawn[2])
)
positive = st.floats(0.05, 20)


def model_of(family: Family, histories, parameters=PARAMETERS) -> BetaGeometricModel:
    return BetaGeometricModel(Estimate(parameters, -1.0, np.eye(4)), purchase_histories(*histories), family, "a model")


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=15)
@given(rows=st.lists(history, min_size=1, max_size=5), sizes=st.tuples(positive, positive, positive, positive))
def test_it_is_a_probability_and_the_longer_the_more(family, rows, sizes):
    model = model_of(family, list(zip(*rows, strict=True)), dict(zip(PARAMETERS, sizes, strict=True)))
    alive = model.probability_alive()
    assert ((alive >= 0) & (alive <= 1)).all()
    short, longer, longest = (model.expected_purchases(horizon) for horizon in (0, 5, 50))
    assert (short == 0).all()
    assert (longer >= 0).all()
    assert (longest >= longer).all()
    discounted = [model.discounted_expected_residual_transactions(rate) for rate in (0.001, 0.01)]
    assert np.isfinite(discounted).all()
    assert (discounted[0] >= discounted[1]).all()


@pytest.mark.parametrize("m", [0, 1])
def test_random_buyers_follow_the_closed_formula(m):
    model = model_of(FAMILIES[m], ROWS)
    x, _, age = (np.array(column) for column in ROWS)
    r, alpha, a, b = PARAMETERS.values()
    total = a + b + x + m - 1
    closed = (
        total
        / (a - 1)
        * (1 - ((alpha + age) / (alpha + age + 20)) ** (r + x) * hyp2f1(r + x, b + x + m, total, 20 / (alpha + age + 20)))
    )
    assert model.expected_purchases(20) == pytest.approx(model.probability_alive() * closed, rel=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_discounted_orders_are_the_sum_over_all_time(family):
    model = model_of(family, ([3], [20], [39]))
    delta = np.log1p(0.02)

    def falling(time: float) -> float:
        return delta * np.exp(-delta * time) * model.expected_purchases(time)[0]

    assert model.discounted_expected_residual_transactions(0.02)[0] == pytest.approx(
        quad(falling, 0, 1500, limit=200)[0], rel=1e-6
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_draws_have_the_expectation_as_their_mean(family):
    count = 100_000
    model = model_of(family, (np.full(count, 3), 20.0, 39.0))
    draws = model.draw_residual_transactions(0.01, np.random.default_rng(3))
    expected = model_of(family, ([3], [20], [39])).discounted_expected_residual_transactions(0.01)[0]
    assert draws.mean() == pytest.approx(expected, abs=5 * draws.std() / np.sqrt(count))
    assert (draws == 0).mean() == pytest.approx(1 - model.probability_alive()[0], abs=0.01)


def test_regular_buyers_come_as_expected():
    bought = beta_geometric_buyers(21, 20_000, 2.0, 3.0, 0.8, 4.0, k=3, at_once=True)
    model = model_of(FAMILIES[2], (bought.frequency, bought.recency, bought.age), {"r": 2.0, "alpha": 3.0, "a": 0.8, "b": 4.0})
    expected = model.expected_purchases(26.0)
    assert expected.mean() == pytest.approx(bought.later.mean(), rel=0.03)
    order = np.argsort(expected)
    for part in np.array_split(order, 10):
        assert expected[part].mean() == pytest.approx(bought.later[part].mean(), rel=0.1, abs=0.03)


def test_a_silent_clockwork_account_is_given_up_earlier():
    histories = ([12], [36], [50])
    assert model_of(FAMILIES[2], histories).probability_alive() < model_of(FAMILIES[1], histories).probability_alive()


def test_without_a_repeat_order_only_some_models_give_up():
    histories = ([0, 0], [0, 0], [10, 100])
    assert model_of(FAMILIES[0], histories).probability_alive() == pytest.approx([1, 1])
    recent, old = model_of(FAMILIES[1], histories).probability_alive()
    assert 1 > recent > old > 0


def test_huge_histories_stay_finite():
    model = model_of(FAMILIES[2], ([5000, 1, 0], [1e6, 1e-6, 0], [1e6, 1e9, 1e9]))
    assert np.isfinite(model.expected_purchases(1000)).all()
    assert np.isfinite(model.probability_alive()).all()
    assert np.isfinite(model.discounted_expected_residual_transactions(1e-6)).all()


def test_each_account_may_have_its_own_horizon():
    model = model_of(FAMILIES[1], ROWS)
    together = model.expected_purchases([5, 10, 15, 20, 25])
    assert together == pytest.approx([model.expected_purchases(5.0 * (i + 1))[i] for i in range(5)], rel=1e-12)


@pytest.mark.parametrize("horizon", [-1, np.nan, [1, 2]])
def test_a_horizon_that_is_none_is_refused(horizon):
    with pytest.raises(OpenKamError, match="horizon"):
        model_of(FAMILIES[0], ROWS).expected_purchases(horizon)


def test_an_endless_horizon_is_refused():
    model = model_of(FAMILIES[0], ([5000], [10], [10]), {"r": 5.0, "alpha": 6.0, "a": 1e-4, "b": 9.0})
    with pytest.raises(OpenKamError, match="a shorter one"):
        model.expected_purchases(1e4)


@pytest.mark.parametrize("rate", [0, -0.1, np.inf])
def test_without_a_discount_there_is_no_sum(rate):
    with pytest.raises(OpenKamError, match="above 0"):
        model_of(FAMILIES[0], ROWS).discounted_expected_residual_transactions(rate)
