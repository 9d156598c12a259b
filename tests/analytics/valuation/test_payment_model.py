import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import LogLogisticAFTFitter, WeibullAFTFitter
from scipy.optimize import approx_fprime
from scipy.stats import fisk, weibull_min

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.payment_model import (
    TimeDistribution,
    _unlikelihood,
    fit_distribution,
    fit_payment_model,
)

FITTERS = {
    TimeDistribution.WEIBULL: (WeibullAFTFitter, "lambda_", "rho_"),
    TimeDistribution.LOG_LOGISTIC: (LogLogisticAFTFitter, "alpha_", "beta_"),
}


def drawn(kind: TimeDistribution, count: int, seed: int, scale: float = 0.4):
    """Days to pay with β = (3, 0.5, −0.2); those that would last beyond a drawn day are open on it."""
    random = np.random.default_rng(seed)
    x = np.column_stack([np.ones(count), random.normal(size=(count, 2))])
    uniform = random.random(count)
    noise = np.log(-np.log(uniform)) if kind is TimeDistribution.WEIBULL else np.log(uniform / (1 - uniform))
    days = np.exp(x @ [3.0, 0.5, -0.2] + scale * noise)
    watched = random.uniform(5, 80, count)
    return x, np.maximum(np.minimum(days, watched), 0.5), days <= watched


@pytest.mark.parametrize("kind", TimeDistribution)
def test_the_fit_is_that_of_lifelines(kind):
    x, days, paid = drawn(kind, 400, seed=11)
    ours = fit_distribution(kind, x, days, paid)
    fitter, place, shape = FITTERS[kind]
    frame = pd.DataFrame({"days": days, "paid": paid, "a": x[:, 1], "b": x[:, 2]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines calls pandas as pandas 4 will not let it
        # With its own settings lifelines stops 2e-4 of a log-likelihood below the top.
        theirs = fitter().fit(frame, "days", "paid", fit_options={"ftol": 1e-14, "maxiter": 5000})
    expected = [theirs.params_[place, name] for name in ("Intercept", "a", "b")]
    assert ours.coefficients == pytest.approx(expected, abs=1e-6)
    assert ours.scale == pytest.approx(np.exp(-theirs.params_[shape, "Intercept"]), rel=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood_, abs=1e-6)
    errors = [theirs.standard_errors_[place, name] for name in ("Intercept", "a", "b")]
    assert ours.standard_errors == pytest.approx([*errors, theirs.standard_errors_[shape, "Intercept"]], rel=1e-3)


@pytest.mark.parametrize("kind", TimeDistribution)
def test_simulated_payers_are_recovered_and_the_true_distribution_chosen(kind):
    x, days, paid = drawn(kind, 20_000, seed=5)
    found = fit_payment_model(x, days, paid)
    assert found.distribution is kind
    assert found.coefficients == pytest.approx([3.0, 0.5, -0.2], abs=0.02)
    assert found.scale == pytest.approx(0.4, abs=0.01)


def test_survival_is_scipys():
    x, days, paid = drawn(TimeDistribution.WEIBULL, 500, seed=2)
    at = np.linspace(1, 90, 500)
    for kind, law in ((TimeDistribution.WEIBULL, weibull_min), (TimeDistribution.LOG_LOGISTIC, fisk)):
        model = fit_distribution(kind, x, days, paid)
        expected = law.sf(at, 1 / model.scale, scale=np.exp(x @ model.coefficients))
        assert model.survival(x, at) == pytest.approx(expected, abs=1e-10)


@settings(max_examples=30)
@given(point=st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4), kind=st.sampled_from(list(TimeDistribution)))
def test_the_gradient_is_that_of_the_likelihood(point, kind):
    x, days, paid = drawn(kind, 60, seed=3)
    at = np.array(point) + np.array([3.0, 0, 0, 0])
    _, gradient = _unlikelihood(at, kind, x, np.log(days), paid)
    numeric = approx_fprime(at, lambda p: _unlikelihood(p, kind, x, np.log(days), paid)[0], 1e-7)
    assert gradient == pytest.approx(numeric, rel=1e-3, abs=1e-3)


def test_too_few_payments_and_columns_that_repeat_are_refused():
    x, days, paid = drawn(TimeDistribution.WEIBULL, 100, seed=1)
    with pytest.raises(OpenKamError, match="0 invoices were paid"):
        fit_payment_model(x, days, np.zeros(100, dtype=bool))
    with pytest.raises(OpenKamError, match="repeats itself"):
        fit_payment_model(np.column_stack([x, x[:, 1]]), days, paid)
