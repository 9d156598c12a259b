"""Other loss rates and lever targets, over the same facts."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.factories.planted import AS_OF, planted_ledger

from openkam.analytics.worth.assumed import compare_assumptions
from openkam.analytics.worth.service_rates import NO_RATES
from openkam.analytics.worth.worth_settings import WorthSettings

BEFORE = WorthSettings()


def test_losses_and_levers_of_the_accounts_asked_for(tmp_path: Path):
    ledger = planted_ledger(tmp_path / "ledger")
    doubled = tuple((until, 2 * rate) for until, rate in BEFORE.provision_rates)
    after = replace(BEFORE, provision_rates=doubled, price_rise=0.1)

    def found(*only: str):
        return compare_assumptions(
            ledger, NO_RATES, BEFORE, after, as_of=AS_OF, currency="EUR", version=ledger.latest_version, only=only
        )

    giant, steady = found("giant"), found("steady")
    prices = {name: (before, then) for name, before, then in giant.levers}["price"]
    # 540,000 of sales: 2 % do not mend a loss of 38,000, 10 % do.
    assert prices == pytest.approx((10_800, 54_000))
    assert (giant.loss_count, giant.mended_before, giant.mended_after) == (1, 0, 1)
    assert giant.expected_loss_before is not None
    assert giant.expected_loss_after == pytest.approx(2 * giant.expected_loss_before)
    assert (steady.loss_count, steady.levers) == (0, ())
