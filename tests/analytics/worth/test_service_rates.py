"""What a change of rates does to the accounts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.factories.planted import AS_OF, planted_ledger

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, TimeEquation
from openkam.analytics.worth.service_rates import NO_RATES, ServiceRates, compare_rates, minutes_of_hours
from openkam.analytics.worth.worth_settings import WorthSettings

START = date(2020, 1, 1)


def rates(cost: int, currency: str = "") -> ServiceRates:
    """Every order makes one call of half an hour."""
    pool = PoolRate("Team", START, Decimal(cost), Decimal(6000))
    return ServiceRates(CostModel((pool,), (TimeEquation("call", "Team", "30", START),)), ("call",), currency)


def compared(path, before, after):
    return compare_rates(planted_ledger(path), before, after, WorthSettings(), as_of=AS_OF, currency="EUR", version=5)


def test_who_falls_below_zero_and_who_rises_out_of_it(tmp_path):
    # Steady leaves 3,000 an order before service, Second 2,000, Small 150: at 500 a call only Small loses.
    found = compared(tmp_path / "l", rates(0), rates(100_000))
    assert [(one.account, one.name) for one in found.fall] == [("small", "Small")]
    assert found.fall[0].before > 0 > found.fall[0].after
    assert (found.rise, found.changed_count) == ((), 4)
    assert [use.pool for use in found.pools] == ["Team"]
    back = compared(tmp_path / "l2", rates(100_000), rates(0))
    assert [one.account for one in back.rise] == ["small"]


def test_the_same_rates_change_nothing(tmp_path):
    found = compared(tmp_path / "l", NO_RATES, NO_RATES)
    assert (found.fall, found.rise, found.changed_count) == ((), (), 0)


def test_rates_in_another_currency_are_refused(tmp_path):
    with pytest.raises(OpenKamError, match="in USD, the valuation in EUR"):
        compared(tmp_path / "l", NO_RATES, rates(1, "USD"))
    assert compared(tmp_path / "l2", NO_RATES, replace(NO_RATES, currency="USD")).changed_count == 0


def test_hours_are_sixty_minutes():
    assert minutes_of_hours(Decimal("2.5")) == 150
