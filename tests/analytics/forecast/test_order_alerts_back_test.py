from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.factories.planted_churn import FIRST_DAY, order_days, planted_churn

from openkam.analytics.behaviour.orders import OrderDays
from openkam.analytics.forecast.next_order import NextOrderParameters
from openkam.analytics.forecast.order_alerts import DaySales
from openkam.analytics.forecast.order_alerts_back_test import (
    BackTestParameters,
    Losses,
    after_fixed_days,
    alert_quality,
    by_own_rhythm,
    silences,
    told_alerts,
)
from openkam.analytics.terms import OpenKamError


def on(offset: int) -> date:
    return date(1970, 1, 1) + timedelta(days=FIRST_DAY + offset)


def small() -> tuple[OrderDays, DaySales]:
    """Three accounts: 0 stops on day 40, 1 goes on, 2 makes a pause of 35 days."""
    account = np.array([0] * 5 + [1] * 21 + [2] * 12)
    day = np.concatenate([np.arange(5) * 10, np.arange(21) * 10, np.arange(5) * 10, [75, 85, 95, 105, 115, 125, 135]])
    orders = order_days(account, day + FIRST_DAY, 3)
    by_day = np.argsort(orders.day, kind="stable")
    return orders, DaySales(orders.account[by_day], orders.day[by_day], np.full(len(by_day), 10.0), 3)


def test_silences_run_from_order_to_order():
    found = silences(order_days(np.array([0, 0, 1]), np.array([5, 9, 7]), 2))
    assert found.account.tolist() == [0, 0, 1]
    assert found.order_number.tolist() == [1, 2, 1]
    assert np.array_equal(found.ends_on, [9, np.nan, np.nan], equal_nan=True)
    losses = found.losses(4, last_known_day=12)
    assert np.array_equal(losses.is_lost, [1, np.nan, 1], equal_nan=True)
    assert losses.plain_on.tolist() == [9, 13, 11]


def test_a_bound_of_the_accounts_own_leaves_the_silence_itself_out():
    found = silences(order_days(np.array([0, 0, 0, 1]), np.array([0, 10, 40, 7]), 2))
    assert np.array_equal(found.own_bounds(2, 5), [60, 20, 40, np.nan], equal_nan=True)
    assert np.array_equal(found.own_bounds(2, 50), [60, 50, 50, np.nan], equal_nan=True)


def test_counted_by_hand():
    orders, sales = small()
    manager = np.zeros(3, dtype=np.int64)
    parameters = BackTestParameters(on(30), on(200), orders_at_least=3)
    alerts = told_alerts(orders, sales, manager, after_fixed_days(25), parameters)
    all_of_them = silences(orders)
    # On day 65, the first telling 25 days after day 40: account 0, which stopped, and 2, which pauses. Both after 25 days.
    assert all_of_them.account[alerts.silence].tolist() == [0, 2, 2]
    assert (alerts.told_on - FIRST_DAY).tolist() == [65, 65, 163]
    assert alerts.money_at_stake.tolist() == [50, 50, 120]
    losses = all_of_them.losses(60, last_known_day=FIRST_DAY + 200)
    found = alert_quality(alerts, all_of_them, losses, sales=sales, manager=manager, parameters=parameters)
    assert (found.alert_count, found.decided_count, found.lost_count) == (3, 3, 2)
    assert found.precision == pytest.approx(2 / 3)
    assert (found.recall, found.money_recall) == (1, 1)
    assert found.lead_days == np.median([35, 32])
    assert found.days_silent == np.median([25, 28])
    assert (found.alerts_per_manager_week, found.most_in_a_manager_week) == (3 / 25, 2)


def test_what_the_budget_leaves_out_is_told_in_the_next_week():
    orders, sales = small()
    parameters = BackTestParameters(on(30), on(79), orders_at_least=3, alerts_per_manager_week=1)
    alerts = told_alerts(orders, sales, np.zeros(3, dtype=np.int64), after_fixed_days(25), parameters)
    assert (alerts.told_on - FIRST_DAY).tolist() == [65, 72]
    assert silences(orders).account[alerts.silence].tolist() == [0, 2]


