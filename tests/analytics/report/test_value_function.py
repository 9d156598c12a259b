"""Criteria and their value functions."""

from dataclasses import replace

import pytest
from tests.factories.review import CRITERIA, make_review

from openkam.analytics.report.value_function import LINE_HEIGHT, LINE_WIDTH, criteria_table, criterion_lines
from openkam.analytics.review.review import CriterionNote


def test_lines_stay_in_their_box_and_follow_the_weights() -> None:
    lines = criterion_lines(make_review())
    assert [line.label for line in lines][:2] == ["Contribution", "Growth"]
    for line in lines:
        for point in line.line.split():
            x, y = (float(part) for part in point.split(","))
            assert 0 <= x <= LINE_WIDTH
            assert 0 <= y <= LINE_HEIGHT
    assert lines[0].words.startswith("0 → 0.00; 50.0\u00a0k → 0.40")
    assert lines[0].is_illustrative
    assert lines[1].from_text == "−20\u00a0%"


@pytest.mark.parametrize("points", [(), ((3.0, 0.5),)])
def test_a_degenerate_function_draws_nothing_wild(points: tuple[tuple[float, float], ...]) -> None:
    odd = CriterionNote("odd", "Odd", 0.0, "0-4", None, points)
    lines = criterion_lines(replace(make_review(), criteria=(odd,)))
    assert "nan" not in lines[0].area
    assert lines[0].source == "Rated with evidence"


def test_the_table_lists_every_criterion() -> None:
    table = criteria_table(make_review())
    assert len(table.rows) == len(CRITERIA)
    assert sum(float(row[1]) for row in table.rows if isinstance(row[1], float)) == pytest.approx(1.0)
