import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.break_even import break_even_volume_change, reactive_volume_loss

shares = st.floats(-0.3, 0.3)


@given(st.floats(0.05, 0.9), shares, shares, shares)
def test_contribution_is_what_it_was(ratio, price, cost, fixed):
    unit = ratio + price - cost
    if unit <= 0.01:
        return
    change = break_even_volume_change(ratio, price, cost_change=cost, fixed_cost_change=fixed)
    assert unit * (1 + change) - fixed == pytest.approx(ratio)


def test_where_a_unit_leaves_nothing_no_volume_helps():
    with pytest.raises(OpenKamError, match="no volume breaks even"):
        break_even_volume_change(0.2, -0.2)
    with pytest.raises(OpenKamError, match="nothing can be kept"):
        reactive_volume_loss(0, -0.1)
