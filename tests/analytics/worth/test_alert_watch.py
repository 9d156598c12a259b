from datetime import date, timedelta

import numpy as np
import pytest
from tests.factories.planted_churn import FIRST_DAY, order_days, planted_churn

from openkam.analytics.behaviour.orders import OrderDays
from openkam.analytics.forecast.order_alerts import DaySales
from openkam.analytics.terms import OpenKamError
from openkam.analytics.worth.alert_watch import (
    AlertBackTest,
    Silence,
    alert_back_test,
    money_at_stake,
    silence_in_days,
)

AS_OF = date(1970, 1, 1) + timedelta(days=FIRST_DAY + 700)


def test_a_silence_counts_from_the_last_order():
    last = date(2024, 1, 1)
    found = silence_in_days(last, date(2024, 1, 22), date(2024, 2, 15), date(2024, 3, 4))
    assert found == Silence(usual_gap=21, silent=63, bound=45)


def test_the_back_test_judges_both_rules_on_the_same_year_and_is_stored_whole():
    made = planted_churn(60, seed=3, days=700)
    found = alert_back_test(made.orders, made.sales, np.arange(60) % 3, AS_OF, 2)
    assert (found.weeks, found.manager_count, found.last_on - found.first_on) == (52, 3, timedelta(days=51 * 7))
    own, fixed = found.rules
    assert own.lost_count == fixed.lost_count > 0
    assert own.recall is not None
    assert fixed.recall is not None
    assert own.recall > fixed.recall
    assert max(own.most_in_a_manager_week, fixed.most_in_a_manager_week) <= 2
    assert AlertBackTest.restored(found.kept()) == found


def test_a_history_too_short_is_named():
    made = planted_churn(5, seed=1, days=200)
    with pytest.raises(OpenKamError, match="180 days of orders to learn from"):
        alert_back_test(made.orders, made.sales, np.zeros(5, dtype=np.int64), date(2019, 11, 1), 3)
    nothing = OrderDays(*(np.zeros(0, dtype=np.int64) for _ in range(2)), 0)
    empty = DaySales(nothing.account, nothing.day, np.zeros(0), 0)
    with pytest.raises(OpenKamError, match="No account has ordered yet"):
        alert_back_test(nothing, empty, nothing.account, AS_OF, 3)


def test_at_stake_is_what_a_year_brought():
    orders = order_days(np.array([0, 0, 0]), np.array([0, 100, 400]), 2)
    sales = DaySales(orders.account, orders.day, np.array([5.0, 7.0, 11.0]), 2)
    assert money_at_stake(sales, date(1970, 1, 1) + timedelta(days=int(orders.day[-1]))).tolist() == [18, 0]
