"""What the review stands on."""

import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.data_used import completeness, completeness_table, facts_table, glossary_table


def test_missing_counts_as_missing() -> None:
    review = make_review()
    known = {c.label: c for c in completeness(review)}
    for measure in review.measures:
        column = review.accounts[measure.name]
        found = known[measure.name.replace("_", " ").capitalize()]
        assert found.known == len(column) - column.null_count
        assert found.share == pytest.approx(found.known / 280)
    assert [c.share for c in completeness(review)] == sorted(c.share for c in completeness(review))
    assert completeness(make_empty_review())[0].known == 0


def test_tables_have_one_row_each() -> None:
    review = make_review()
    assert len(completeness_table(review).rows) == len(glossary_table(review).rows) == len(review.measures)
    facts = facts_table(review)
    assert [row[0] for row in facts.rows] == review.facts["table"].to_pylist()
    assert {row[0]: row[-1] for row in facts.rows}["service_activities"] is True
    assert all(row[2] and row[3] for row in glossary_table(review).rows)
