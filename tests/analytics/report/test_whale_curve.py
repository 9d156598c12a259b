"""The whale curve of a review."""

import numpy as np
import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.whale_curve import review_whale_curve


def test_it_adds_up_over_the_review() -> None:
    review = make_review()
    curve = review_whale_curve(review)
    margin = np.array(review.accounts["contribution_margin"].to_pylist(), dtype=float)
    assert curve is not None
    assert curve.total == pytest.approx(np.nansum(margin))
    assert curve.peak == pytest.approx(np.nansum(margin[margin > 0]))


def test_without_contribution_there_is_none() -> None:
    assert review_whale_curve(make_empty_review()) is None


def test_its_outline_keeps_both_ends_and_the_peak() -> None:
    curve = review_whale_curve(make_review())
    assert curve is not None
    outline = curve.outline(40)
    assert len(outline) <= 40
    assert (outline[0], outline[-1]) == ((0, 0.0), (curve.account_count, pytest.approx(1.0)))
    assert (curve.peak_at, curve.heights[curve.peak_at]) in outline
    assert len(curve.outline(10_000)) == curve.account_count + 1
