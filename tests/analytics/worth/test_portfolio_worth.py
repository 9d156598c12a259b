"""What accounts are worth together."""

import json

import pytest

from openkam.analytics.worth.portfolio_worth import PortfolioColumns, PortfolioWorth, kept, restored
from openkam.analytics.worth.portfolio_worth import portfolio_worth as worth_of_columns


def one(sales=None, contribution=None, *, capacity=None, ahead=None, overdue=False, group=""):
    return sales, contribution, capacity, ahead, overdue, group


def portfolio_worth(accounts, cut: int) -> PortfolioWorth:
    return worth_of_columns(PortfolioColumns(*(zip(*accounts, strict=True) if accounts else [()] * 6)), cut)


ACCOUNTS = [
    one(1000, -100, capacity=300, ahead=-400),
    one(500, 300, capacity=50, ahead=900, overdue=True, group="G"),
    one(400, 200, capacity=20, ahead=700, group="G"),
    one(100, 50, capacity=10, ahead=None, overdue=True),
    one(None, None),
]


def test_sums_count_what_is_known():
    found = portfolio_worth(ACCOUNTS, 2)
    assert (found.account_count, found.sales, found.contribution, found.lifetime_value) == (5, 2000, 450, 1200)
    assert (found.overdue_count, found.overdue_value) == (2, 900)
    assert found.whale is not None
    assert (found.whale.peak_at, found.whale.lost, found.whale.missing_count) == (3, 100, 1)


def test_who_would_lose_or_gain_a_place_by_margin():
    found = portfolio_worth(ACCOUNTS, 2)
    assert [(s.position, s.sales_rank, s.margin_rank, s.gains) for s in found.shifts] == [(0, 1, 4, False), (2, 3, 2, True)]
    assert portfolio_worth(ACCOUNTS, 4).shifts == ()


def test_concentration_by_sales_by_margin_and_with_groups_joined():
    found = dict(portfolio_worth(ACCOUNTS, 2).concentrations)
    assert list(found) == ["Net sales", "Contribution", "Contribution, buying groups joined"]
    assert found["Contribution"].hhi == pytest.approx((300**2 + 200**2 + 50**2) / 550**2)
    assert found["Contribution, buying groups joined"].hhi == pytest.approx((500**2 + 50**2) / 550**2)


def test_the_loss_of_the_largest_costs_its_capacity_too_at_first():
    stress = portfolio_worth(ACCOUNTS, 2).stress
    assert stress is not None
    assert (stress.lost, stress.contribution_lost, stress.cash_lost_now, stress.total_after) == ((1,), 300, 350, 150)


def test_the_loss_of_the_largest_buying_group():
    found = portfolio_worth(ACCOUNTS[:4], 2).group_stress
    assert found is not None
    assert (found[0], found[1].contribution_lost, found[1].cash_lost_now, found[1].total_before) == ("G", 500, 570, 450)
    assert portfolio_worth([one(1, 900), one(1, 5, group="G")], 1).group_stress is None
    assert portfolio_worth([one(1, 900)], 1).group_stress is None


def test_nothing_known_is_no_figure():
    found = portfolio_worth([one(), one()], 1)
    assert (found.sales, found.contribution, found.whale, found.stress, found.concentrations) == (None, None, None, None, ())
    assert portfolio_worth([], 5).account_count == 0


def test_what_a_run_keeps_reads_back_as_it_was():
    found = portfolio_worth([*ACCOUNTS[:4], one(30, 5)], 2)
    pairs = [(one.sales_rank, one.margin_rank) for one in found.ranks]
    again = restored(json.loads(json.dumps(kept(found))), pairs, 2)
    assert again == found
    assert restored(json.loads(json.dumps(kept(portfolio_worth([one()], 1)))), [], 1) == portfolio_worth([one()], 1)


def test_a_group_with_an_unknown_capacity_leaves_that_of_others_known():
    found = portfolio_worth([one(9, 5, group="A"), one(9, 900, capacity=7, group="B"), one(9, 3, capacity=1)], 1).group_stress
    assert found is not None
    assert (found[0], found[1].cash_lost_now) == ("B", 907)