def test_a_loss_that_was_told_when_it_was_plain_is_not_recalled():
    orders, sales = small()
    manager = np.zeros(3, dtype=np.int64)
    parameters = BackTestParameters(on(30), on(200))
    alerts = told_alerts(orders, sales, manager, after_fixed_days(70), parameters)
    all_of_them = silences(orders)
    found = alert_quality(
        alerts, all_of_them, all_of_them.losses(60, FIRST_DAY + 200), sales=sales, manager=manager, parameters=parameters
    )
    assert (found.precision, found.recall, found.money_recall) == (1, 0, 0)
    assert np.isnan(found.lead_days)


def test_nothing_to_judge_is_nan_and_no_error():
    orders, sales = small()
    manager = np.zeros(3, dtype=np.int64)
    parameters = BackTestParameters(on(30), on(200))
    alerts = told_alerts(orders, sales, manager, after_fixed_days(1000), parameters)
    found = alert_quality(
        alerts,
        silences(orders),
        silences(orders).losses(500, FIRST_DAY + 200),
        sales=sales,
        manager=manager,
        parameters=parameters,
    )
    assert found.alert_count == 0
    assert np.isnan([found.precision, found.recall, found.money_recall, found.lead_days]).all()


@pytest.fixture(scope="module")
def planted():
    made = planted_churn(150, seed=3)
    parameters = BackTestParameters(on(450), on(1095), orders_at_least=5)
    all_of_them = silences(made.orders)
    is_last = np.isnan(all_of_them.ends_on)
    has_stopped = is_last & np.isfinite(made.stopped_on[all_of_them.account])
    truth = Losses(has_stopped.astype(float), all_of_them.begins_on + 120.0)
    manager = np.arange(150) % 3

    def quality(rule, **changes):
        given = replace(parameters, **changes)
        alerts = told_alerts(made.orders, made.sales, manager, rule, given)
        return alert_quality(alerts, all_of_them, truth, sales=made.sales, manager=manager, parameters=given)

    return quality


def test_on_planted_churn_the_own_rhythm_is_weeks_earlier_at_like_precision(planted):
    own, fixed = planted(by_own_rhythm(NextOrderParameters(confidence=0.99))), planted(after_fixed_days(90))
    assert own.lead_days - fixed.lead_days > 25
    assert own.precision > fixed.precision - 0.1
    assert own.recall > 0.85
    assert own.precision > 20 * own.base_rate


def test_the_budget_holds_and_gives_the_money_first(planted):
    tight = planted(by_own_rhythm(), alerts_per_manager_week=1)
    assert tight.most_in_a_manager_week <= 1
    assert tight.alerts_per_manager_week <= 1
    assert tight.money_recall > tight.recall


def test_nothing_of_the_future_is_known():
    made = planted_churn(40, seed=5, days=500)
    parameters = BackTestParameters(on(300), on(400))
    manager = np.zeros(40, dtype=np.int64)
    until = made.orders.day <= FIRST_DAY + 400
    past = OrderDays(made.orders.account[until], made.orders.day[until], 40)
    sold = made.sales.day <= FIRST_DAY + 400
    past_sales = DaySales(made.sales.account[sold], made.sales.day[sold], made.sales.net[sold], 40)
    with_future = told_alerts(made.orders, made.sales, manager, by_own_rhythm(), parameters)
    without = told_alerts(past, past_sales, manager, by_own_rhythm(), parameters)
    assert with_future.told_on.tolist() == without.told_on.tolist()
    assert with_future.money_at_stake.tolist() == without.money_at_stake.tolist()
    assert made.orders.day[with_future.silence].tolist() == past.day[without.silence].tolist()


def test_impossible_parameters_are_named():
    with pytest.raises(OpenKamError, match="swap"):
        BackTestParameters(on(5), on(4))
    with pytest.raises(OpenKamError, match="orders_at_least"):
        BackTestParameters(on(4), on(5), orders_at_least=0)
