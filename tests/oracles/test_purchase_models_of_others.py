"""Our models against those of `lifetimes`, an independent implementation, on buyers neither has seen: four digits and more."""

import numpy as np
import pytest
from tests.factories.buyers import beta_binomial_buyers, beta_geometric_buyers, pareto_buyers, spenders
from tests.factories.peer_models import (
    BetaGeoBetaBinomFitter,
    BetaGeoFitter,
    GammaGammaFitter,
    ModifiedBetaGeoFitter,
    ParetoNBDFitter,
)

from openkam.analytics.valuation.purchase_model import fit_bg_bb, fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd
from openkam.analytics.valuation.spend_model import fit_gamma_gamma

# The peer's own search steps outside its formulas' range now and then.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

FOUR_DIGITS = 1e-4
COUNT = 4000


@pytest.mark.parametrize(
    ("fit", "peer", "at_once"), [(fit_bg_nbd, BetaGeoFitter, False), (fit_mbg_nbd, ModifiedBetaGeoFitter, True)]
)
def test_beta_geometric_models(fit, peer, at_once):
    bought = beta_geometric_buyers(11, COUNT, 0.8, 5.0, 0.9, 2.5, at_once=at_once)
    history = (bought.frequency, bought.recency, bought.age)
    ours, theirs = fit(*history), peer().fit(*history, tol=1e-7)
    assert ours.estimate.parameters == pytest.approx(theirs.params_.to_dict(), rel=FOUR_DIGITS)
    same = ours.with_parameters(theirs.params_.to_dict())
    found = theirs.conditional_probability_alive(*history)
    np.testing.assert_allclose(same.probability_alive(), found, rtol=1e-8)
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(20.0, *history)
    np.testing.assert_allclose(same.expected_purchases(20.0), expected, rtol=1e-6)


def test_pareto():
    bought = pareto_buyers(12, COUNT, 0.8, 5.0, 0.7, 12.0)
    history = (bought.frequency, bought.recency, bought.age)
    ours, theirs = fit_pareto_nbd(*history), ParetoNBDFitter().fit(*history, tol=1e-7)
    assert ours.estimate.parameters == pytest.approx(theirs.params_.to_dict(), rel=10 * FOUR_DIGITS)
    same = ours.with_parameters(theirs.params_.to_dict())
    np.testing.assert_allclose(same.probability_alive(), theirs.conditional_probability_alive(*history), rtol=1e-6)
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(20.0, *history)
    np.testing.assert_allclose(same.expected_purchases(20.0), expected, rtol=1e-6)


def test_beta_binomial():
    bought = beta_binomial_buyers(13, COUNT, 1.2, 0.9, 0.7, 3.0)
    history = (bought.frequency, bought.recency, bought.age)
    ours, theirs = fit_bg_bb(*history), BetaGeoBetaBinomFitter().fit(*history, tol=1e-7)
    assert ours.estimate.parameters == pytest.approx(theirs.params_.to_dict(), rel=10 * FOUR_DIGITS)
    same = ours.with_parameters(theirs.params_.to_dict())
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(6, *history)
    np.testing.assert_allclose(same.expected_purchases(6), expected, rtol=1e-6)


def test_gamma_gamma():
    frequency, mean_value = spenders(14, COUNT, 3.0, 4.0, 60.0)
    ours, theirs = fit_gamma_gamma(frequency, mean_value), GammaGammaFitter().fit(frequency, mean_value, tol=1e-7)
    assert ours.estimate.parameters == pytest.approx({**theirs.params_.rename({"v": "gamma"})}, rel=10 * FOUR_DIGITS)
    same = ours.with_parameters(theirs.params_.rename({"v": "gamma"}).to_dict())
    expected = theirs.conditional_expected_average_profit(frequency, mean_value)
    np.testing.assert_allclose(same.expected_value(frequency, mean_value), expected, rtol=1e-8)
