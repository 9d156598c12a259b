from datetime import date

import numpy as np
import pytest
from tests.factories.facts import facts_table
from tests.factories.measuring import parameters

from openkam.analytics.behaviour.facts import load_facts
from openkam.analytics.forecast.demand_series import DEMAND_CLASSES, demand_class, read_demand_series
from openkam.analytics.terms import OpenKamError


def series(engine, *rows, history_months=48):
    products = facts_table(
        "products", {"product_key": "p", "category": "Paper"}, {"product_key": "q", "category": "Ink"}, {"product_key": "r"}
    )
    tables = {"transactions": engine.table(facts_table("transactions", *rows)), "products": engine.table(products)}
    return read_demand_series(load_facts(engine, tables, parameters()), history_months)


def sold(customer: str, day: date, amount: float, product: str | None, **more):
    return {"customer_key": customer, "transacted_on": day, "net_amount": amount, "product_key": product, **more}


def test_one_series_for_each_account_and_category(engine):
    found = series(
        engine,
        sold("b", date(2024, 6, 30), 5, "q"),
        sold("a", date(2024, 6, 1), 10, "p"),
        sold("a", date(2024, 6, 30), 20, "p"),
        sold("a", date(2024, 4, 30), 7, "p"),
        sold("a", date(2024, 5, 30), -2, "p", line_type="return"),
        sold("a", date(2024, 6, 2), 3, "r"),
        sold("a", date(2024, 6, 2), 3, None),
        sold("a", date(2024, 6, 2), 90, "p", line_type="freight"),
        sold("a", date(2014, 6, 2), 1, "q"),
    )
    assert list(zip(found.account.tolist(), found.category, strict=True)) == [
        (0, "Ink"), (0, "Paper"), (0, "not recorded"), (1, "Ink"),
    ]  # fmt: skip
    assert found.months[1, -3:].tolist() == [7, -2, 30]
    assert np.isnan(found.months[1, :-3]).all()
    assert found.months[2, -1] == 6
    assert found.months[0].tolist() == [0] * 48


def test_a_history_of_no_months_is_refused(engine):
    with pytest.raises(OpenKamError, match="history_months"):
        series(engine, sold("a", date(2024, 6, 1), 10, "p"), history_months=0)


def test_the_four_classes_by_hand():
    steady = np.full(24, 10.0)
    uneven = np.tile([1.0, 1, 1, 40], 6)
    rare = np.tile([0.0, 0, 10], 8)
    both = np.concatenate([np.tile([0.0, 0, 1], 7), [0, 0, 90]])
    late = np.concatenate([np.full(12, np.nan), np.full(12, 5.0)])
    kinds = demand_class(np.vstack([steady, uneven, rare, both, late, np.zeros(24)]))
    assert [DEMAND_CLASSES[kind] for kind in kinds] == ["smooth", "erratic", "intermittent", "lumpy", "smooth", "lumpy"]
