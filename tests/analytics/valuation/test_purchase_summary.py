from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.engine import open_engine
from openkam.analytics.valuation.purchase_summary import by_occasion, orders_between, summarise_purchases

UNTIL = date(2024, 12, 31)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with open_engine("duckdb", memory_gib=1, threads=1, temporary_folder=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def days_of(engine, *rows):
    """Rows of account, days before the last day, has_sale, net."""
    account, back, has_sale, net = zip(*rows, strict=True)
    return engine.table(
        pa.table(
            {
                "account_id": pa.array(account, pa.int64()),
                "transacted_on": pa.array([UNTIL - timedelta(days=one) for one in back], pa.date32()),
                "has_sale": pa.array(has_sale, pa.bool_()),
                "net": pa.array(net, pa.float64()),
            }
        )
    )


def test_an_account_with_several_orders(engine):
    days = days_of(engine, (7, 100, True, 50), (7, 90, True, 20), (7, 30, True, 10), (7, 10, False, -5))
    found = summarise_purchases(engine, days, UNTIL)
    assert found.account.tolist() == [7]
    assert (found.frequency[0], found.recency_days[0], found.age_days[0]) == (2, 70, 100)
    assert (found.net[0], found.first_net[0]) == (75, 50)
    assert found.order_value == pytest.approx([25])
    assert found.repeat_value == pytest.approx([12.5])
    assert found.log_gaps == pytest.approx([np.log(10) + np.log(60)])


def test_orders_of_one_day_are_one(engine):
    days = days_of(engine, (1, 9, True, 50), (1, 9, True, 20), (1, 9, False, -1), (1, 2, True, 4), (1, 2, True, 6))
    found = summarise_purchases(engine, days, UNTIL)
    assert (found.frequency[0], found.recency_days[0], found.net[0], found.first_net[0]) == (1, 7, 79, 69)


def test_one_order_has_no_gap_and_no_repeat_value(engine):
    found = summarise_purchases(engine, days_of(engine, (1, 0, True, 50)), UNTIL)
    assert (found.frequency[0], found.recency_days[0], found.age_days[0]) == (0, 0, 0)
    assert found.log_gaps.tolist() == [0]
    assert np.isnan(found.repeat_value).all()


def test_returns_alone_are_no_order(engine):
    found = summarise_purchases(engine, days_of(engine, (1, 5, False, -50), (2, 5, True, 1)), UNTIL)
    assert found.account.tolist() == [2]


def test_future_orders_do_not_count(engine):
    days = days_of(engine, (1, 5, True, 50), (1, -3, True, 20))
    found = summarise_purchases(engine, days, UNTIL)
    assert (found.frequency[0], found.net[0]) == (0, 50)


def test_what_was_bought_between_two_days(engine):
    days = days_of(
        engine, (1, 30, True, 5), (1, 10, True, 7), (1, 10, True, 1), (1, 5, False, -2), (3, 8, True, 9), (9, 1, True, 4)
    )
    orders, net = orders_between(engine, days, UNTIL - timedelta(days=10), UNTIL, np.array([1, 3, 5]))
    assert orders.tolist() == [0, 1, 0]
    assert net.tolist() == [-2, 9, 0]
    orders, net = orders_between(engine, days, UNTIL - timedelta(days=11), UNTIL, np.array([1, 3, 5]))
    assert orders.tolist() == [1, 1, 0]
    assert net.tolist() == [6, 9, 0]


def test_no_accounts_bought_nothing(engine):
    orders, net = orders_between(engine, days_of(engine, (1, 3, True, 5)), date(2024, 1, 1), UNTIL, np.zeros(0, np.int64))
    assert (len(orders), len(net)) == (0, 0)


def test_occasions_are_counted_back_from_the_last_day(engine):
    days = days_of(engine, (1, 0, True, 1), (1, 29, True, 2), (1, 30, True, 3), (1, 89, True, 4), (1, -4, True, 8))
    found = summarise_purchases(engine, by_occasion(days, UNTIL, 30), UNTIL)
    assert (found.frequency[0], found.recency_days[0], found.age_days[0], found.net[0]) == (2, 60, 60, 10)


rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-5, 40), st.booleans(), st.integers(-20, 50).map(float)), min_size=1, max_size=30
)


@settings(max_examples=25)
@given(rows=rows)
def test_it_is_what_counting_by_hand_gives(engine, rows):
    found = summarise_purchases(engine, days_of(engine, *rows), UNTIL)
    expected = []
    for account in range(4):
        own = [(UNTIL.toordinal() - back, sale, net) for who, back, sale, net in rows if who == account and back >= 0]
        order_days = sorted({day for day, sale, _ in own if sale})
        if order_days:
            gaps = np.diff(order_days)
            first = sum(net for day, _, net in own if day == order_days[0])
            expected.append(
                [
                    account,
                    len(order_days) - 1,
                    order_days[-1] - order_days[0],
                    UNTIL.toordinal() - order_days[0],
                    sum(net for *_, net in own),
                    first,
                    np.log(gaps).sum(),
                ]
            )
    columns = (found.account, found.frequency, found.recency_days, found.age_days, found.net, found.first_net, found.log_gaps)
    np.testing.assert_allclose(np.stack(columns, axis=1).reshape(-1, 7), np.array(expected).reshape(-1, 7), atol=1e-9)
