"""Shrinkage as scikit-learn 1.9.1 computes it (`sklearn.covariance.LedoitWolf`), recorded for three seeded matrices."""

import numpy as np
import pytest

from openkam.analytics.valuation.shrinkage import shrunk_covariance


@pytest.mark.parametrize(
    ("shape", "shrinkage", "first_corner_and_trace"),
    [
        ((12, 4, 1), 0.4084257302913757, (2.148930325582068, -1.4663823780532677, 8.349441061597222)),
        ((36, 8, 2), 0.1795144319561327, (9.337964669971035, 3.1260059919866396, 70.75904658656634)),
        ((6, 10, 3), 0.5167833091630799, (12.218243969968878, -3.13030377264801, 93.42225263916666)),
    ],
)
def test_scikit_learns_shrinkage(shape, shrinkage, first_corner_and_trace):
    periods, segments, seed = shape
    random = np.random.default_rng(seed)
    drawn, mixing = random.standard_normal((periods, segments)), np.round(random.standard_normal((segments, segments)), 3)
    covariance, found = shrunk_covariance(np.round(drawn @ mixing, 4))
    assert found == pytest.approx(shrinkage, rel=1e-10)
    assert (covariance[0, 0], covariance[0, -1], np.trace(covariance)) == pytest.approx(first_corner_and_trace, rel=1e-10)
