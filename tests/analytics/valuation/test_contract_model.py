import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import betaln

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.contract_model import ShiftedBetaGeometricModel, fit_shifted_beta_geometric, mean_log_likelihood
from openkam.analytics.valuation.maximum_likelihood import Estimate, UnidentifiedModelError

MODEL = ShiftedBetaGeometricModel(Estimate({"alpha": 0.7, "beta": 1.2}, -1.0, np.eye(2)))


def test_renewals_are_found_again():
    generator = np.random.default_rng(71)
    cancels = generator.beta(0.8, 2.5, 40_000)
    tenure = generator.geometric(cancels)
    retained = [(tenure > renewal).sum() for renewal in range(8)]
    model = fit_shifted_beta_geometric(retained)
    for name, value in (("alpha", 0.8), ("beta", 2.5)):
        assert abs(np.log(model.estimate.parameters[name] / value)) < 4 * model.standard_errors[name] / value
    assert (model.alpha, model.beta) == tuple(model.estimate.parameters.values())
    assert model.survival(np.arange(8)) == pytest.approx(np.array(retained) / 40_000, abs=0.01)


def test_it_is_the_optimum_of_the_plain_likelihood():
    retained = np.array([500, 380, 320, 290, 270])
    lost, kept = retained[:-1] - retained[1:], retained[-1]

    def unlikelihood(point):
        alpha, beta = np.exp(point)
        survival = np.cumprod([(beta + t) / (alpha + beta + t) for t in range(4)])
        stays = np.concatenate([[1.0], survival])
        return -(lost @ np.log(stays[:-1] - stays[1:]) + kept * np.log(stays[-1]))

    plain = minimize(unlikelihood, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    model = fit_shifted_beta_geometric(retained)
    assert (model.alpha, model.beta) == pytest.approx(tuple(np.exp(plain.x)), rel=1e-5)
    assert model.log_likelihood == pytest.approx(-plain.fun, rel=1e-10)


def test_cohorts_are_fitted_together():
    one = [100, 60, 45, 38]
    both = fit_shifted_beta_geometric([one, one])
    alone = fit_shifted_beta_geometric(one)
    assert both.estimate.parameters == pytest.approx(alone.estimate.parameters, rel=1e-9)
    assert both.standard_errors["alpha"] == pytest.approx(alone.standard_errors["alpha"] / np.sqrt(2), rel=1e-6)
    assert fit_shifted_beta_geometric([one, [50, 20]]).alpha != pytest.approx(alone.alpha, rel=1e-3)


@settings(max_examples=25)
@given(point=st.lists(st.floats(-3, 3), min_size=2, max_size=2))
def test_the_gradient_is_the_slope(point):
    cancelled, staying = np.array([0.0, 40, 15, 7]), np.array([5.0, 3, 0, 38])
    at = np.array(point)
    _, gradient = mean_log_likelihood(cancelled, staying, at)
    for place, step in enumerate(np.eye(2) * 1e-5):
        above, below = (mean_log_likelihood(cancelled, staying, at + sign * step)[0] for sign in (1, -1))
        assert gradient[place] == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-8)


def test_retention_and_residual_value_rise_with_tenure():
    tenure = np.arange(20)
    assert (np.diff(MODEL.retention_rate(tenure)) > 0).all()
    assert (np.diff(MODEL.discounted_expected_residual_lifetime(tenure, 0.1)) > 0).all()
    survival = MODEL.survival(tenure)
    assert survival[1:] / survival[:-1] == pytest.approx(MODEL.retention_rate(tenure[:-1]))


def test_lifetimes_are_the_discounted_sums():
    survival = np.exp(betaln(0.7, 1.2 + np.arange(3000)) - betaln(0.7, 1.2))
    assert MODEL.discounted_expected_lifetime(0.1) == pytest.approx((survival * 1.1 ** -np.arange(3000.0)).sum(), rel=1e-9)
    stays = survival[3:] / survival[2]
    expected = (stays * 1.1 ** -np.arange(2997.0)).sum()
    assert MODEL.discounted_expected_residual_lifetime(2, 0.1) == pytest.approx([expected], rel=1e-9)


def test_draws_have_the_expectation_as_their_mean():
    draws = MODEL.draw_residual_lifetime(np.full(200_000, 2), 0.1, np.random.default_rng(1))
    expected = MODEL.discounted_expected_residual_lifetime(2, 0.1)[0]
    assert draws.mean() == pytest.approx(expected, rel=0.01)


def test_other_parameters():
    assert MODEL.with_parameters({"alpha": 1.0, "beta": 1.0}).survival(1) == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("retained", "message"),
    [
        ([100], "after at least one renewal"),
        ([100, 110], "may only become fewer"),
        ([100, -1], "may only become fewer"),
    ],
)
def test_what_is_no_cohort_is_refused(retained, message):
    with pytest.raises(OpenKamError, match=message):
        fit_shifted_beta_geometric(retained)


@pytest.mark.parametrize(
    ("retained", "message"),
    [
        ([100, 100, 100], "No customer has cancelled"),
        ([100, 50], "constant 50.0%"),
        ([1000, 500, 250, 125], "constant 50.0%"),
        ([100, 90, 50, 10], "beta towards infinity"),
    ],
)
def test_what_tells_nothing_is_said(retained, message):
    with pytest.raises(UnidentifiedModelError, match=message):
        fit_shifted_beta_geometric(retained)


def test_renewals_are_counted_from_zero():
    with pytest.raises(OpenKamError, match="0 or more"):
        MODEL.survival(-1)
