"""Every chart of the review is a figure with its parts."""

import pytest
from tests.factories.review import make_review

from openkam.analytics.report.charts.concentration import concentration_figure
from openkam.analytics.report.charts.figure import ChartFigure
from openkam.analytics.report.charts.near_ties import near_ties_figure
from openkam.analytics.report.concentration import concentrations
from openkam.analytics.report.ranking import ranking


@pytest.fixture(scope="module")
def figures() -> list[ChartFigure]:
    review = make_review()
    made = [
        near_ties_figure(ranking(review), is_illustrative=True),
        concentration_figure(concentrations(review), is_illustrative=True),
    ]
    return [figure for figure in made if figure is not None]


def test_it_is_drawn_for_two_widths(figures: list[ChartFigure]) -> None:
    assert len(figures) == 2
    for figure in figures:
        assert 'viewBox="0 0 500 ' in figure.wide
        assert 'viewBox="0 0 326 ' in figure.phone


def test_it_states_something_and_has_its_table(figures: list[ChartFigure]) -> None:
    for figure in figures:
        assert any(character.isdigit() for character in figure.title)
        assert figure.unit
        assert figure.table.rows
