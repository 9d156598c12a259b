"""The staircase from sales to contribution."""

from itertools import pairwise

import pytest

from openkam.analytics.valuation.margin_steps import margin_steps

WHOLE = {
    "net_sales": 1000.0,
    "cost_of_goods": 600.0,
    "gross_contribution": 400.0,
    "cost_to_serve": 150.0,
    "contribution_margin": 250.0,
    "contribution_basis": "after cost to serve",
}


def test_every_step_begins_where_the_one_before_ended() -> None:
    steps = margin_steps(WHOLE)
    assert [(step.label, step.amount) for step in steps] == [
        ("Net sales", 1000.0),
        ("Cost of goods", -600.0),
        ("Gross contribution", 400.0),
        ("Cost to serve", -150.0),
        ("Contribution", 250.0),
    ]
    assert all(after.is_level or after.start == before.end for before, after in pairwise(steps))
    assert all(before.end == pytest.approx(after.amount) for before, after in pairwise(steps) if after.is_level)
    assert steps[-1].share_of_sales == pytest.approx(0.25)


def test_sales_without_a_known_cost_are_no_profit() -> None:
    steps = margin_steps(WHOLE | {"gross_contribution": 300.0, "contribution_basis": "gross contribution", "rebate_amount": 20.0})
    assert [step.label for step in steps] == [
        "Net sales",
        "Rebates",
        "Cost of goods",
        "Sales without a known cost",
        "Contribution",
    ]
    assert steps[3].amount == pytest.approx(-80.0)
    assert steps[-1].amount == steps[-2].end == pytest.approx(300.0)


def test_without_a_cost_there_are_no_steps() -> None:
    assert margin_steps(WHOLE | {"cost_of_goods": None}) == ()
    assert margin_steps({}) == ()


def test_no_share_where_sales_are_not_above_zero() -> None:
    assert {step.share_of_sales for step in margin_steps(WHOLE | {"net_sales": 0.0})} == {None}
