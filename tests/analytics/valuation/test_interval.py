import numpy as np
import pytest

from openkam.analytics.valuation.interval import Interval


def test_it_holds_the_middle_of_the_draws():
    found = Interval.of(np.arange(101.0), 0.9)
    assert (found.lower, found.middle, found.upper) == pytest.approx((5, 50, 95))
    assert found.confidence == 0.9
