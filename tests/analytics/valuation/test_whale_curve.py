"""The curve of cumulative contribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.valuation.whale_curve import OUTLINE_POINTS, whale_curve

cents = st.integers(-(10**7), 10**7).map(lambda value: value / 100)


@given(st.lists(cents, min_size=1, max_size=60))
def test_it_ends_at_the_whole_and_the_peak_exceeds_it_by_what_is_lost(values):
    curve = whale_curve(np.array(values))
    assert curve is not None
    assert curve.total == pytest.approx(sum(values), abs=1e-6)
    assert curve.peak == pytest.approx(curve.cumulative.max(), abs=1e-6)
    assert curve.peak - curve.lost == pytest.approx(curve.total, abs=1e-6)
    # The best come first: the curve rises ever less.
    assert (np.diff(np.diff(curve.cumulative)) <= 1e-6).all()
    if curve.is_in_percent:
        assert curve.heights[-1] == pytest.approx(1)
        assert curve.peak_share is not None
        assert curve.value_at_risk_share is not None
        assert curve.peak_share - curve.value_at_risk_share == pytest.approx(1, abs=1e-6 / curve.total)
    else:
        assert (curve.peak_share, curve.value_at_risk_share) == (None, None)


def test_a_loss_in_all_has_no_percentage_and_is_drawn_in_money():
    curve = whale_curve(np.array([10.0, -30.0, np.nan]))
    assert curve is not None
    assert not curve.is_in_percent
    assert curve.heights.tolist() == [0.0, 10.0, -20.0]
    assert (curve.account_count, curve.missing_count, curve.peak_at_share) == (2, 1, 0.5)


def test_nothing_known_no_curve():
    assert whale_curve(np.array([np.nan])) is None
    assert whale_curve(np.zeros(0)) is None


def test_an_outline_keeps_the_ends_the_peak_and_the_figures():
    curve = whale_curve(np.linspace(100, -20, 5000))
    assert curve is not None
    outline = curve.outlined()
    assert len(outline.points) <= OUTLINE_POINTS + 1
    assert (outline.account_count, outline.total, outline.peak) == (5000, curve.total, curve.peak)
    assert (outline.peak_at, outline.lost, outline.is_in_percent) == (curve.peak_at, curve.lost, True)
    assert outline.height(outline.total) == 1
    few = outline.thinned(10)
    assert (few[0], few[-1]) == ((0, 0.0), (5000, curve.total))
    assert curve.peak_at in dict(few)
