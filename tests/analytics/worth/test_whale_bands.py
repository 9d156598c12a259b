"""The band of a valuation's whale curve, from the minutes that the ledger measured."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from tests.factories.ledger_facts import facts_of

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, TimeEquation
from openkam.analytics.valuation.time_driven_costing import time_driven_costs
from openkam.analytics.worth.whale_bands import band_of_contribution, measured_minutes
from openkam.analytics.worth.worth_settings import WorthSettings

START = date(2020, 1, 1)
MODEL = CostModel(
    (PoolRate("Team", START, Decimal(6000), Decimal(6000)),),
    (TimeEquation("visit", "Team", "60", START), TimeEquation("order", "Team", "5", START)),
)
SETTINGS = WorthSettings(draws=100)


def served(engine, minutes):
    activities = [{"customer_key": key, "activity": "visit", "minutes": one} for key in "abc" for one in minutes]
    return facts_of(engine, service_activities=activities, transactions=[{"customer_key": key, "net_amount": 1} for key in "abc"])


def test_minutes_that_vary_make_a_band_and_equal_ones_a_line(engine):
    left = np.array([400.0, 100.0, -50.0])
    for minutes, is_wide in (((10, 90, 30, 70), True), ((50, 50, 50, 50), False)):
        facts = served(engine, minutes)
        band = band_of_contribution(facts, time_driven_costs(facts, MODEL), left, SETTINGS)
        assert band.total.lower <= 450 <= band.total.upper
        assert (band.total.upper - band.total.lower > 1) is is_wide
        assert (band.value_at_risk.middle == pytest.approx(50)) or is_wide


def test_without_measured_minutes_or_contribution_there_is_no_band(engine):
    facts = served(engine, (None, None))
    assert measured_minutes(facts) == {}
    with pytest.raises(OpenKamError, match="measured in minutes"):
        band_of_contribution(facts, time_driven_costs(facts, MODEL), np.ones(3), SETTINGS)
    facts = served(engine, (10, 20))
    with pytest.raises(OpenKamError, match="No contribution"):
        band_of_contribution(facts, time_driven_costs(facts, MODEL), np.full(3, np.nan), SETTINGS)
