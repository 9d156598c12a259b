"""The curve of cumulative contribution."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.whale_curve import whale_curve
from openkam.analytics.review.review import Review


def with_margin(values: list[float | None]) -> Review:
    review = make_review()
    return replace(review, accounts=pa.table({"account": [str(i) for i in range(len(values))], "contribution_margin": values}))


def test_it_peaks_where_contribution_turns_negative() -> None:
    # Twenty at 11.25, seventy at zero, ten at −12.5: the worked shape behind "20 % of customers make 225 % of profit".
    curve = whale_curve(with_margin([11.25] * 20 + [0.0] * 70 + [-12.5] * 10))
    assert curve is not None
    assert curve.total == pytest.approx(100)
    assert curve.peak_at == 20
    assert curve.heights[curve.peak_at] == pytest.approx(2.25)
    assert curve.heights[-1] == pytest.approx(1.0)
    assert (curve.loser_count, curve.lost) == (10, pytest.approx(125))


def test_a_loss_in_all_is_drawn_in_money() -> None:
    curve = whale_curve(with_margin([10.0, -30.0, None]))
    assert curve is not None
    assert not curve.is_in_percent
    assert curve.heights.tolist() == [0.0, 10.0, -20.0]
    assert (curve.account_count, curve.missing_count) == (2, 1)


def test_it_adds_up_over_the_review() -> None:
    review = make_review()
    curve = whale_curve(review)
    margin = np.array(review.accounts["contribution_margin"].to_pylist(), dtype=float)
    assert curve is not None
    assert curve.total == pytest.approx(np.nansum(margin))
    assert curve.peak == pytest.approx(np.nansum(margin[margin > 0]))


def test_without_contribution_there_is_none() -> None:
    assert whale_curve(make_empty_review()) is None


def test_its_outline_keeps_both_ends_and_the_peak() -> None:
    curve = whale_curve(make_review())
    assert curve is not None
    outline = curve.outline(40)
    assert len(outline) <= 40
    assert (outline[0], outline[-1]) == ((0, 0.0), (curve.account_count, pytest.approx(1.0)))
    assert (curve.peak_at, curve.heights[curve.peak_at]) in outline
    assert len(curve.outline(10_000)) == curve.account_count + 1
