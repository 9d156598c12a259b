"""Levers for loss accounts: cash now apart from capacity freed, and how far each must go."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.service_levers import AccountService, LeverTargets, loss_levers

ALL = LeverTargets(order_value=200, electronic_share=0.5, freight_share=0.8, capital_rate_per_year=0.1, price_rise=0.02)
ONE = {
    "contribution": -100.0,
    "net_sales": 4000.0,
    "orders": 40.0,
    "order_capacity_cost": 300.0,
    "order_cash_cost": 80.0,
    "manual_orders": 30.0,
    "electronic_saving_per_order": 4.0,
    "freight_cost": 200.0,
    "freight_charged": 50.0,
    "late_currency_days": 73_000.0,
}


def service(*changes):
    rows = [ONE | change for change in changes]
    return AccountService(**{name: np.array([row[name] for row in rows], dtype=float) for name in ONE})


def levers(targets=ALL, **changes):
    (found,) = loss_levers(service(changes), targets)
    return {lever.name: lever for lever in found.levers}


def test_every_lever_with_cash_apart_from_capacity():
    found = {name: (lever.cash_now, lever.capacity_freed) for name, lever in levers().items()}
    assert found == {
        "order size": (40, 150),
        "freight": (110, 0),
        "price": (80, 0),
        "channel": (0, 60),
        "terms": (pytest.approx(20), 0),
    }
    assert list(found) == ["order size", "freight", "price", "channel", "terms"]


def test_how_far_each_must_go_to_break_even():
    found = levers()
    # Orders of 100 must grow until the share saved of 380 is 100.
    assert found["order size"].needed == pytest.approx(100 / (1 - 100 / 380))
    assert (found["freight"].needed, found["price"].needed) == (0.75, 0.025)
    assert found["channel"].needed == pytest.approx(100 / 120)
    assert found["terms"].needed is None
    assert {name for name, lever in found.items() if lever.breaks_even} == {"order size", "freight"}
    assert found["order size"].effect == 190


def test_a_lever_too_weak_says_so():
    found = levers(contribution=-1000.0)
    assert {name for name, lever in found.items() if lever.needed is not None} == {"price"}
    assert not any(lever.breaks_even for lever in found.values())
    # All sales in one order is as far as order size goes.
    assert levers(contribution=-375.0)["order size"].needed is None


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        ({"orders": np.nan}, "order size", "not known: orders"),
        ({"orders": 0.0}, "order size", "no order with sales above zero in the period"),
        (
            {"manual_orders": np.nan, "electronic_saving_per_order": np.nan},
            "channel",
            "not known: manual_orders, electronic_saving_per_order",
        ),
        ({"freight_cost": np.nan}, "freight", "not known: freight_cost"),
        ({"late_currency_days": np.nan}, "terms", "not known: late_currency_days"),
        ({"net_sales": np.nan}, "price", "not known: net_sales"),
    ],
)
def test_what_is_not_known_has_no_effect_and_stands_last(change, name, reason):
    found = levers(**change)
    assert (found[name].cash_now, found[name].effect, found[name].reason) == (None, None, reason)
    assert all(lever.effect is not None for lever in list(found.values())[: -sum(one.effect is None for one in found.values())])


def test_only_loss_accounts_and_only_chosen_levers():
    found = loss_levers(
        service({"contribution": 5.0}, {"contribution": -1.0}, {"contribution": np.nan}, {"contribution": -9.0}), LeverTargets()
    )
    assert [(one.account_id, one.loss, one.levers) for one in found] == [(3, 9, ()), (1, 1, ())]


def test_nothing_to_save_saves_nothing():
    idle = levers(
        order_capacity_cost=0.0, order_cash_cost=0.0, freight_cost=0.0, freight_charged=0.0, manual_orders=0.0, net_sales=-5.0
    )
    assert (idle["channel"].needed, idle["freight"].needed, idle["price"].cash_now) == (None, None, 0)
    assert levers(order_capacity_cost=0.0, order_cash_cost=0.0)["order size"].needed is None
    assert levers(LeverTargets(order_value=50))["order size"].effect == 0


@given(st.floats(1, 400), st.floats(100, 1e5))
def test_at_the_needed_order_value_the_loss_is_gone(loss, sales):
    found = levers(LeverTargets(order_value=200), contribution=-loss, net_sales=sales)["order size"]
    if found.needed is not None:
        again = levers(LeverTargets(order_value=found.needed), contribution=-loss, net_sales=sales)["order size"]
        assert again.effect == pytest.approx(loss)


@pytest.mark.parametrize("change", [{"order_value": 0}, {"freight_share": 1.5}, {"price_rise": -0.1}])
def test_targets_that_cannot_be_are_refused(change):
    with pytest.raises(OpenKamError, match="give a"):
        LeverTargets(**change)


def test_discounts_taken_back_and_terms_partly_kept():
    targets = LeverTargets(discount_cut=0.5, capital_rate_per_year=0.1, terms_share=0.25)
    (found,) = loss_levers(dataclasses.replace(service({}), reductions=np.array([300.0])), targets)
    cash = {lever.name: (lever.cash_now, lever.breaks_even) for lever in found.levers}
    assert cash == {"discount": (150, True), "terms": (5, False)}
    assert levers(targets)["discount"].reason == "not known: reductions"
