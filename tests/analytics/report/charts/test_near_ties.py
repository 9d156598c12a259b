"""The chart of close decisions."""

from dataclasses import replace

from tests.factories.review import make_review

from openkam.analytics.report.charts.near_ties import near_ties_figure
from openkam.analytics.report.ranking import ranking
from openkam.analytics.selection.problem import Explanations


def test_it_lists_every_priced_decision_and_no_pinned_one() -> None:
    ranked = ranking(make_review())
    figure = near_ties_figure(ranked, is_illustrative=True)
    assert figure is not None
    priced = [r for r in (*ranked.chosen, *ranked.left_out) if r.reversal_percent is not None and not r.pin_reason]
    assert len(figure.table.rows) == len(priced)
    costs = [row[3] for row in figure.table.rows]
    assert costs == sorted(costs, key=lambda cost: float(str(cost)))
    assert figure.title == f"{len(ranked.near_ties)} decisions are near a tie"
    assert figure.is_illustrative


def test_without_prices_there_is_no_chart() -> None:
    review = replace(make_review(), explanations=Explanations((), ()))
    assert near_ties_figure(ranking(review), is_illustrative=False) is None


def test_one_or_no_tie_reads_right() -> None:
    review = make_review()
    ranked = ranking(review)
    one = ranked.near_ties[0]
    far = [replace(r, reversal_percent=5.0) for r in ranked.left_out if r.account != one.account]
    figure = near_ties_figure(type(ranked)((), (one, *far)), is_illustrative=False)
    assert figure is not None
    assert figure.title == "1 decision is near a tie"
    figure = near_ties_figure(type(ranked)((), tuple(far)), is_illustrative=False)
    assert figure is not None
    assert figure.title == "No decision is near a tie"
