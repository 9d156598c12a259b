import pytest

from openkam.analytics.valuation.lifetime_value.discount import discount_per


@pytest.mark.parametrize(("days", "expected"), [(365.25, 0.1), (730.5, 0.21), (365.25 / 2, 1.1**0.5 - 1)])
def test_an_effective_rate_compounds(days, expected):
    assert discount_per(0.1, days) == pytest.approx(expected)
