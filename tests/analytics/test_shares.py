import numpy as np
import pytest
from scipy.stats import binomtest

from openkam.analytics.shares import share_interval, share_intervals

CASES = [(0, 5), (1, 5), (5, 5), (3, 10), (7, 9), (40, 400), (399, 400)]


@pytest.mark.parametrize(("count", "of"), CASES)
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_interval_is_that_of_an_independent_implementation(count: int, of: int, confidence: float):
    peer = binomtest(count, of).proportion_ci(confidence, method="wilson")
    assert share_interval(count / of, of, confidence) == pytest.approx((peer.low, peer.high), abs=1e-12)


def test_many_shares_have_the_intervals_of_each():
    shares = np.array([0.0, 0.1, 0.5, 1.0])
    lower, upper = share_intervals(shares, 20)
    assert list(zip(lower, upper, strict=True)) == [share_interval(share, 20) for share in shares.tolist()]
    assert (lower[0], upper[-1]) == (0.0, 1.0)
