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
