"""Alpha and omega: against other libraries and the truth of simulated scales."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.multivariate.factor import Factor

from openkam.analytics.relationship.rapport.scale_items import COMMITMENT_ITEMS
from openkam.analytics.relationship.rapport.scale_reliability import (
    informant_scores,
    one_factor,
    scale_reliability,
    scores_of,
)
from openkam.analytics.terms import OpenKamError

NAN = float("nan")
LOADINGS = np.array([0.9, 0.7, 0.8, 0.5, 0.6])


def simulated(seed: int, informants: int, loadings: np.ndarray = LOADINGS) -> np.ndarray:
    """Scores of one factor with unit variances of the items."""
    random = np.random.default_rng(seed)
    factor = random.normal(size=(informants, 1))
    return factor * loadings + random.normal(size=(informants, len(loadings))) * np.sqrt(1 - loadings**2)


def true_omega(loadings: np.ndarray) -> float:
    return float(loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum()))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_factor_is_that_of_statsmodels(seed):
    scores = simulated(seed, 300) * [1, 2, 0.5, 3, 1]
    loadings, unique = one_factor(np.cov(scores, rowvar=False))
    fitted = Factor(pd.DataFrame(scores), n_factor=1, method="ml").fit()
    theirs = fitted.loadings[:, 0] * np.sign(fitted.loadings[:, 0].sum())
    deviation = scores.std(axis=0, ddof=1)
    assert loadings / deviation == pytest.approx(theirs, abs=2e-4)
    assert unique / deviation**2 == pytest.approx(fitted.uniqueness, abs=4e-4)


def test_a_planted_omega_is_found_and_alpha_lies_below():
    found = scale_reliability(simulated(5, 20_000))
    assert found is not None
    assert found.omega == pytest.approx(true_omega(LOADINGS), abs=0.005)
    assert found.alpha < found.omega
    assert not found.is_at_bound


def test_with_equal_loadings_alpha_is_omega_and_the_intervals_hold_as_often_as_they_say():
    loadings = np.full(4, 0.8)
    truth, held = true_omega(loadings), 0
    for seed in range(400):
        found = scale_reliability(simulated(seed, 25, loadings), confidence=0.90)
        assert found is not None
        held += found.alpha_lower <= truth <= found.alpha_upper
    assert held / 400 == pytest.approx(0.90, abs=0.04)


def test_alpha_by_hand():
    scores = np.array([[1.0, 2, 3], [2, 2, 4], [4, 5, 5], [6, 5, 7], [3, 4, 4]])
    found = scale_reliability(scores)
    assert found is not None
    by_hand = 3 / 2 * (1 - scores.var(axis=0, ddof=1).sum() / scores.sum(axis=1).var(ddof=1))
    assert found.alpha == pytest.approx(by_hand)
    assert found.alpha_lower < by_hand < found.alpha_upper
    assert found.informants == 5


def test_the_scale_of_items_changes_nothing_but_its_unit():
    scores = simulated(9, 60)
    one, other = scale_reliability(scores), scale_reliability(scores * 10 + 3)
    assert one is not None
    assert other is not None
    assert (one.alpha, one.omega) == (pytest.approx(other.alpha), pytest.approx(other.omega, abs=1e-5))
    assert other.loadings == pytest.approx(one.loadings * 10, rel=1e-3)


def test_who_left_an_item_out_is_left_out_and_too_little_gives_nothing():
    scores = simulated(3, 30)
    gaps = scores.copy()
    gaps[0, 2] = NAN
    found = scale_reliability(gaps)
    assert found is not None
    assert found.informants == 29
    assert scale_reliability(scores[:, :2]) is None
    assert scale_reliability(scores[:5]) is None
    flat = scores.copy()
    flat[:, 1] = 4.0
    assert scale_reliability(flat) is None
    # items that always cancel have no sum to judge
    assert scale_reliability(np.column_stack([scores[:, 0], -scores[:, 0] - scores[:, 1], scores[:, 1]])) is None


def test_an_item_that_tells_everything_is_flagged():
    scores = simulated(4, 200, np.array([0.5, 0.5, 0.5]))
    scores[:, 0] = scores[:, 1] + scores[:, 2] + np.random.default_rng(1).normal(size=200) * 0.01
    found = scale_reliability(scores)
    assert found is not None
    assert found.is_at_bound


def test_reversed_items_are_turned_round_and_foreign_answers_refused():
    answers = np.array([[7.0, 6, 7, 1], [1, NAN, NAN, 7]])
    scores = scores_of(answers, COMMITMENT_ITEMS)
    assert scores[0].tolist() == [7, 6, 7, 7]
    assert informant_scores(scores) == pytest.approx([6.75, NAN], nan_ok=True)
    with pytest.raises(OpenKamError, match="outside 1 to 7"):
        scores_of(np.full((1, 4), 8.0), COMMITMENT_ITEMS)
    with pytest.raises(OpenKamError, match="3 items and 4 items"):
        scores_of(np.full((1, 3), 2.0), COMMITMENT_ITEMS)
