from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from tests.factories.facts import facts_table
from tests.factories.ledger_facts import facts_of
from tests.factories.measuring import measure, measure_rows

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.cost_to_serve import cost_to_serve, share_of_sales, time_driven_rates
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, ServiceStep, TimeEquation
from openkam.analytics.valuation.time_driven_costing import time_driven_costs

RATES = {"service_rates": {"order": (8.0, 0.8), "visit": (60.0, 1.0)}}
NAMES = ("service_activity_count", "service_minutes", "cost_to_serve", "service_uncosted_count")


def done(activity: str = "order", quantity: float = 1, customer: str = "a", **more):
    return {"customer_key": customer, "activity": activity, "quantity": quantity, "currency": "EUR", **more}


def service(found) -> list[float | None]:
    return [found[name] for name in NAMES]


def test_recorded_cost_comes_first_then_measured_minutes_then_standard_minutes(engine):
    rows = [done(cost_amount=5, minutes=100), done(minutes=10), done(quantity=3)]
    assert service(measure_rows(engine, RATES, service_activities=rows)["a"]) == [5, 134, pytest.approx(5 + 8 + 19.2), 0]


def test_an_activity_without_any_cost_is_counted_and_noted_not_costed_at_zero(engine):
    rows = [done("order"), done("complaint", 4), done("complaint", 1, "b", minutes=7)]
    found = measure_rows(engine, RATES, service_activities=rows)
    assert service(found["a"]) == [5, 8, pytest.approx(6.4), 4]
    assert service(found["b"]) == [1, 7, None, 1]
    notes = measure(engine, {"service_activities": facts_table("service_activities", *rows)}, **RATES).notes
    assert any("complaint" in note and "order" not in note for note in notes)


def test_an_account_without_service_costs_nothing_where_its_unit_records_service(engine):
    tables = {
        "transactions": [
            {"customer_key": "idle", "net_amount": 1},
            {"customer_key": "far", "net_amount": 1, "source": "south"},
        ],
        "service_activities": [done()],
    }
    found = measure_rows(engine, RATES, **tables)
    assert service(found["idle"]) == [0, 0, 0, 0]
    assert service(found["far"]) == [None] * 4


def test_where_nothing_can_be_costed_cost_to_serve_is_unknown_to_all(engine):
    tables = {"transactions": [{"customer_key": "idle", "net_amount": 1}], "service_activities": [done()]}
    found = measure_rows(engine, **tables)
    assert service(found["idle"]) == [0, 0, None, 0]
    assert service(found["a"]) == [1, None, None, 1]


def test_capacity_without_minutes_is_refused():
    with pytest.raises(OpenKamError, match="practical capacity"):
        time_driven_rates(560_000, 0, {})


@pytest.mark.parametrize(
    ("cost", "sales", "expected"),
    [(5.0, 50.0, 0.1), (0.0, 50.0, 0.0), (80.0, 50.0, 1.6), (5.0, 0.0, None), (5.0, -3.0, None), (np.nan, 50.0, None)],
)
def test_the_share_of_sales_is_null_where_there_is_nothing_to_divide_by(cost, sales, expected):
    found = share_of_sales(np.array([cost]), np.array([sales]))[0]
    assert np.isnan(found) if expected is None else found == pytest.approx(expected)


def test_accounts_whose_service_nobody_records_have_no_share(engine):
    lines = [{"customer_key": name, "net_amount": 100, "source": source} for name, source in (("a", "north"), ("b", "south"))]
    found = measure_rows(engine, transactions=lines, service_activities=[done(cost_amount=5)])
    assert (found["a"]["cost_to_serve_share"], found["b"]["cost_to_serve_share"]) == (pytest.approx(0.05), None)


def test_a_ladder_charges_what_a_review_does_but_for_rates_that_changed_within_the_period(engine):
    """The programme states one rate for the whole period; the ladder charges each day at the rate of that day."""
    first, raised = date(2023, 7, 1), date(2024, 1, 1)
    services = [done(quantity=10, performed_on=date(2023, 8, 1)), done(quantity=4), done(quantity=3, customer="b")]
    facts = facts_of(engine, {"service_rates": {"order": (8.0, 1.25)}}, service_activities=services)
    review = cost_to_serve(facts).columns["cost_to_serve"]

    def charged(*rates: PoolRate) -> list[float]:
        equation = TimeEquation("order", "desk", "8", first, step=ServiceStep.ORDER_AND_LOGISTICS)
        return time_driven_costs(facts, CostModel(rates, (equation,))).cost().tolist()

    at_one_rate = PoolRate("desk", first, Decimal(1250), Decimal(1000))
    assert charged(at_one_rate) == pytest.approx(review.tolist(), rel=1e-12)
    assert review.tolist() == [140, 30]
    cheaper = PoolRate("desk", first, Decimal(1000), Decimal(1000), valid_until=date(2023, 12, 31))
    # 80 minutes fell before the raise of a quarter of a euro.
    assert charged(cheaper, PoolRate("desk", raised, Decimal(1250), Decimal(1000))) == pytest.approx([140 - 80 * 0.25, 30])
