"""The bridge between two periods: exact sums, and each effect where it belongs."""

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.ledger_facts import facts_of

from openkam.analytics.terms import OpenKamError, Period
from openkam.analytics.valuation.price_volume_mix import EFFECTS, Bridge, BridgeOf, bridge_of_cells, price_volume_mix

BEFORE, AFTER = Period(date(2022, 7, 1), date(2023, 6, 30)), Period(date(2023, 7, 1), date(2024, 6, 30))
DAYS = {"before": date(2023, 3, 1), "after": date(2024, 3, 1)}


def line(when, net, quantity=None, product="p", **more):
    return {
        "transacted_on": DAYS[when],
        "net_amount": net,
        "quantity": quantity,
        "product_key": product,
        "customer_key": "a",
        **more,
    }


def effects(bridge: Bridge) -> dict[str, Decimal]:
    return {name: value for name, value in bridge.firm().items() if value}


def bridged(engine, *lines, of=BridgeOf.NET_SALES, **tables):
    return price_volume_mix(facts_of(engine, transactions=list(lines), **tables), BEFORE, AFTER, of)


def test_price_volume_and_mix_of_a_worked_case(engine):
    # 10 × 5 and 20 × 2 before; 12 × 6 and 18 × 2 after: price (6 − 5) · 12, units 30 → 30, so the rest is mix.
    found = bridged(
        engine, line("before", 50, 10), line("before", 40, 20, "q"), line("after", 72, 12), line("after", 36, 18, "q")
    )
    assert effects(found) == {"before": 90, "price": 12, "mix": 6, "after": 108}


def test_more_of_everything_is_volume_and_a_dearer_list_is_price(engine):
    doubled = bridged(
        engine, line("before", 50, 10), line("before", 40, 20, "q"), line("after", 100, 20), line("after", 80, 40, "q")
    )
    assert effects(doubled) == {"before": 90, "volume": 90, "after": 180}
    dearer = bridged(
        engine, line("before", 50, 10), line("before", 40, 20, "q"), line("after", 55, 10), line("after", 44, 20, "q")
    )
    assert effects(dearer) == {"before": 90, "price": 9, "after": 99}


def test_sites_and_products_that_come_and_go_stand_apart(engine):
    found = bridged(
        engine,
        line("before", 10, 1, site_key="s"),
        line("after", 10, 1, site_key="s"),
        line("before", 20, 1, "old", site_key="s"),
        line("after", 30, 1, "new", site_key="s"),
        line("before", 40, 1, site_key="closed"),
        line("after", 50, 1, site_key="opened"),
        line("before", 60, 1, customer_key="gone"),
        line("after", 70, 1, customer_key="came"),
        line("before", 3, None, None, site_key="s"),
        line("after", 5, None, None, site_key="s"),
        line("after", 1000, 1, line_type="freight"),
    )
    assert effects(found) == {
        "before": 133,
        "lost_accounts": -60,
        "new_accounts": 70,
        "lost_sites": -40,
        "new_sites": 50,
        "lost_products": -20,
        "new_products": 30,
        "other": 2,
        "after": 165,
    }


def test_a_product_whose_returns_outweigh_its_sales_has_no_price(engine):
    found = bridged(engine, line("before", 10, 1), line("after", -20, -2, line_type="return"))
    assert effects(found) == {"before": 10, "other": -30, "after": -20}


def test_contribution_splits_off_what_the_cost_did_and_knows_rebates(engine):
    found = bridged(
        engine,
        line("before", 100, 10, cost_amount=60),
        line("after", 120, 10, rebate_amount=5),
        line("after", 999, 1, "uncosted"),
        of=BridgeOf.CONTRIBUTION,
        products=[{"product_key": "p", "unit_cost": 7, "currency": "EUR"}],
    )
    assert found.of is BridgeOf.CONTRIBUTION
    assert effects(found) == {"before": 40, "price": 15, "unit_cost": -10, "after": 45}
    assert found.account(0) == found.firm()


