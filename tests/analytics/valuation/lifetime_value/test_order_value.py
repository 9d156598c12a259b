import numpy as np
import pytest
from tests.factories.buyers import spenders

from openkam.analytics.valuation.lifetime_value.order_value import order_values
from openkam.analytics.valuation.purchase_summary import PurchaseSummary


def summary_of(orders, value) -> PurchaseSummary:
    count = len(orders)
    return PurchaseSummary(np.arange(count), orders - 1, orders, orders * 2, orders * value, value, None)


def test_independent_values_are_drawn_towards_all():
    orders, value = spenders(85, 4000, 3.0, 4.0, 60.0)
    found = order_values(summary_of(orders, value))
    assert (found.notes, found.level.tolist()) == ((), [1.0] * 4000)
    assert found.expected() == pytest.approx(found.model.expected_value(orders, value))


def test_values_that_go_with_the_number_of_orders_are_taken_relative_to_it():
    orders, value = spenders(86, 4000, 6.0, 8.0, 60.0)
    found = order_values(summary_of(orders, value * orders))
    assert "larger ones (correlation of the logarithms 0." in found.notes[0]
    assert found.level[orders == 9].mean() / found.level[orders == 1].mean() == pytest.approx(9, rel=0.15)
    few, many = (found.expected()[orders == count].mean() for count in (1, 9))
    assert (few, many) == pytest.approx(tuple((value * orders)[orders == count].mean() for count in (1, 9)), rel=0.15)


def test_returns_larger_than_sales_get_no_value():
    orders, value = spenders(87, 300, 3.0, 4.0, 60.0)
    value[:3] = [-5, 0, -1]
    found = order_values(summary_of(orders, value))
    assert found.notes[0].startswith("3 accounts with orders have returns as large")
    assert np.isnan(found.expected()).tolist() == [True] * 3 + [False] * 297
    assert np.isnan(found.draw(found.estimate.parameters, np.random.default_rng(1))[:3]).all()


def test_some_of_the_accounts():
    orders, value = spenders(88, 300, 3.0, 4.0, 60.0)
    found = order_values(summary_of(orders, value))
    assert found.at(slice(10, 20)).expected() == pytest.approx(found.expected()[10:20])
