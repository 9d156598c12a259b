"""The mean of a scale: against a textbook's t, cut to its ends, without an interval where none can be told."""

import numpy as np
import pytest

from openkam.analytics.relationship.rapport.scale_mean import ScaleMean, scale_mean


def test_it_is_students_interval():
    found = scale_mean(np.array([4.0, 5.0, 6.0, np.nan]), confidence=0.90)
    # t(0.95; 2) = 2.920 of any table, s = 1, n = 3
    assert (found.mean, found.informants) == (5.0, 3)
    assert found.lower == pytest.approx(5 - 2.920 / 3**0.5, abs=1e-3)
    assert found.upper == pytest.approx(5 + 2.920 / 3**0.5, abs=1e-3)


def test_it_stays_on_the_scale():
    found = scale_mean(np.array([7.0, 7.0, 5.0]))
    assert found.upper == 7


@pytest.mark.parametrize(("scores", "mean", "count"), [([], None, 0), ([np.nan], None, 0), ([5.0], 5.0, 1), ([6.0, 6.0], 6.0, 2)])
def test_without_a_spread_there_is_no_interval(scores, mean, count):
    assert scale_mean(np.array(scores, dtype=float)) == ScaleMean(mean, None, None, count, 0.9)
