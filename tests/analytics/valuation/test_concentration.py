"""Shares of the top, HHI, effective number, and the loss of the largest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.concentration import (
    concentration,
    effective_number_interval,
    joined_by_group,
    loss_of_largest,
)

amounts = st.lists(st.floats(min_value=0.01, max_value=1e9), min_size=1, max_size=80)


def test_equal_accounts_count_as_many():
    found = concentration(np.full(8, 12.5))
    assert found is not None
    assert found.effective_number == pytest.approx(8)
    assert found.hhi == pytest.approx(1 / 8)
    assert found.top_share == {1: pytest.approx(1 / 8), 5: pytest.approx(5 / 8)}


@given(amounts, st.floats(min_value=1e-3, max_value=1e3))
def test_scale_and_order_do_not_matter_and_bounds_hold(values, factor):
    first = concentration(np.array(values))
    second = concentration(np.array(values[::-1]) * factor)
    assert first is not None
    assert second is not None
    assert first.hhi == pytest.approx(second.hhi)
    assert 1 - 1e-9 <= first.effective_number <= len(values) + 1e-6
    shares = list(first.top_share.values())
    assert shares == sorted(shares)


def test_losses_and_missing_have_no_share():
    found = concentration(np.array([3.0, 1.0, -50.0, np.nan, 0.0]))
    assert found is not None
    assert (found.count, found.total) == (2, 4.0)
    assert concentration(np.array([-1.0, np.nan])) is None


def test_groups_are_joined_and_the_others_stand_for_themselves():
    joined = joined_by_group(np.array([1.0, 2.0, 4.0, np.nan, 8.0]), ["g", None, "g", "g", ""])
    assert sorted(joined) == [2, 5, 8]


def test_the_interval_holds_the_figure_and_narrows_with_equal_periods():
    random = np.random.default_rng(5)
    by_period = random.gamma(2.0, 50.0, (12, 24))
    interval = effective_number_interval(by_period, draws=400, seed=1)
    found = concentration(by_period.sum(axis=1))
    assert found is not None
    assert interval is not None
    assert interval.lower < found.effective_number < interval.upper
    same = effective_number_interval(np.repeat(by_period[:, :1], 24, axis=1), draws=50, seed=1)
    assert same is not None
    assert same.upper - same.lower == pytest.approx(0, abs=1e-9)
    assert effective_number_interval(by_period, draws=400, seed=1) == interval


def test_few_periods_or_no_profit_give_no_interval():
    assert effective_number_interval(np.ones((3, 5)), draws=10, seed=1) is None
    assert effective_number_interval(-np.ones((3, 9)), draws=10, seed=1) is None


def test_losing_the_largest_costs_its_contribution_and_at_first_its_service_too():
    stress = loss_of_largest(np.array([10.0, 60.0, np.nan, -20.0]), cost_to_serve=np.array([1.0, 15.0, 2.0, 3.0]), floor=-40)
    assert stress is not None
    assert stress.lost == (1,)
    assert (stress.total_before, stress.contribution_lost, stress.total_after) == (50, 60, -10)
    assert (stress.cash_lost_now, stress.headroom) == (75, 15)
    assert stress.share_lost == pytest.approx(1.2)


def test_an_unknown_cost_to_serve_leaves_the_cash_unknown_and_the_headroom_at_its_most():
    values = np.array([5.0, 3.0])
    unknown = loss_of_largest(values, cost_to_serve=np.array([np.nan, 1.0]), floor=1)
    assert unknown is not None
    assert (unknown.cash_lost_now, unknown.headroom) == (None, 2)
    plain = loss_of_largest(values, 9)
    assert plain is not None
    assert (plain.lost, plain.total_after, plain.headroom) == ((0, 1), 0, None)


def test_a_loss_has_no_share_and_nothing_known_no_stress():
    losing = loss_of_largest(np.array([-5.0, 1.0]))
    assert losing is not None
    assert losing.share_lost is None
    assert loss_of_largest(np.array([np.nan])) is None
    with pytest.raises(OpenKamError, match="at least 1"):
        loss_of_largest(np.array([1.0]), 0)
