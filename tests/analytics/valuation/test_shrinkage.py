"""The shrunk covariance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.shrinkage import shrunk_covariance


@given(st.integers(2, 12), st.integers(1, 8), st.integers(0, 99))
def test_it_keeps_the_total_variance_and_can_always_be_inverted(periods, segments, seed):
    values = np.random.default_rng(seed).standard_normal((periods, segments)) * 50
    found, shrinkage = shrunk_covariance(values)
    assert 0 <= shrinkage <= 1
    assert np.trace(found) == pytest.approx(values.var(axis=0).sum())
    assert np.linalg.eigvalsh(found).min() >= -1e-9 * np.trace(found)
    assert found == pytest.approx(found.T)


def test_the_sum_over_periods_is_the_spread_of_the_definition():
    values = np.random.default_rng(3).standard_normal((20, 3))
    centred = values - values.mean(axis=0)
    sample = centred.T @ centred / 20
    target = np.trace(sample) / 3 * np.eye(3)
    spread = sum(((np.outer(row, row) - sample) ** 2).sum() for row in centred) / 20**2
    assert shrunk_covariance(values)[1] == pytest.approx(spread / ((sample - target) ** 2).sum())


def test_what_never_moves_and_what_is_too_short():
    found, shrinkage = shrunk_covariance(np.ones((5, 2)))
    assert (found.tolist(), shrinkage) == ([[0, 0], [0, 0]], 0)
    with pytest.raises(OpenKamError, match="at least 2"):
        shrunk_covariance(np.ones((1, 2)))
