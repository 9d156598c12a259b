from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import theilslopes
from tests.factories.measuring import measure_rows, parameters

from openkam.analytics.behaviour.growth import growth, theil_sen, year_on_year
from openkam.analytics.behaviour.orders import QuarterSales, day_number

D = date


def quarters(net: list[list[float]], full: int | None = None) -> QuarterSales:
    values = np.array(net, dtype=np.float64)
    is_full = np.zeros(values.shape, dtype=np.bool_)
    is_full[:, -(full or values.shape[1]) :] = True
    return QuarterSales(values, is_full, values > 0)


@given(st.lists(st.one_of(st.none(), st.floats(-9, 9), st.integers(0, 2)), min_size=8, max_size=8))
@settings(max_examples=150, deadline=None)
def test_slope_and_interval_are_those_of_scipy(values):
    row = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    known = ~np.isnan(row)
    if known.sum() < 2:
        return
    expected = theilslopes(row[known], np.flatnonzero(known), 0.9)
    found = [float(value[0]) for value in theil_sen(row[None, :], 0.9)]
    assert found == pytest.approx([expected.slope, expected.low_slope, expected.high_slope], rel=1e-9, abs=1e-12)


def test_sales_that_grow_by_a_tenth_each_year_have_that_growth():
    net = [[100 * 1.1 ** (quarter / 4) for quarter in range(8)]]
    found = growth(quarters(net), np.array([True]))
    assert found["growth_per_year"][0] == pytest.approx(0.1)
    assert found["growth_per_year_lower"][0] == pytest.approx(0.1)
    assert found["growth_per_year_upper"][0] == pytest.approx(0.1)
    assert found["growth_quarter_count"][0] == 8


def test_one_wild_quarter_moves_the_slope_little():
    net = [[100 * 1.1 ** (quarter / 4) for quarter in range(8)]]
    net[0][5] *= 20
    assert growth(quarters(net), np.array([True]))["growth_per_year"][0] == pytest.approx(0.1, abs=0.03)


def test_growth_is_null_below_four_positive_full_quarters():
    found = growth(quarters([[5, 5, 5, 5, 5, 9, 9, 9], [5, 5, 5, 5, 0, -2, 9, 9]], full=3), np.array([True, True]))
    assert np.isnan(found["growth_per_year"]).all()
    assert found["growth_quarter_count"].tolist() == [3, 2]


def test_an_account_that_never_ordered_has_no_number_of_quarters():
    found = growth(quarters([[0] * 8]), np.array([False]))
    assert np.isnan(found["growth_quarter_count"][0])


def test_the_interval_holds_the_true_slope_about_nine_times_in_ten():
    draw = np.random.default_rng(11)
    truth = 0.05
    values = truth * np.arange(8) + draw.normal(0, 0.3, (4000, 8))
    _, lower, upper = theil_sen(values, 0.9)
    assert np.mean((lower <= truth) & (truth <= upper)) == pytest.approx(0.9, abs=0.04)


@pytest.mark.parametrize(
    ("now", "before", "first_on", "expected"),
    [
        (120.0, 100.0, D(2020, 1, 1), 0.2),
        (50.0, 200.0, D(2022, 8, 1), -0.75),
        (np.nan, 100.0, D(2020, 1, 1), -1.0),
        (120.0, 100.0, D(2022, 8, 2), None),
        (120.0, np.nan, D(2020, 1, 1), None),
        (120.0, -5.0, D(2020, 1, 1), None),
        (-30.0, 100.0, D(2020, 1, 1), -1.3),
        (np.nan, np.nan, None, None),
    ],
)
def test_sales_against_the_year_before(now, before, first_on, expected):
    first = np.nan if first_on is None else day_number(first_on)
    found = year_on_year(*(np.array([value]) for value in (now, before, first)), parameters())[0]
    assert np.isnan(found) if expected is None else found == pytest.approx(expected)


def test_the_year_before_is_that_of_the_same_days(engine):
    days = {D(2022, 6, 30): 1, D(2022, 7, 1): 10, D(2023, 6, 30): 100, D(2023, 7, 1): 1000, D(2024, 6, 30): 10000}
    rows = [{"customer_key": "a", "net_amount": net, "transacted_on": day} for day, net in days.items()]
    assert measure_rows(engine, transactions=rows)["a"]["sales_change_year_on_year"] == pytest.approx(11000 / 110 - 1)
    half = measure_rows(engine, {"period_months": 6}, transactions=rows)["a"]
    assert half["sales_change_year_on_year"] == pytest.approx(10000 / 100 - 1)
