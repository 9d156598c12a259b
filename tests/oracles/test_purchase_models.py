"""Published fits: Fader, Hardie and Lee (2005) on CDNOW, Fader, Hardie and Shang (2010) on a charity, and others as noted."""

import numpy as np
import pytest
from tests.factories.published import cdnow, cdnow_spend, donations

from openkam.analytics.valuation.contract_model import fit_shifted_beta_geometric
from openkam.analytics.valuation.purchase_model import fit_bg_bb, fit_bg_nbd, fit_mbg_cnbd_k, fit_mbg_nbd, fit_pareto_nbd
from openkam.analytics.valuation.spend_model import fit_gamma_gamma


def histories():
    data = cdnow()
    return data["frequency"], data["recency"], data["T"]


def test_the_data_are_the_published_ones():
    frequency, recency, age = histories()
    assert (len(frequency), (frequency == 0).sum(), frequency.sum()) == (2357, 1411, 2457)
    assert (recency.max(), age.max()) == (38.43, 38.86)


def test_bg_nbd_on_cdnow():
    model = fit_bg_nbd(*histories())
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_bg_nbd_expects_of_the_papers_customer_what_the_paper_says():
    model = fit_bg_nbd(*histories())
    assert model.of(2, 30.43, 38.86).expected_purchases(39) == pytest.approx([1.226], abs=5e-4)


def test_bg_nbd_expects_of_a_new_customer_what_its_formula_says():
    rounded = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    new = fit_bg_nbd(*histories()).with_parameters(rounded).of(np.zeros(3), 0, 0)
    assert new.expected_purchases([10, 39, 78]) == pytest.approx([0.4324, 1.1967, 1.8605], abs=1e-4)


def test_mbg_nbd_on_cdnow():
    # as `lifetimes` fits it; no paper prints it for this sample
    model = fit_mbg_nbd(*histories())
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.525, 6.183, 0.891, 1.614), abs=5e-4)


def test_mbg_cnbd_of_one_stage_is_mbg_nbd():
    regular, random = fit_mbg_cnbd_k(*histories(), 1), fit_mbg_nbd(*histories())
    assert regular.estimate.parameters == random.estimate.parameters
    assert regular.log_likelihood == random.log_likelihood


def test_pareto_nbd_on_cdnow():
    # as printed beside the BG/NBD in Fader, Hardie and Lee (2005)
    model = fit_pareto_nbd(*histories())
    assert (model.r, model.alpha, model.s, model.beta) == pytest.approx((0.553, 10.578, 0.606, 11.669), abs=1.5e-3)
    assert model.log_likelihood == pytest.approx(-9595.0, abs=0.05)


def test_bg_bb_on_the_charity():
    data = donations()
    model = fit_bg_bb(data["frequency"], data["recency"], data["periods"], customers=data["weights"])
    assert (model.alpha, model.beta, model.gamma, model.delta) == pytest.approx((1.204, 0.750, 0.657, 2.783), abs=5e-4)
    assert model.log_likelihood == pytest.approx(-33225.6, abs=0.05)


def test_gamma_gamma_on_cdnow():
    data = cdnow_spend()
    model = fit_gamma_gamma(data["x"], data["zbar"])
    # The paper rounds along a flat ridge: γ 15.44 there, 15.448 at the optimum.
    assert (model.p, model.q, model.gamma) == pytest.approx((6.25, 3.74, 15.44), abs=8e-3)
    assert model.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert model.expected_value(0, 0) == pytest.approx([35.17], abs=0.01)
    assert model.frequency_value_correlation == pytest.approx(0.11, abs=0.005)
    rounded = {"p": 6.25, "q": 3.74, "gamma": 15.44}
    assert model.with_parameters(rounded).expected_value([1, 10], [20, 50]) == pytest.approx([24.638, 49.379], abs=1e-3)


def test_shifted_beta_geometric_on_regular_customers():
    # Fader and Hardie (2007), the "Regular" customers of 1,000
    model = fit_shifted_beta_geometric([1000, 631, 468, 382, 326, 289, 262, 241])
    assert (model.alpha, model.beta) == pytest.approx((0.704, 1.182), abs=5e-4)
    assert model.log_likelihood == pytest.approx(-1680.27, abs=0.01)
    assert model.survival(12) == pytest.approx([0.170], abs=5e-4)
