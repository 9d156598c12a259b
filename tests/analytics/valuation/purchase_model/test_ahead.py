import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import gammaln

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.purchase_model.ahead import continuous_rate, gamma_nodes, horizons, in_chunks


def test_a_rate_is_compounded():
    assert continuous_rate(0.1) == pytest.approx(np.log(1.1))


def test_without_a_rate_nothing_ends():
    with pytest.raises(OpenKamError, match="no finite sum"):
        continuous_rate(0)


@settings(max_examples=25)
@given(shape=st.floats(0.02, 3000), pace=st.floats(1e-3, 1e3))
def test_means_of_a_gamma(shape, pace):
    nodes, weights = gamma_nodes(np.array([shape]))
    scale = pace * shape
    found = float((weights * nodes / (nodes + scale)).sum())

    def integrand(log_level: float) -> float:
        level = np.exp(log_level)
        return np.exp(shape * log_level - level - gammaln(shape)) * level / (level + scale)

    middle, width = np.log(shape + 1), 1 / np.sqrt(shape + 1)
    expected = quad(
        integrand, middle - 9 * width - 40 * width**2, middle + 9 * width + 3, points=[middle], limit=400, epsabs=1e-13
    )[0]
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-11)


def test_horizons_are_for_all_or_each():
    assert horizons(3, 2).tolist() == [3, 3]
    assert horizons([1, 2], 2).tolist() == [1, 2]
    with pytest.raises(OpenKamError, match="one for all accounts or one for each"):
        horizons([[1, 2]], 2)


def test_chunks_cover_all():
    assert in_chunks(lambda rows, values: values + rows.start, np.zeros(45_000)).tolist() == (
        [0.0] * 20_000 + [20_000.0] * 20_000 + [40_000.0] * 5_000
    )
    assert len(in_chunks(lambda _, values: values, np.zeros(0))) == 0
