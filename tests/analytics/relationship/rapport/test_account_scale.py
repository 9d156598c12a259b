"""Scales by account: against a mixed model of another library, and the truth of simulated accounts."""

import numpy as np
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM

from openkam.analytics.relationship.rapport.account_scale import account_scale

NAN = float("nan")


def simulated(seed: int, accounts: int, informants: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True means of accounts, scores and their accounts: mean 5, spread 0.7 between accounts and 1.0 within."""
    random = np.random.default_rng(seed)
    truth = random.normal(5, 0.7, accounts)
    account = np.repeat(np.arange(accounts), informants)
    return truth, random.normal(truth[account], 1.0), account


def test_with_equal_numbers_it_is_the_mixed_model_by_restricted_likelihood():
    _, scores, account = simulated(2, 40, np.full(40, 4))
    found = account_scale(scores, account, 40)
    fitted = MixedLM(scores, np.ones((len(scores), 1)), account).fit(reml=True)
    assert found.within == pytest.approx(np.sqrt(fitted.scale), rel=1e-3)
    assert found.between == pytest.approx(np.sqrt(fitted.cov_re[0, 0]), rel=1e-3)
    theirs = [fitted.fe_params[0] + fitted.random_effects[place].iloc[0] for place in range(40)]
    assert found.estimate == pytest.approx(theirs, abs=1e-3)


def test_the_intervals_hold_as_often_as_they_say_and_the_estimates_are_nearer_than_the_means():
    held, closer = [], []
    for seed in range(40):
        truth, scores, account = simulated(seed, 60, np.random.default_rng(seed).integers(1, 6, 60))
        found = account_scale(scores, account, 60)
        held.append(((found.lower <= truth) & (truth <= found.upper)).mean())
        closer.append(((found.estimate - truth) ** 2).mean() < ((found.own_mean - truth) ** 2).mean())
    assert np.mean(held) == pytest.approx(0.90, abs=0.03)
    assert all(closer)


def test_fewer_informants_leave_a_wider_interval_and_more_of_the_others_mean():
    _, scores, account = simulated(5, 30, np.array([1, 9] * 15))
    found = account_scale(scores, account, 30)
    width = found.upper - found.lower
    assert width[::2].min() > width[1::2].max()
    assert found.is_thin[::2].all()
    assert not found.is_thin[1::2].any()


def test_nobody_asked_is_missing_and_too_little_to_compare_has_no_interval():
    few = account_scale(np.array([5.0, 6.0, 4.0, NAN]), np.array([0, 0, 1, 2]), 3)
    assert few.own_mean == pytest.approx([5.5, 4.0, NAN], nan_ok=True)
    assert np.isnan(few.estimate).all()
    assert few.within is None
    assert few.informants.tolist() == [2, 1, 0]
    single = account_scale(np.array([5.0, 6.0, 4.0]), np.array([0, 1, 2]), 3)
    assert single.between is None


def test_accounts_that_differ_no_more_than_informants_share_one_mean():
    found = account_scale(np.array([1.0, 7, 1, 7, 1, 7]), np.array([0, 0, 1, 1, 2, 2]), 4)
    assert found.between == 0
    assert found.estimate[:3] == pytest.approx(4)
    assert np.isnan(found.estimate[3])
    never_differ = account_scale(np.array([5.0, 5, 6, 6, 3, 3]), np.array([0, 0, 1, 1, 2, 2]), 3)
    assert never_differ.own_mean.tolist() == [5, 6, 3]
    assert np.isnan(never_differ.lower).all()
