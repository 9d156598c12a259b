from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.planted_churn import FIRST_DAY, order_days, planted_churn

from openkam.analytics.forecast.next_order import NextOrderParameters, next_orders
from openkam.analytics.terms import OpenKamError

EPOCH = date(1970, 1, 1)


def on(day: int) -> date:
    return EPOCH + timedelta(days=day)


@pytest.fixture(scope="module")
def crowd():
    """Forty clockwork accounts of 30 days, and one place for an account of the test's own."""
    account = np.repeat(np.arange(40), 20)
    wobble = np.tile([0, 1, -1, 2, 0], 160)
    return account, np.tile(np.arange(20) * 30, 40) + wobble + FIRST_DAY


def test_a_clockwork_account_is_overdue_long_before_ninety_days(crowd):
    found = next_orders(order_days(*crowd, 41), on(FIRST_DAY + 570 + 45))
    assert found.overdue_on[0] - found.last_on[0] == pytest.approx(33, abs=2)
    assert found.is_overdue[0]
    assert found.silence_probability[0] < 0.001
    assert abs(found.expected_on[0] - (FIRST_DAY + 600)) <= 2
    assert found.window_from_on[0] <= found.expected_on[0] <= found.window_to_on[0] <= found.overdue_on[0]


@pytest.mark.parametrize("orders", [30, 120, 400])
@pytest.mark.parametrize("others", ["nobody else", "clockwork of other paces", "random buyers"])
def test_clockwork_of_thirty_days_is_expected_thirty_days_after_the_last(orders, others):
    """However long the history and whoever stands beside it: the days of one account's clock are its own."""
    last = FIRST_DAY + 30 * (orders - 1)
    accounts, days = [np.zeros(orders, dtype=np.int64)], [FIRST_DAY + 30 * np.arange(orders)]
    random = np.random.default_rng(orders)
    for other in range(1, 60) if others != "nobody else" else ():
        pace = random.integers(5, 60)
        gaps = np.full(40, pace) if others.startswith("clockwork") else np.maximum(random.exponential(pace, 40).round(), 1)
        accounts.append(np.full(40, other))
        days.append(last - gaps.astype(np.int64).cumsum()[::-1] + gaps.astype(np.int64)[0])
    found = next_orders(order_days(np.concatenate(accounts), np.concatenate(days), 60), on(last + 10))
    assert found.expected_on[0] - found.last_on[0] == pytest.approx(30, abs=1)
    assert 31 <= found.overdue_on[0] - found.last_on[0] <= (60 if others == "nobody else" else 45)
    assert found.silence_probability[0] > 0.9


def test_an_account_that_never_ordered_has_no_next_order(crowd):
    found = next_orders(order_days(*crowd, 41), on(FIRST_DAY + 600))
    assert np.isnan([found.last_on[40], found.overdue_on[40], found.silence_days[40], found.gap_count[40]]).all()
    assert not found.is_overdue[40]


def test_an_account_with_one_order_has_the_rhythm_of_the_others_and_is_thin(crowd):
    account, day = np.append(crowd[0], 40), np.append(crowd[1], FIRST_DAY + 500)
    found = next_orders(order_days(account, day, 41), on(FIRST_DAY + 600))
    assert found.is_thin[40]
    assert not found.is_thin[0]
    assert found.overdue_on[40] - found.last_on[40] == pytest.approx(30, abs=25)
    assert found.gap_count[40] == 0


def test_orders_after_the_day_are_not_looked_at(crowd):
    account, day = crowd
    today = FIRST_DAY + 400
    all_of_them = next_orders(order_days(account, day, 41), on(today))
    known = next_orders(order_days(account[day <= today], day[day <= today], 41), on(today))
    assert np.array_equal(all_of_them.overdue_on, known.overdue_on, equal_nan=True)
    assert np.nanmax(all_of_them.last_on) <= today


def test_a_changed_rhythm_is_learnt(crowd):
    slow_then_quick = np.concatenate([np.arange(10) * 60, 540 + np.arange(1, 41) * 7]) + FIRST_DAY
    account, day = np.append(crowd[0], np.full(50, 40)), np.append(crowd[1], slow_then_quick)
    today = on(FIRST_DAY + 900)
    quick = next_orders(order_days(account, day, 41), today)
    mixed = next_orders(order_days(account, day, 41), today, NextOrderParameters(gaps_at_most=1000))
    wait = (quick.overdue_on - quick.last_on)[40]
    assert wait < 15
    assert wait < (mixed.overdue_on - mixed.last_on)[40]


@given(shift=st.integers(-5000, 5000), seed=st.integers(0, 5))
def test_moving_all_days_moves_all_answers(shift, seed):
    orders = planted_churn(12, seed, days=300).orders
    moved = order_days(orders.account, orders.day + shift, 12)
    here, there = next_orders(orders, on(FIRST_DAY + 320)), next_orders(moved, on(FIRST_DAY + 320 + shift))
    for name in ("overdue_on", "expected_on", "window_from_on", "window_to_on"):
        assert np.allclose(getattr(here, name) + shift, getattr(there, name), equal_nan=True)


def test_more_confidence_waits_longer(crowd):
    orders, today = order_days(*crowd, 41), on(FIRST_DAY + 600)
    points = [next_orders(orders, today, NextOrderParameters(confidence=share)).overdue_on[0] for share in (0.8, 0.95, 0.999)]
    assert points == sorted(points)
    assert points[0] < points[2]


@pytest.mark.parametrize("wrong", [{"confidence": 1.0}, {"window_share": 0.0}, {"gaps_at_most": 0}])
def test_impossible_parameters_are_named(wrong):
    with pytest.raises(OpenKamError, match=next(iter(wrong))):
        NextOrderParameters(**wrong)


def test_no_orders_at_all():
    found = next_orders(order_days(np.array([]), np.array([]), 2), date(2024, 1, 1))
    assert np.isnan(found.overdue_on).all()
    assert not found.is_overdue.any()