def test_periods_must_follow_one_another(engine):
    facts = facts_of(engine, transactions=[line("after", 1, 1)])
    with pytest.raises(OpenKamError, match="let them not overlap"):
        price_volume_mix(facts, AFTER, AFTER)
    with pytest.raises(OpenKamError, match="after the as-of day"):
        price_volume_mix(facts, BEFORE, Period(AFTER.start_on, date(2024, 7, 1)))


whole = st.integers(-(10**9), 10**9)
cells = st.lists(
    st.fixed_dictionaries(
        {
            "account_id": st.integers(0, 2),
            "site": st.sampled_from(["s", "t", None]),
            "product": st.sampled_from(["p", "q", "r", None]),
            "sold": st.tuples(st.booleans(), st.booleans()).filter(any),
            "quantity": st.tuples(whole, whole),
            "value": st.tuples(whole, whole),
            "cost": st.tuples(whole, whole),
        }
    ),
    max_size=25,
    unique_by=lambda row: (row["account_id"], row["site"], row["product"]),
)
SCHEMA = {"account_id": pl.Int32, "site": pl.String, "product": pl.String} | {
    f"{name}{place}": pl.Int64 for name in ("lines", "quantity", "value", "cost") for place in (0, 1)
}


def frame(rows) -> pl.DataFrame:
    flat = [
        {key: row[key] for key in ("account_id", "site", "product")}
        | {f"lines{place}": int(row["sold"][place]) for place in (0, 1)}
        | {f"{name}{place}": row[name][place] * row["sold"][place] for name in ("quantity", "value", "cost") for place in (0, 1)}
        for row in rows
    ]
    return pl.DataFrame(flat, schema=SCHEMA)


@given(cells)
def test_it_sums_to_the_last_digit_whatever_comes(rows):
    found = bridge_of_cells(frame(rows), 3, BridgeOf.CONTRIBUTION)
    assert (found.before + found.effects.sum(axis=1) == found.after).all()
    assert found.before.tolist() == [
        sum(row["value"][0] * row["sold"][0] for row in rows if row["account_id"] == i) for i in range(3)
    ]
    for name, value in found.firm().items():
        assert value == sum((found.account(i)[name] for i in range(3)), Decimal(0))


@given(cells)
def test_told_backwards_what_was_lost_is_new(rows):
    forth = bridge_of_cells(frame(rows), 3, BridgeOf.CONTRIBUTION).firm()
    turned = [row | {name: row[name][::-1] for name in ("sold", "quantity", "value", "cost")} for row in rows]
    back = bridge_of_cells(frame(turned), 3, BridgeOf.CONTRIBUTION).firm()
    for kind in ("accounts", "sites", "products"):
        assert forth[f"lost_{kind}"] == -back[f"new_{kind}"]
    assert forth["other"] == -back["other"]


def test_amounts_beyond_whole_numbers_are_refused():
    row = {
        "account_id": 0,
        "site": "s",
        "product": "p",
        "sold": (True, True),
        "quantity": (1, 1),
        "value": (2**62, 2**62),
        "cost": (0, 0),
    }
    with pytest.raises(OpenKamError, match="too large"):
        bridge_of_cells(frame([row, row | {"product": "q"}]), 1, BridgeOf.NET_SALES)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-99, 999), st.integers(1, 9)), min_size=1, max_size=8))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_ledgers_own_amounts_are_the_ends(engine, drawn):
    lines = [
        line(("before", "after")[i % 2], Decimal(net) / 7, quantity, "pqrs"[which], site_key="st"[quantity % 2])
        for i, (which, net, quantity) in enumerate(drawn)
    ]
    lines = [row | {"net_amount": row["net_amount"].quantize(Decimal("0.0001"))} for row in lines]
    found = bridged(engine, *lines).firm()
    assert found["before"] == sum(row["net_amount"] for row in lines if row["transacted_on"] == DAYS["before"])
    assert found["before"] + sum(found[name] for name in EFFECTS) == found["after"]
    assert np.isclose(
        float(found["after"]), float(sum(row["net_amount"] for row in lines if row["transacted_on"] == DAYS["after"]))
    )
