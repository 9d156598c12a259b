from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from tests.factories.facts import facts_table
from tests.factories.measuring import parameters

from openkam.analytics.behaviour.exchange_rates import MissingRateError
from openkam.analytics.behaviour.facts import load_facts
from openkam.analytics.valuation.credit_limits import credit_limits

RATE = {"from_currency": "USD", "to_currency": "EUR", "rated_on": date(2024, 1, 1), "rate": Decimal("0.5")}


def limits(engine, customers, rates=()):
    records, quotes = facts_table("customers", *customers), facts_table("exchange_rates", *rates)
    return credit_limits(load_facts(engine, {"customers": engine.table(records)}, parameters()), records, quotes)


def record(key: str, limit: float | None, **more):
    return {"customer_key": key, "credit_limit": limit, **more}


def test_limits_of_an_accounts_customers_add_up_in_the_reporting_currency(engine):
    found = limits(
        engine,
        [
            record("a", 100, account_key="group", currency="EUR"),
            record("b", 300, account_key="group", currency="USD"),
            record("c", 50),
            record("d", None),
        ],
        [RATE],
    )
    # Accounts by name: c, d, group.
    assert np.array_equal(found, [50, np.nan, 250], equal_nan=True)


def test_the_newest_record_counts(engine):
    found = limits(engine, [record("a", 100, batch_id="20240101"), record("a", 70, batch_id="20240201")])
    assert found.tolist() == [70]


def test_a_currency_without_a_rate_is_named(engine):
    with pytest.raises(MissingRateError, match="USD"):
        limits(engine, [record("a", 100, currency="USD")])
