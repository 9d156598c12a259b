"""The workbook's tables."""

from dataclasses import replace

import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report import sheets as sheets_module
from openkam.analytics.report.sheets import accounts_table, nearest_excluded_table, selected_table, sheets, summary_table

NAMES = [
    "Summary",
    "Selected",
    "Nearest excluded",
    "Accounts",
    "Limits",
    "Criteria",
    "Concentration",
    "Measures glossary",
    "Completeness",
    "Facts",
]


@pytest.mark.parametrize("make", [make_review, make_empty_review])
def test_every_row_fits_its_columns(make: object) -> None:
    review = make_review() if make is make_review else make_empty_review()
    found = sheets(review)
    assert [table.name for table in found] == NAMES
    for table in found:
        assert len(table.name) <= 31
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_accounts_carry_every_measure_and_row() -> None:
    review = make_review()
    table = accounts_table(review)
    heads = [column.heading for column in table.columns]
    assert len(table.rows) == 280
    assert "Net sales, USD" in heads
    assert "Cost to serve, USD (illustrative)" in heads
    assert len(table.columns) >= len(review.measures) + len(review.criteria)


def test_a_sheet_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "MOST_ROWS", 100)
    review = make_review()
    assert len(accounts_table(review).rows) == 100
    assert ("Accounts sheet", "the first 100 by utility", "all are in accounts.parquet") in summary_table(review).rows


def test_selected_and_excluded_follow_the_review() -> None:
    review = make_review()
    assert len(selected_table(review).rows) == 14
    excluded = nearest_excluded_table(review)
    assert len(excluded.rows) == len(review.explanations.why_out)
    assert any("not stable" in str(row[-1]) for row in excluded.rows)
    assert excluded.rows[-1][3] is None
    assert summary_table(replace(review, notes=("one note",))).rows[-1] == ("Note", "one note", "")
