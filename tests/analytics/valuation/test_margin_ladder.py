"""The ladder from gross sales to CM4: every step with its amount and its source, and rungs that say what they are without."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.ledger_facts import facts_of

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.ladder_amounts import NOT_KNOWN, NOTHING_BOUGHT
from openkam.analytics.valuation.margin_ladder import LadderRow, MarginLadder, margin_ladder, with_service
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, ServiceStep, TimeEquation
from openkam.analytics.valuation.time_driven_costing import time_driven_costs

START = date(2020, 1, 1)
MODEL = CostModel(
    rates=(PoolRate("desk", START, Decimal(1000), Decimal(1000)),),
    equations=(
        TimeEquation("order", "desk", "4", START, step=ServiceStep.ORDER_AND_LOGISTICS),
        TimeEquation("visit", "desk", "6", START),
    ),
)


def line(net, customer="a", **more):
    return {"net_amount": net, "customer_key": customer, **more}


def done(activity, customer="a"):
    return {"customer_key": customer, "activity": activity, "currency": "EUR"}


def waterfall(ladder: MarginLadder, account: str = "a") -> dict[str, LadderRow]:
    return {row.name: row for row in ladder.of(ladder.account_names.index(account))}


def whole(facts: Facts) -> MarginLadder:
    return margin_ladder(facts, service=time_driven_costs(facts, MODEL), capital_rate_per_year=0.10)


@pytest.fixture
def complete(engine) -> Facts:
    return facts_of(
        engine,
        transactions=[
            line(90, list_amount=100, rebate_amount=5, cost_amount=40),
            line(10, rebate_amount=1, transaction_key="T2"),
            line(7, line_type="freight", cost_amount=9),
            line(-2, line_type="bad_debt"),
        ],
        service_activities=[done("order"), done("visit")],
        receivables=[{"customer_key": "a", "amount": 365, "invoiced_on": date(2024, 6, 20), "due_on": date(2024, 6, 25)}],
    )


def test_every_step_down_to_cm4(complete):
    rows = waterfall(whole(complete))
    amounts = {name: row.amount for name, row in rows.items()}
    loss = 365 * 0.016
    assert amounts == {
        "gross_sales": 100,
        "invoice_reductions": -10,
        "unlisted_sales": 10,
        "net_invoice": 100,
        "off_invoice": -6,
        "charges": 7,
        "pocket": 101,
        "uncosted_sales": -9,
        "cost_of_goods": -40,
        "cm1": 52,
        "order_and_logistics": -4,
        "freight_cost": -9,
        "cm2": 39,
        "selling_and_service": -6,
        "cm3": 33,
        "capital_charge": pytest.approx(-1.0),
        "expected_loss": pytest.approx(-loss),
        "cm4": pytest.approx(32 - loss),
    }
    assert {row.without for row in rows.values()} == {()}
    assert rows["cost_of_goods"].source == "transactions.cost_amount"
    assert rows["capital_charge"].source == "receivables.amount, open_amount × days owed / 365 × 0.1 a year"
    assert [row.name for row in rows.values() if row.is_rung] == ["net_invoice", "pocket", "cm1", "cm2", "cm3", "cm4"]


def test_what_bears_no_account_stands_beneath_and_what_has_no_step_beside(complete):
    ladder = whole(complete)
    assert ladder.beneath == {
        "net sales without a customer": 0,
        "unused capacity: desk": 12_000 - 10,
        "service without a customer: desk": 0,
    }
    assert ladder.beside["bad_debt"].tolist() == [-2]
    assert np.isnan(ladder.beside["write_off"]).all()


def test_another_cost_to_serve_gives_the_ladder_that_it_would_have_given(complete):
    dearer = CostModel((PoolRate("desk", START, Decimal(3000), Decimal(1000)),), MODEL.equations)
    service = time_driven_costs(complete, dearer)
    anew = margin_ladder(complete, service=service, capital_rate_per_year=0.10)
    for before in (whole(complete), margin_ladder(complete, capital_rate_per_year=0.10)):
        swapped = with_service(before, service)
        assert swapped.of(0) == anew.of(0)
        assert swapped.beneath == anew.beneath


def test_what_is_not_known_is_null_and_rungs_say_what_they_lack(engine):
    facts = facts_of(engine, transactions=[line(100, cost_amount=60)])
    rows = waterfall(margin_ladder(facts))
    known = {name for name, row in rows.items() if row.amount is not None}
    assert known == {"net_invoice", "cost_of_goods", "uncosted_sales", "cm1"}
    assert rows["cm1"].amount == 40
    assert rows["cm1"].without == ("off_invoice", "charges")
    assert {rows[name].source for name in rows if not rows[name].is_rung and name not in known} == {NOT_KNOWN}


def test_a_margin_without_a_cost_of_goods_is_none(engine):
    facts = facts_of(engine, transactions=[line(100, rebate_amount=3)], service_activities=[done("visit")])
    rows = waterfall(whole(facts))
    assert (rows["pocket"].amount, rows["selling_and_service"].amount) == (97, -6)
    assert [rows[name].amount for name in ("cm1", "cm2", "cm3", "cm4")] == [None] * 4


def test_a_rung_may_stand_without_the_one_above(engine):
    facts = facts_of(engine, transactions=[line(100, cost_amount=60)], service_activities=[done("visit")])
    rows = waterfall(whole(facts))
    assert (rows["cm2"].amount, rows["cm3"].amount) == (None, 34)
    assert rows["cm3"].without == ("off_invoice", "charges", "order_and_logistics", "freight_cost")


def test_sources_name_the_columns_that_were_used(engine):
    facts = facts_of(
        engine,
        transactions=[
            line(10, product_key="p", quantity=1),
            line(10, "b", product_key="p", quantity=1),
            line(10, "b", cost_amount=4, list_amount=12),
        ],
        products=[{"product_key": "p", "unit_cost": 6, "unit_list_price": 11, "currency": "EUR"}],
        customers=[{"customer_key": "idle"}],
    )
    ladder = margin_ladder(facts)
    assert [waterfall(ladder, name)["cost_of_goods"].source for name in ("a", "b", "idle")] == [
        "transactions.quantity × products.unit_cost",
        "transactions.cost_amount and transactions.quantity × products.unit_cost",
        NOTHING_BOUGHT,
    ]
    assert waterfall(ladder, "b")["gross_sales"].source.endswith("products.unit_list_price")
    assert waterfall(ladder, "idle")["cm1"].amount == 0
    assert waterfall(ladder, "idle")["off_invoice"].source == NOT_KNOWN
    table = ladder.table()
    assert table["cost_of_goods_source"].to_pylist() == [
        waterfall(ladder, name)["cost_of_goods"].source for name in ("a", "b", "idle")
    ]
    assert table["pocket"].null_count == 3
    assert table.num_rows == 3


def test_money_owed_costs_interest_for_the_days_of_the_period(engine):
    owed = {"customer_key": "a", "amount": 100, "due_on": date(2024, 6, 1)}
    facts = facts_of(
        engine,
        transactions=[line(1)],
        receivables=[
            owed | {"invoiced_on": date(2023, 1, 1), "settled_on": date(2023, 7, 11), "invoice_key": "before"},
            owed | {"invoiced_on": date(2022, 1, 1), "settled_on": date(2022, 2, 1), "invoice_key": "long ago"},
            owed | {"invoiced_on": date(2024, 6, 10), "open_amount": 40, "invoice_key": "open"},
            owed | {"invoiced_on": date(2024, 6, 20), "settled_on": date(2024, 7, 9), "invoice_key": "settled later"},
        ],
    )
    rows = waterfall(margin_ladder(facts, capital_rate_per_year=0.365))
    assert rows["capital_charge"].amount == pytest.approx(-(100 * 10 + 40 * 20 + 100 * 10) / 1000)
    with pytest.raises(OpenKamError, match="between 0 and 1"):
        margin_ladder(facts, capital_rate_per_year=8)


def test_the_middle_of_a_segment(engine):
    facts = facts_of(
        engine, transactions=[line(100, cost_amount=60), line(100, "b", cost_amount=80), line(100, "c", cost_amount=10)]
    )
    ladder = margin_ladder(facts)
    found = ladder.medians(np.array([True, True, False]))
    assert (found["cm1"], found["cost_of_goods"], found["off_invoice"]) == (pytest.approx(0.3), pytest.approx(0.7), None)


def test_an_empty_ledger_knows_nothing(engine):
    ladder = margin_ladder(facts_of(engine, customers=[{"customer_key": "a"}]))
    assert {row.amount for row in ladder.of(0)} == {None}
    assert ladder.beneath == {}


optional = st.one_of(st.none(), st.integers(-999, 999))
lines = st.fixed_dictionaries(
    {
        "customer_key": st.sampled_from("ab"),
        "net_amount": st.integers(-999, 999),
        "line_type": st.sampled_from(["sale", "return", "freight", "adjustment"]),
        "list_amount": optional,
        "rebate_amount": optional,
        "cost_amount": optional,
    }
)


@given(st.lists(lines, max_size=8), st.lists(st.sampled_from([done("order"), done("visit", "b")]), max_size=4))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_rung_is_the_one_above_and_the_known_steps_between(engine, sold, service):
    ladder = whole(facts_of(engine, transactions=sold, service_activities=service, customers=[{"customer_key": "a"}]))
    for name in ladder.account_names:
        running = 0.0
        rows = ladder.of(ladder.account_names.index(name))
        if rows[0].amount is not None:
            assert sum(row.amount or 0 for row in rows[:3]) == pytest.approx(rows[3].amount)
        for row in rows[3:]:
            if row.name == "net_invoice":
                running = row.amount or 0
            elif not row.is_rung:
                running += row.amount or 0
            elif row.amount is not None:
                assert row.amount == pytest.approx(running)
