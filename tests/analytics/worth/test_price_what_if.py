import pytest

from openkam.analytics.worth.price_what_if import price_what_if


def test_the_break_even_rests_on_the_sales_whose_cost_is_known():
    # 1,000 sold, the cost of 200 of it unknown; 320 left of 800 is 40 %. At 5 % less: 5 / 35 more.
    found = price_what_if(1000, 200, 320, -0.05)
    assert found is not None
    assert found.ratio == pytest.approx(0.4)
    assert found.asked is not None
    assert found.asked.volume_change == pytest.approx(0.05 / 0.35)
    volumes = {round(100 * one.price_change): one.volume_change for one in found.curve}
    assert volumes[0] == 0
    assert volumes[10] == pytest.approx(-0.1 / 0.5)
    assert price_what_if(1000, None, 400, None) == price_what_if(1000, 0, 400, None)


def test_where_no_volume_breaks_even_the_reason_is_given():
    found = price_what_if(1000, None, 100, -0.1)
    assert found is not None
    assert found.asked is None
    assert "no volume breaks even" in found.reason
    assert {one.volume_change is None for one in found.curve if one.price_change <= -0.1} == {True}


@pytest.mark.parametrize(
    ("net", "uncosted", "left"), [(None, None, 5), (100, None, None), (100, 100, 5), (-50, None, 5), (0, None, 0)]
)
def test_without_a_known_margin_there_is_nothing_to_ask(net, uncosted, left):
    assert price_what_if(net, uncosted, left, -0.05) is None
