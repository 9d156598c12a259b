import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import hyperu
from tests.factories.buyers import pareto_buyers

from openkam.analytics.valuation.maximum_likelihood import Estimate, UnidentifiedModelError
from openkam.analytics.valuation.purchase_model import fit_pareto_nbd
from openkam.analytics.valuation.purchase_model.histories import purchase_histories
from openkam.analytics.valuation.purchase_model.pareto import ParetoModel

PARAMETERS = {"r": 0.55, "alpha": 10.6, "s": 0.61, "beta": 11.7}

history = st.tuples(st.integers(0, 400), st.floats(0.01, 1), st.floats(0.5, 500)).map(
    lambda drawn: (drawn[0], drawn[1] * drawn[2] if drawn[0] else 0.0, drawn[2])
)
positive = st.floats(0.05, 20)


def model_of(histories, parameters=PARAMETERS) -> ParetoModel:
    return ParetoModel(Estimate(parameters, -1.0, np.eye(4)), purchase_histories(*histories))


@settings(max_examples=25)
@given(rows=st.lists(history, min_size=1, max_size=5), sizes=st.tuples(positive, positive, positive, positive))
def test_it_is_a_probability_and_the_longer_the_more(rows, sizes):
    model = model_of(list(zip(*rows, strict=True)), dict(zip(PARAMETERS, sizes, strict=True)))
    alive = model.probability_alive()
    assert ((alive >= 0) & (alive <= 1)).all()
    short, longer, longest = (model.expected_purchases(horizon) for horizon in (0, 5, 50))
    assert (short == 0).all()
    assert (longer >= 0).all()
    assert (longest >= longer).all()
    low, high = (model.discounted_expected_residual_transactions(rate) for rate in (0.01, 0.001))
    assert np.isfinite([low, high]).all()
    assert (high >= low * (1 - 1e-9)).all()


def test_discounted_orders_are_the_papers_formula():
    # Fader, Hardie and Lee (2005): Tricomi's function
    model = model_of(([2, 0], [30.43, 0], [38.86, 38.86]))
    delta = np.log(1.0027)
    z = delta * (model.beta + 38.86)
    psi = hyperu(1.0, 2 - model.s, z) * (model.beta + 38.86)
    rate = (model.r + np.array([2, 0])) / (model.alpha + 38.86)
    assert model.discounted_expected_residual_transactions(0.0027) == pytest.approx(
        model.probability_alive() * rate * psi, rel=1e-6
    )


@pytest.mark.parametrize("s", [0.61, 1.0, 3.0])
def test_expected_orders_are_the_rate_over_time(s):
    model = model_of(([2], [30], [39]), {**PARAMETERS, "s": s})
    whole = model.beta + 39
    expected = quad(lambda u: (whole / (whole + u)) ** s, 0, 20)[0] * (model.r + 2) / (model.alpha + 39)
    assert model.expected_purchases(20) == pytest.approx(model.probability_alive() * expected, rel=1e-9)


def test_draws_have_the_expectation_as_their_mean():
    count = 200_000
    draws = model_of((np.full(count, 3), 20.0, 39.0)).draw_residual_transactions(0.01, np.random.default_rng(3))
    expected = model_of(([3], [20], [39])).discounted_expected_residual_transactions(0.01)[0]
    assert draws.mean() == pytest.approx(expected, abs=5 * draws.std() / np.sqrt(count))


def test_buyers_are_found_again():
    true = {"r": 0.9, "alpha": 6.0, "s": 0.8, "beta": 15.0}
    bought = pareto_buyers(41, 12_000, *true.values())
    model = fit_pareto_nbd(bought.frequency, bought.recency, bought.age)
    for name, value in true.items():
        assert abs(np.log(model.estimate.parameters[name] / value)) < 4 * model.standard_errors[name] / value, name
    assert (model.r, model.alpha, model.s, model.beta) == tuple(model.estimate.parameters.values())
    assert model.expected_purchases(26.0).mean() == pytest.approx(bought.later.mean(), rel=0.05)
    assert model.log_likelihood == model.estimate.log_likelihood


def test_the_same_model_speaks_of_others():
    model = model_of(([2], [30], [39]))
    new = model.of(0, 0, 0)
    assert new.probability_alive() == pytest.approx([1])
    doubled = model.with_parameters({**PARAMETERS, "r": 1.1})
    assert doubled.expected_purchases(10) > model.expected_purchases(10)


def test_single_orders_tell_nothing():
    with pytest.raises(UnidentifiedModelError, match="No customer has ordered twice"):
        fit_pareto_nbd(np.zeros(50), np.zeros(50), np.full(50, 40.0))
