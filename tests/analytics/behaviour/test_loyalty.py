from datetime import date

import pytest
from tests.factories.measuring import measure_rows

D = date
MARCH = D(2024, 3, 1)


def sale(customer: str, day: date = MARCH, product: str | None = None, **more):
    return {"customer_key": customer, "net_amount": 10, "transacted_on": day, "product_key": product, **more}


def product(key: str, category: str | None):
    return {"product_key": key, "category": category}


def test_tenure_runs_from_the_first_order_ever(engine):
    found = measure_rows(engine, transactions=[sale("a", D(2014, 6, 30)), sale("a")])["a"]
    assert found["tenure_months"] == pytest.approx(120, abs=0.02)


def test_the_repeat_rate_is_the_share_of_buying_quarters_followed_by_one(engine):
    days = [D(2023, 1, 5), D(2023, 5, 5), D(2023, 12, 5), D(2024, 6, 5)]
    found = measure_rows(engine, transactions=[sale("a", day) for day in days])["a"]
    # Quarters to March and June 2023, to December 2023, to June 2024: the first is followed by the second, the newest cannot be.
    assert found["repeat_rate"] == pytest.approx(1 / 3)


def test_a_single_quarter_that_is_the_newest_gives_no_repeat_rate(engine):
    assert measure_rows(engine, transactions=[sale("a", D(2024, 6, 1))])["a"]["repeat_rate"] is None


def test_breadth_is_over_the_categories_the_firm_sold_in_the_period(engine):
    found = measure_rows(
        engine,
        products=[product("p", "Tea"), product("q", "Tea"), product("r", "Nuts"), product("s", "Wine"), product("t", None)],
        transactions=[
            *(sale("a", product=key) for key in "pq"),
            sale("b", product="r"),
            sale("b", product="t"),
            sale("c", product="s", line_type="return"),
            sale("old", D(2022, 1, 1), "s"),
            sale("odd", product="t"),
        ],
        customers=[{"customer_key": "idle"}],
    )
    breadth = {name: row["category_breadth"] for name, row in found.items()}
    assert breadth == {"a": 0.5, "b": 0.5, "c": None, "idle": None, "odd": None, "old": 0}


def test_without_categories_breadth_is_unknown(engine):
    assert measure_rows(engine, transactions=[sale("a", product="p")])["a"]["category_breadth"] is None
