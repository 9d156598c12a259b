"""The whale curve of a firm like Kanthal: a fifth of the customers earn 225 % of the profit, a tenth lose 125 % of it."""

import numpy as np
import pytest

from openkam.analytics.valuation.whale_curve import whale_curve


def test_kanthals_shape():
    curve = whale_curve(np.array([11.25] * 20 + [0.0] * 70 + [-12.5] * 10))
    assert curve is not None
    assert curve.total == pytest.approx(100)
    assert (curve.peak_at, curve.peak_at_share) == (20, 0.20)
    assert curve.peak_share == pytest.approx(2.25)
    assert curve.heights[-1] == pytest.approx(1.0)
    assert (curve.loser_count, curve.lost) == (10, pytest.approx(125))
    assert curve.value_at_risk_share == pytest.approx(1.25)
