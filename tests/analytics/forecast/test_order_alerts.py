from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.facts import facts_table
from tests.factories.measuring import parameters

from openkam.analytics.behaviour.facts import load_facts
from openkam.analytics.behaviour.orders import day_number
from openkam.analytics.forecast.order_alerts import DaySales, alerts_within_budget, read_day_sales


def test_each_manager_gets_the_accounts_with_most_money_first():
    overdue = np.array([True, True, True, True, False, True])
    money = np.array([5.0, 9.0, 7.0, 1.0, 99.0, 7.0])
    manager = np.array([0, 0, 0, 1, 1, 0])
    assert alerts_within_budget(overdue, money, manager, budget=2).tolist() == [1, 2, 3]
    assert alerts_within_budget(overdue, money, manager).tolist() == [1, 2, 5, 3]


@given(
    rows=st.lists(st.tuples(st.booleans(), st.integers(0, 50), st.integers(0, 4)), max_size=60),
    budget=st.integers(1, 5),
)
def test_no_manager_gets_more_than_the_budget_and_nothing_dearer_is_left_out(rows, budget):
    overdue = np.array([row[0] for row in rows], dtype=bool)
    money = np.array([row[1] for row in rows], dtype=float)
    manager = np.array([row[2] for row in rows], dtype=np.int64)
    told = alerts_within_budget(overdue, money, manager, budget)
    for one in range(5):
        own = np.flatnonzero(overdue & (manager == one))
        mine = told[manager[told] == one]
        assert len(mine) == min(budget, len(own))
        left = np.setdiff1d(own, mine)
        assert not len(left) or money[mine].min() >= money[left].max()


def test_money_at_stake_is_the_year_to_the_day():
    sales = DaySales(np.array([0, 0, 1, 0]), np.array([0, 1, 100, 365]), np.array([1.0, 2.0, 4.0, 8.0]), 3)
    assert sales.of_the_year_to(365).tolist() == [10.0, 4.0, 0.0]
    assert sales.of_the_year_to(364).tolist() == [3.0, 4.0, 0.0]


def test_day_sales_come_from_the_facts_returns_deducted(engine):
    rows = [
        {"customer_key": "a", "net_amount": 10, "transacted_on": date(2024, 3, 2)},
        {"customer_key": "a", "net_amount": -4, "transacted_on": date(2024, 3, 2), "line_type": "return"},
        {"customer_key": "a", "net_amount": 1, "transacted_on": date(2023, 1, 1)},
        {"customer_key": "a", "net_amount": 9, "transacted_on": date(2023, 1, 1), "line_type": "freight"},
    ]
    facts = load_facts(engine, {"transactions": engine.table(facts_table("transactions", *rows))}, parameters())
    found = read_day_sales(facts)
    assert found.day.tolist() == [day_number(date(2023, 1, 1)), day_number(date(2024, 3, 2))]
    assert found.net.tolist() == [1.0, 6.0]
