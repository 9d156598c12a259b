"""The bridges to a year ago, kept so that their parts sum exactly."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from tests.factories.ledger_facts import facts_of

from openkam.analytics.valuation.price_volume_mix import EFFECTS
from openkam.analytics.worth.bridge_columns import COLUMNS, bridge_rows, bridge_stairs, year_bridges


def line(day, net, quantity, **more):
    return {"transacted_on": day, "net_amount": net, "quantity": quantity, "product_key": "p", "customer_key": "a", **more}


THEN, NOW = date(2023, 3, 1), date(2024, 3, 1)


def test_the_parts_of_every_account_lead_from_a_year_ago_to_now(engine):
    lines = [line(THEN, 50, 10), line(NOW, Decimal("72.0001"), 12), line(NOW, 10, 1, customer_key="b")]
    (sales,) = year_bridges(facts_of(engine, transactions=lines))
    rows = [dict(zip(COLUMNS, amounts, strict=True)) for _, amounts in bridge_rows(sales)]
    assert [row["before"] + sum(row[name] for name in EFFECTS) - row["after"] for row in rows] == [0, 0]
    assert (rows[0]["price"], rows[0]["volume"]) == (120_001, 100_000)
    assert rows[1]["new_accounts"] == 100_000
    stairs = bridge_stairs(rows[0])
    assert [(one.name, one.amount) for one in stairs] == [
        ("before", 50), ("price", Decimal("12.0001")), ("volume", 10), ("after", Decimal("72.0001"))
    ]  # fmt: skip
    assert all(one.end == after.start for one, after in pairwise(stairs[:-1]))
    assert stairs[-2].end == stairs[-1].end


def test_contribution_has_a_bridge_where_costs_are_known(engine):
    lines = [line(THEN, 50, 10, cost_amount=20), line(NOW, 50, 10, cost_amount=30)]
    _, margin = year_bridges(facts_of(engine, transactions=lines))
    ((_, amounts),) = bridge_rows(margin)
    assert dict(zip(COLUMNS, amounts, strict=True))["unit_cost"] == -100_000


def test_parts_that_do_not_sum_are_refused():
    with pytest.raises(ValueError, match="do not lead"):
        bridge_stairs({**dict.fromkeys(COLUMNS, 0), "after": 1})
