"""The customer service department of Kaplan and Anderson, Time-Driven Activity-Based Costing, HBR 82 (2004) 131-138."""

from datetime import date
from decimal import Decimal

import pytest
from tests.factories.facts import facts_table

from openkam.analytics.behaviour.facts import MeasureParameters, load_facts
from openkam.analytics.valuation.cost_to_serve import time_driven_rates
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, TimeEquation
from openkam.analytics.valuation.time_driven_costing import time_driven_costs
from openkam.analytics.valuation.time_equation import read_minutes
from openkam.analytics.valuation.volume_allocation import survey_rates


@pytest.mark.parametrize(
    ("quantities", "minutes", "rates"),
    [
        ((49_000, 1_400, 2_500), (8, 44, 50), (6.40, 35.20, 40.00)),
        ((9_800, 280, 500), (40, 220, 250), (32, 176, 200)),
    ],
    ids=["article", "working paper"],
)
def test_the_departments_minutes_rates_and_unused_capacity(quantities, minutes, rates):
    names = ("process orders", "handle inquiries", "check credit")
    found = time_driven_rates(560_000, 700_000, dict(zip(names, zip(quantities, minutes, strict=True), strict=True)))
    assert found.cost_per_minute == pytest.approx(0.80)
    assert [found.activities[name].cost_each for name in names] == pytest.approx(rates)
    assert (found.minutes_used, found.cost_used) == (578_600, pytest.approx(462_880))
    assert (found.minutes_unused, found.cost_unused) == (121_400, pytest.approx(97_120))
    assert found.cost_used / 560_000 == pytest.approx(0.8266, abs=5e-5)


def test_the_survey_that_time_driven_costing_replaces():
    quantities = {"process orders": (0.7, 49_000), "handle inquiries": (0.1, 1_400), "check credit": (0.2, 2_500)}
    assert list(survey_rates(560_000, quantities).values()) == pytest.approx([8, 40, 44.80])


def test_the_department_over_a_quarter_of_a_ledger(engine):
    done = {"process orders": (49_000, 8), "handle inquiries": (1_400, 44), "check credit": (2_500, 50)}
    start = date(2024, 4, 1)
    rows = facts_table(
        "service_activities",
        *(
            {"customer_key": "a", "activity": name, "quantity": quantity, "performed_on": start}
            for name, (quantity, _) in done.items()
        ),
    )
    model = CostModel(
        rates=(PoolRate("service", start, Decimal(560_000), Decimal(700_000), per_months=3),),
        equations=tuple(TimeEquation(name, "service", str(minutes), start) for name, (_, minutes) in done.items()),
    )
    facts = load_facts(
        engine, {"service_activities": engine.table(rows)}, MeasureParameters(date(2024, 6, 30), "EUR", period_months=3)
    )
    found = time_driven_costs(facts, model)
    (use,) = found.pools
    assert (use.minutes_charged, use.cost_charged) == (578_600, pytest.approx(462_880))
    assert (use.minutes_unused, use.cost_unused) == (121_400, pytest.approx(97_120))
    assert found.cost() == pytest.approx([462_880])


@pytest.mark.parametrize(("special", "air", "minutes"), [(0, 0, 0.5), (1, 0, 7.0), (1, 1, 7.2)])
def test_packaging_time(special, air, minutes):
    assert read_minutes("0.5 + 6.5 * special + 0.2 * air").of({"special": special, "air": air}) == pytest.approx(minutes)
