"""The customer service department of Kaplan and Anderson, Time-Driven Activity-Based Costing, HBR 82 (2004) 131-138."""

import pytest

from openkam.analytics.valuation.cost_to_serve import time_driven_rates


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
