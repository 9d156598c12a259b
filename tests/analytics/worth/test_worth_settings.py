"""Settings that make no sense are refused before anything is computed."""

import pytest

from openkam.analytics.terms import OpenKamError
from openkam.analytics.worth.worth_settings import WorthSettings


@pytest.mark.parametrize(
    "changes",
    [
        {"annual_discount_rate": 0.0},
        {"annual_discount_rate": 1.2},
        {"annual_capital_rate": -0.1},
        {"annual_capital_rate": 2.0},
        {"holdout_days": 0},
        {"holdout_days": 4000},
    ],
)
def test_what_is_out_of_range_is_refused(changes):
    with pytest.raises(OpenKamError, match=next(iter(changes))):
        WorthSettings(**changes)


def test_capital_may_cost_nothing():
    assert WorthSettings(annual_capital_rate=0.0).annual_capital_rate == 0.0
