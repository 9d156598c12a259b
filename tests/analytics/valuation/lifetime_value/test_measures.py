import numpy as np
from tests.factories.facts import facts_table
from tests.factories.measuring import parameters

from openkam.analytics.behaviour.facts import load_facts
from openkam.analytics.valuation.lifetime_value.measures import catalogue, lifetime_measures


def test_accounts_that_ordered_once_tell_no_model_and_get_null_with_the_reason(engine):
    lines = facts_table("transactions", *({"customer_key": name, "net_amount": 10} for name in "abc"))
    facts = load_facts(engine, {"transactions": engine.table(lines)}, parameters())
    columns, notes = lifetime_measures(facts, np.full(3, 0.4))
    assert list(columns) == [measure.name for measure in catalogue(parameters())]
    assert all(np.isnan(values).all() for values in columns.values())
    assert "No customer has ordered twice" in notes[0]
