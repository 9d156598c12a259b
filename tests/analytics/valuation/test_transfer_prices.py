"""Internal sales fall out, and goods cost the group what they cost where they entered it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.ledger_facts import facts_of

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.margin_ladder import margin_ladder
from openkam.analytics.valuation.transfer_prices import InternalCustomer, eliminate_transfer_prices

PLANT_TO_HUB = InternalCustomer("plant", "H", "hub")
HUB_TO_SHOP = InternalCustomer("hub", "S", "shop")


def line(source, customer, net, quantity, cost, *, product="p", **more):
    row = {"source": source, "customer_key": customer, "net_amount": net, "quantity": quantity, "cost_amount": cost}
    return {**row, "product_key": product, **more}


def chain(transfer=10):
    """A plant makes 10 at 4 each; a hub and a shop pass them on at the transfer price; the shop and the hub sell outside."""
    return [
        line("plant", "H", 10 * transfer, 10, 40),
        line("hub", "S", 6 * transfer, 6, 6 * transfer),
        line("shop", "c", 90, 3, 3 * transfer),
        line("hub", "d", 70, 2, 2 * transfer),
        line("plant", "e", 50, 5, 20),
    ]


def margins(engine, lines, internal, **tables):
    group = eliminate_transfer_prices(facts_of(engine, transactions=lines, **tables), internal)
    ladder = margin_ladder(group.facts)
    return group, dict(zip(ladder.account_names, ladder.rungs["cm1"].tolist(), strict=True))


def test_goods_cost_the_group_what_they_cost_where_they_entered(engine):
    group, found = margins(engine, chain(), [PLANT_TO_HUB, HUB_TO_SHOP])
    assert found == {"c": 90 - 12, "d": 70 - 8, "e": 50 - 20}
    assert group.unit_cost == {("hub", "p"): 4, ("shop", "p"): 4}
    assert (group.internal_sales, group.notes) == (160, ())


@given(st.integers(0, 400))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_level_of_transfer_prices_moves_nothing(engine, transfer):
    products = [{"source": unit, "product_key": "p", "unit_cost": transfer, "currency": "EUR"} for unit in ("hub", "shop")]
    _, found = margins(engine, chain(transfer), [PLANT_TO_HUB, HUB_TO_SHOP], products=products)
    assert found == {"c": 78, "d": 62, "e": 30}


def test_several_suppliers_are_averaged_by_quantity_and_standard_costs_count(engine):
    lines = [
        line("plant", "H", 99, 1, None),
        line("mill", "H", 99, 3, 30),
        line("hub", "d", 100, 2, 77),
        line("hub", "d", 9, 1, 5, product="other", transaction_key="T2"),
    ]
    products = [{"source": "plant", "product_key": "p", "unit_cost": 6, "currency": "EUR"}]
    group, found = margins(engine, lines, [PLANT_TO_HUB, InternalCustomer("mill", "H", "hub")], products=products)
    assert group.unit_cost == {("hub", "p"): (6 + 30) / 4}
    assert found == {"d": 100 - 18 + 4}


def test_a_cost_unknown_at_the_origin_is_unknown_to_the_group(engine):
    lines = [line("plant", "H", 99, 1, None), line("hub", "d", 100, 2, 77)]
    products = [{"source": "hub", "product_key": "p", "unit_cost": 6, "currency": "EUR"}]
    group, found = margins(engine, lines, [PLANT_TO_HUB], products=products)
    assert group.unit_cost == {("hub", "p"): None}
    assert str(found["d"]) == "nan"
    assert "p at hub" in group.notes[0]


def test_units_leave_the_accounts_with_their_receivables_and_service(engine):
    owed = {"amount": 5, "source": "plant"}
    facts = facts_of(
        engine,
        transactions=chain(),
        receivables=[owed | {"customer_key": "H"}, owed | {"customer_key": "e"}],
        service_activities=[{"customer_key": "S", "source": "hub"}],
    )
    group = eliminate_transfer_prices(facts, [PLANT_TO_HUB, HUB_TO_SHOP]).facts
    assert group.directory.names == ("c", "d", "e")
    assert group.directory.attributes["account"].to_pylist() == ["c", "d", "e"]
    counted = [group.engine.to_arrow(rows).num_rows for rows in (group.receivables, group.service_activities, group.account_days)]
    assert counted == [1, 0, 3]


def test_without_internal_customers_nothing_changes(engine):
    facts = facts_of(engine, transactions=chain())
    group = eliminate_transfer_prices(facts, [])
    assert group.facts.directory.names == facts.directory.names
    assert (group.unit_cost, group.internal_sales) == ({}, 0)


def test_what_cannot_be_is_refused(engine):
    facts = facts_of(engine, transactions=[*chain(), line("shop", "P", 1, 1, 1)])
    with pytest.raises(OpenKamError, match="The ledger plant has no customer X"):
        eliminate_transfer_prices(facts, [InternalCustomer("plant", "X", "hub")])
    with pytest.raises(OpenKamError, match="hub → plant → shop → hub"):
        eliminate_transfer_prices(facts, [PLANT_TO_HUB, HUB_TO_SHOP, InternalCustomer("shop", "P", "plant")])


def test_goods_that_went_back_are_no_purchase(engine):
    lines = [line("plant", "H", -10, -1, -4, line_type="return"), line("hub", "d", 100, 2, 77)]
    group, found = margins(engine, lines, [PLANT_TO_HUB])
    assert group.unit_cost == {}
    assert found == {"d": 23}
