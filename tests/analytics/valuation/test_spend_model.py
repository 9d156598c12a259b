import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma as gamma_distribution
from tests.factories.buyers import spenders

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import Estimate, UnidentifiedModelError
from openkam.analytics.valuation.spend_model import GammaGammaModel, fit_gamma_gamma, mean_log_likelihood

TRUE = {"p": 3.0, "q": 4.0, "gamma": 60.0}


def model_of(parameters) -> GammaGammaModel:
    return GammaGammaModel(Estimate(parameters, -1.0, np.eye(3)), 0.0)


def test_spenders_are_found_again():
    x, z = spenders(61, 20_000, *TRUE.values())
    model = fit_gamma_gamma(x, z)
    for name, value in TRUE.items():
        assert abs(np.log(model.estimate.parameters[name] / value)) < 4 * model.standard_errors[name] / value, name
    assert (model.p, model.q, model.gamma) == tuple(model.estimate.parameters.values())
    assert abs(model.frequency_value_correlation) < 0.03


def test_the_likelihood_is_the_mixture_of_known_levels():
    point = np.log(list(TRUE.values()))
    for x, z in ((1.0, 30.0), (7.0, 80.0)):

        def known(level: float, x=x, z=z) -> float:
            return gamma_distribution.pdf(z, 3.0 * x, scale=1 / (level * x)) * gamma_distribution.pdf(level, 4.0, scale=1 / 60.0)

        expected = np.log(quad(known, 0, 1)[0])
        assert mean_log_likelihood(np.array([x]), np.array([z]))(point)[0] == pytest.approx(expected, rel=1e-8)


@settings(max_examples=25)
@given(point=st.lists(st.floats(-2, 3), min_size=3, max_size=3))
def test_the_gradient_is_the_slope(point):
    likelihood = mean_log_likelihood(np.array([1.0, 2, 2, 9]), np.array([30.0, 4, 55, 20]))
    at = np.array(point)
    _, gradient = likelihood(at)
    for place, step in enumerate(np.eye(3) * 1e-5):
        slope = (likelihood(at + step)[0] - likelihood(at - step)[0]) / 2e-5
        assert gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_many_orders_stand_for_themselves_and_none_for_all():
    model = model_of(TRUE)
    assert model.expected_value([1e7], [200.0]) == pytest.approx([200], rel=1e-5)
    assert model.expected_value([0], [np.nan]) == pytest.approx([3 * 60 / 3])
    few, more = model.expected_value([1, 5], 200.0)
    assert 60 < few < more < 200


def test_an_infinite_mean_is_null():
    assert np.isnan(model_of({"p": 3.0, "q": 0.9, "gamma": 60.0}).expected_value([0, 1], [0, 10.0])).tolist() == [True, False]


def test_draws_have_the_expectation_as_their_mean():
    draws = model_of(TRUE).draw_value(np.full(100_000, 3.0), 80.0, np.random.default_rng(1))
    assert draws.mean() == pytest.approx(model_of(TRUE).expected_value(3, 80.0)[0], rel=0.01)


def test_the_order_of_accounts_and_the_currency_change_nothing():
    x, z = spenders(62, 800, *TRUE.values())
    one, turned, dearer = fit_gamma_gamma(x, z), fit_gamma_gamma(x[::-1], z[::-1]), fit_gamma_gamma(x, z * 1e6)
    assert one.estimate.parameters == turned.estimate.parameters
    assert (dearer.p, dearer.q, dearer.gamma) == pytest.approx((one.p, one.q, one.gamma * 1e6), rel=1e-6)


def test_a_large_base_is_rehearsed():
    x, z = spenders(63, 90_000, *TRUE.values())
    assert fit_gamma_gamma(x, z).p == pytest.approx(3.0, rel=0.05)


@pytest.mark.parametrize(
    ("x", "z", "message"),
    [
        ([1, 2], [3.0], "2 frequencies and 1 mean values"),
        ([1, -2], [3.0, 4.0], "0 or more"),
        ([1, 2], [3.0, -4.0], "1 accounts with orders have a mean value that is not positive, the first -4"),
        ([1, 2], [3.0, np.nan], "not positive"),
        (["a"], [3.0], "not a number"),
    ],
)
def test_what_is_no_spend_is_refused(x, z, message):
    with pytest.raises(OpenKamError, match=message):
        fit_gamma_gamma(x, z)


def test_without_orders_there_is_nothing_to_learn():
    with pytest.raises(UnidentifiedModelError, match="nothing to learn"):
        fit_gamma_gamma([0, 0], [0.0, 0.0])


def test_equal_spenders_tell_nothing():
    with pytest.raises(UnidentifiedModelError, match="take the accounts' means"):
        fit_gamma_gamma(np.full(30, 4), np.full(30, 25.0))
