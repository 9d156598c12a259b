"""Costs of accounts by time equations, and the capacity left over."""

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.ledger_facts import facts_of

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, ServiceStep, TimeEquation
from openkam.analytics.valuation.time_driven_costing import time_driven_costs

START = date(2020, 1, 1)
LOGISTICS = ServiceStep.ORDER_AND_LOGISTICS
DESK = PoolRate("desk", START, Decimal(8000), Decimal(10_000))
MODEL = CostModel(
    rates=(DESK, PoolRate("van", START, Decimal(5000), Decimal(2500))),
    equations=(
        TimeEquation("order", "desk", "8 + 3 * lines + (20 if net_amount < 50 else 0)", START, step=LOGISTICS),
        TimeEquation("delivery", "van", "30", START, step=LOGISTICS),
        TimeEquation("visit", "desk", "60", START),
    ),
)


def sold(net: float, customer: str | None = "a", **more):
    return {"net_amount": net, "customer_key": customer, **more}


def done(activity: str, quantity: float = 1, customer: str = "a", **more):
    return {"customer_key": customer, "activity": activity, "quantity": quantity, "currency": "EUR", **more}


def test_documents_are_charged_by_their_lines_and_their_size(engine):
    facts = facts_of(
        engine,
        transactions=[
            sold(100),
            sold(-10, line_type="return"),
            sold(40, transaction_key="T2", transacted_on=date(2024, 4, 1)),
            sold(30, "b"),
            sold(999, line_type="freight", transaction_key="T3"),
            sold(999, transacted_on=date(2022, 1, 1), transaction_key="T4"),
        ],
    )
    found = time_driven_costs(facts, MODEL, document_activities=["order"])
    order = found.activities.index("order")
    assert found.minutes[:, order].tolist() == [8 + 3 + 8 + 3 + 20, 8 + 3 + 20]
    assert found.cost() == pytest.approx([42 * 0.8, 31 * 0.8])
    assert found.cost(LOGISTICS) == pytest.approx(found.capacity_cost())
    assert np.isnan(found.cost(ServiceStep.SELLING_AND_SERVICE)).all()
    assert found.notes == ()


def test_a_document_can_be_several_activities(engine):
    found = time_driven_costs(facts_of(engine, transactions=[sold(100)]), MODEL, document_activities=["order", "delivery"])
    assert found.cost() == pytest.approx([11 * 0.8 + 30 * 2])


def test_recorded_cost_draws_on_no_pool_and_measured_minutes_come_before_the_equation(engine):
    facts = facts_of(
        engine,
        service_activities=[
            done("visit", cost_amount=5),
            done("visit", 2, minutes=45),
            done("delivery", 3, "b"),
            done("visit", 1, "c"),
        ],
    )
    found = time_driven_costs(facts, MODEL)
    visit, delivery = found.activities.index("visit"), found.activities.index("delivery")
    assert found.direct_cost[:, visit].tolist() == [5, 0, 0]
    assert found.minutes[:, visit].tolist() == [45, 0, 60]
    assert found.minutes[:, delivery].tolist() == [0, 90, 0]
    assert found.cost() == pytest.approx([5 + 36, 180, 48])
    assert found.capacity_cost() == pytest.approx([36, 180, 48])
    assert found.cost(LOGISTICS) == pytest.approx([0, 180, 0])


def test_unused_capacity_stays_with_the_pool(engine):
    facts = facts_of(engine, transactions=[sold(100, None)], service_activities=[done("visit"), done("delivery", 100, "b")])
    found = time_driven_costs(facts, MODEL, document_activities=["order"])
    desk, van = found.pools
    assert (desk.minutes_supplied, desk.cost_supplied) == (120_000, 96_000)
    assert (desk.minutes_charged, desk.minutes_without_customer, desk.minutes_unused) == (60, 11, 120_000 - 71)
    assert desk.cost_unused == pytest.approx((120_000 - 71) * 0.8)
    assert (van.minutes_unused, van.cost_unused) == (27_000, 54_000)
    assert found.cost_unused == pytest.approx(desk.cost_unused + van.cost_unused)
    assert np.nansum(found.cost()) == pytest.approx(desk.cost_charged + van.cost_charged)


def test_more_than_the_capacity_is_said_and_not_hidden(engine):
    found = time_driven_costs(facts_of(engine, service_activities=[done("delivery", 1001)]), MODEL)
    van = found.pools[1]
    assert van.is_over_capacity
    assert (van.minutes_unused, van.cost_unused) == (-30, -60)
    assert "Pool van was used for 30,030 minutes but supplies 30,000" in found.notes[0]


