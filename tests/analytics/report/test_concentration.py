"""Concentration of a review's amounts, by account and by group."""

from dataclasses import replace

import pytest
from tests.factories.review import make_review

from openkam.analytics.report.concentration import concentrations, grouped_measure


def test_joining_groups_keeps_the_sum_and_concentrates() -> None:
    review = make_review()
    by_account, by_group = (found.figures for found in concentrations(review)[:2])
    assert by_group.total == pytest.approx(by_account.total, rel=1e-9)
    assert by_group.effective_number < by_account.effective_number
    joined = grouped_measure(review, "net_sales")
    assert joined is not None
    assert len(joined) == 280 - 16


def test_no_group_no_joining() -> None:
    review = make_review()
    plain = replace(review, accounts=review.accounts.drop_columns(["group_name"]))
    assert grouped_measure(plain, "net_sales") is None
    assert [found.label for found in concentrations(plain)] == ["Net sales", "Contribution"]
