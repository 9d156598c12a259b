import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import UnidentifiedModelError
from openkam.analytics.valuation.purchase_model.histories import group, purchase_histories, refuse_single_orders


def test_one_number_stands_for_all():
    found = purchase_histories(0, 0, [10, 20])
    assert len(found) == 2
    assert found.frequency.tolist() == [0, 0]
    assert found.customers.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1], [2, 3], [4, 5, 6]), r"different lengths \(1, 2, 3\)"),
        (([1.5], [2], [4]), "Row 1 has a frequency of 1.5"),
        (([1, 1], [2, 5], [4, 4]), "Row 2 has a last order at 5"),
        (([0], [2], [4]), "no repeat order, yet a last order 2 after"),
        (([3], [0], [4]), "3 repeat orders and no time between"),
        (([-1], [0], [4]), "a frequency of -1"),
        (([1], [np.nan], [4]), "a recency of nan"),
        (([1], [2], [np.inf]), "an? age of inf"),
        ((["x"], [2], [4]), "frequency holds something"),
        (([[1]], [2], [4]), "frequency has 2 dimensions"),
        (([1], [2], [4], [-1]), "a customers of -1"),
    ],
)
def test_what_is_no_history_is_refused_by_row(arguments, message):
    with pytest.raises(OpenKamError, match=message):
        purchase_histories(*arguments)


def test_no_customers_are_refused():
    with pytest.raises(OpenKamError, match="There are no customers"):
        group(purchase_histories([1], [2], [3], [0]))


def test_single_orders_are_refused():
    with pytest.raises(UnidentifiedModelError, match="nothing tells the model"):
        refuse_single_orders("model", group(purchase_histories([0], [0], [3])))


rows = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(4, 6), st.integers(1, 3)), min_size=1, max_size=30)


@settings(max_examples=40)
@given(rows=rows)
def test_groups_hold_every_customer_once(rows):
    x, recency, age, customers = (np.array(column) for column in zip(*rows, strict=True))
    recency = np.where(x > 0, recency, 0)
    grouped = group(purchase_histories(x, recency, age, customers))
    back = grouped.histories(slice(None))
    found = {(a, b, c): n for a, b, c, n in zip(back.frequency, back.recency, back.age, back.customers, strict=True)}
    expected: dict[tuple[float, float, float], int] = {}
    for key, n in zip(zip(x, recency, age, strict=True), customers, strict=True):
        expected[key] = expected.get(key, 0) + n
    assert found == expected
    assert list(found) == sorted(found)
    assert grouped.total == customers.sum()
    assert grouped.mean_age == pytest.approx(np.average(age, weights=customers))


def test_customers_of_one_each_are_counted():
    grouped = group(purchase_histories([1, 0, 1], [2, 0, 2], [5, 5, 5]))
    assert grouped.customers.tolist() == [1, 2]


def test_a_sample_is_even_over_the_customers():
    grouped = group(purchase_histories([0, 1, 2], [0, 1, 1], [5, 5, 5], [60_000, 20_000, 20_000]))
    sample = grouped.rehearsal()
    assert sample is not None
    assert sample.total == 20_000
    assert sample.customers.tolist() == [12_000, 4_000, 4_000]
    assert group(purchase_histories([0], [0], [5], [80_000])).rehearsal() is None
