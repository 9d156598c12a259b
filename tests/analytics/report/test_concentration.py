"""Shares of the top, HHI and effective number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.review import make_review

from openkam.analytics.report.concentration import concentration, concentrations, joined_by_group

amounts = st.lists(st.floats(min_value=0.01, max_value=1e9), min_size=1, max_size=80)


def test_equal_accounts_count_as_many() -> None:
    found = concentration("Sales", "net_sales", np.full(8, 12.5))
    assert found is not None
    assert found.effective_number == pytest.approx(8)
    assert found.hhi == pytest.approx(1 / 8)
    assert found.top_share == {1: pytest.approx(1 / 8), 5: pytest.approx(5 / 8)}


@given(amounts, st.floats(min_value=1e-3, max_value=1e3))
def test_scale_and_order_do_not_matter_and_bounds_hold(values: list[float], factor: float) -> None:
    first = concentration("", "", np.array(values))
    second = concentration("", "", np.array(values[::-1]) * factor)
    assert first is not None
    assert second is not None
    assert first.hhi == pytest.approx(second.hhi)
    assert 1 - 1e-9 <= first.effective_number <= len(values) + 1e-6
    shares = list(first.top_share.values())
    assert shares == sorted(shares)


def test_losses_and_missing_have_no_share() -> None:
    found = concentration("", "", np.array([3.0, 1.0, -50.0, np.nan, 0.0]))
    assert found is not None
    assert (found.count, found.total) == (2, 4.0)
    assert concentration("", "", np.array([-1.0, np.nan])) is None


def test_joining_groups_keeps_the_sum_and_concentrates() -> None:
    review = make_review()
    by_account, by_group = concentrations(review)[:2]
    assert by_group.total == pytest.approx(by_account.total, rel=1e-9)
    assert by_group.effective_number < by_account.effective_number
    joined = joined_by_group(review.accounts, "net_sales")
    assert joined is not None
    assert len(joined) == 280 - 16


def test_no_group_no_joining() -> None:
    assert joined_by_group(make_review().accounts.drop_columns(["group_name"]), "net_sales") is None