def test_the_rate_and_the_equation_of_the_day_apply(engine):
    model = CostModel(
        rates=(
            PoolRate("desk", START, Decimal(80), Decimal(100), valid_until=date(2024, 2, 29)),
            PoolRate("desk", date(2024, 3, 1), Decimal(100), Decimal(100), valid_until=date(2024, 5, 31)),
        ),
        equations=(
            TimeEquation("visit", "desk", "60", START, date(2024, 3, 31)),
            TimeEquation("visit", "desk", "30", date(2024, 4, 1)),
        ),
    )
    days = {"a": date(2024, 2, 29), "b": date(2024, 3, 1), "c": date(2024, 4, 1), "d": date(2024, 6, 1)}
    found = time_driven_costs(
        facts_of(engine, service_activities=[done("visit", 1, key, performed_on=day) for key, day in days.items()]), model
    )
    assert found.cost()[:3] == pytest.approx([48, 60, 30])
    assert np.isnan(found.cost()[3])
    assert found.uncosted[:, 0].tolist() == [0, 0, 0, 1]
    assert found.notes == ("Activities without a cost, left out of cost to serve: visit (1). Give them an equation and a rate.",)
    assert found.pools[0].minutes_supplied == pytest.approx(11 * 100)


def test_nothing_done_is_zero_where_it_would_have_been_recorded_and_unknown_elsewhere(engine):
    facts = facts_of(
        engine,
        transactions=[sold(1, "idle"), sold(1, "far", source="south")],
        service_activities=[done("visit"), done("complaint", 3, "b")],
    )
    found = time_driven_costs(facts, MODEL)
    cost = dict(zip(facts.directory.names, found.cost(), strict=True))
    assert (cost["a"], cost["idle"]) == (pytest.approx(48), 0)
    assert np.isnan(cost["far"])
    assert np.isnan(cost["b"])


def test_further_rows_bring_drivers_of_their_own(engine):
    model = CostModel((DESK,), (TimeEquation("pack", "desk", "0.5 + 6.5 * special + 0.2 * air", START),))
    row = {"source": "north", "customer_key": "a", "performed_on": date(2024, 3, 1), "activity": "pack", "quantity": 10.0}
    rows = [
        {**row, "special": 1.0, "air": 0.0},
        {**row, "special": 1.0, "air": None},
        {**row, "performed_on": date(2022, 3, 1), "special": 1.0, "air": 0.0},
    ]
    facts = facts_of(engine, transactions=[sold(1)])
    found = time_driven_costs(facts, model, extra=engine.table(pa.Table.from_pylist(rows)))
    assert found.minutes.tolist() == [[70]]
    assert found.uncosted.tolist() == [[10]]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [("8 - 9 * lines", "yields -1 minutes"), ("8 * boxes", "No row tells the driver boxes. The drivers told are")],
)
def test_an_equation_that_cannot_hold_is_refused(engine, minutes, words):
    model = CostModel((DESK,), (TimeEquation("order", "desk", minutes, START),))
    with pytest.raises(OpenKamError, match=words):
        time_driven_costs(facts_of(engine, transactions=[sold(1)]), model, document_activities=["order"])


def test_an_activity_is_recorded_or_derived_but_not_both(engine):
    facts = facts_of(engine, transactions=[sold(1)], service_activities=[done("order")])
    with pytest.raises(OpenKamError, match="would count twice"):
        time_driven_costs(facts, MODEL, document_activities=["order"])


def test_without_anything_done_all_capacity_is_unused(engine):
    found = time_driven_costs(facts_of(engine, transactions=[sold(1)]), CostModel((DESK,), ()))
    assert np.isnan(found.cost()).all()
    assert found.pools[0].cost_unused == found.pools[0].cost_supplied == found.cost_unused == 96_000


activities = st.fixed_dictionaries(
    {
        "customer_key": st.sampled_from("ab"),
        "activity": st.sampled_from(["visit", "delivery", "complaint"]),
        "quantity": st.integers(0, 40),
        "performed_on": st.dates(date(2023, 7, 1), date(2024, 6, 30)),
        "minutes": st.one_of(st.none(), st.integers(0, 500)),
        "cost_amount": st.one_of(st.none(), st.none(), st.integers(0, 99)),
        "currency": st.just("EUR"),
    }
)


@given(st.lists(activities, min_size=1, max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_charged_and_what_is_unused_add_up_to_what_is_supplied(engine, rows):
    found = time_driven_costs(facts_of(engine, service_activities=rows), MODEL)
    for use in found.pools:
        assert use.cost_charged + use.cost_without_customer + use.cost_unused == pytest.approx(use.cost_supplied)
        # Where one rate holds throughout, cost follows minutes.
        rate = use.cost_supplied / use.minutes_supplied
        assert use.cost_unused == pytest.approx(use.minutes_unused * rate)
    assert found.pool_cost.sum() == pytest.approx(sum(use.cost_charged for use in found.pools))
    assert found.direct_cost.sum() == pytest.approx(sum(row["cost_amount"] or 0 for row in rows))
    minutes = {"visit": 60, "delivery": 30}
    expected = sum(
        row["minutes"] if row["minutes"] is not None else row["quantity"] * minutes[row["activity"]]
        for row in rows
        if row["cost_amount"] is None and row["activity"] in minutes
    )
    assert found.minutes.sum() == pytest.approx(expected)
