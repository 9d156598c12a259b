"""The whale curve, drawn."""

import numpy as np
import pytest
from tests.factories.review import make_review

from openkam.analytics.report.charts.whale_curve import whale_figure
from openkam.analytics.report.whale_curve import whale_curve
from openkam.analytics.valuation.whale_curve import WhaleCurve


def made(values: list[float]) -> WhaleCurve:
    known = np.sort(np.array(values))[::-1]
    losers = known < 0
    cumulative = np.concatenate([[0.0], np.cumsum(known)])
    return WhaleCurve(cumulative, int((known > 0).sum()), float(-known[losers].sum()), int(losers.sum()), 0)


@pytest.mark.parametrize(
    ("values", "title", "unit"),
    [
        ([5.0, 3.0], "No account’s contribution is below zero", "% of the total"),
        ([10.0, -2.0], "1 account below zero gives back 25.0\u00a0% of contribution, 2 USD", "% of the total"),
        ([1.0, -4.0, -4.0], "2 accounts below zero take 8 USD: all accounts together lose money", "USD"),
        ([-1.0], "1 account below zero takes 1 USD: all accounts together lose money", "USD"),
    ],
)
def test_the_title_states_what_is_lost(values: list[float], title: str, unit: str) -> None:
    figure = whale_figure(made(values), 1, "USD", is_illustrative=False)
    assert figure.title == title
    assert figure.unit.endswith(unit)


def test_the_table_ends_at_the_total() -> None:
    curve = whale_curve(make_review())
    assert curve is not None
    figure = whale_figure(curve, 14, "USD", is_illustrative=True)
    last = figure.table.rows[-1]
    assert last[0] == curve.account_count
    assert last[1] == pytest.approx(curve.total)
    assert last[2] == pytest.approx(1.0)
    assert "without a known contribution" in figure.source_notes[0]


def test_a_large_book_draws_few_points() -> None:
    figure = whale_figure(made(list(np.linspace(100.0, -10.0, 50_000))), 14, "USD", is_illustrative=False)
    assert len(figure.wide) < 30_000
