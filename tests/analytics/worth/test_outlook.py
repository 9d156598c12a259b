from datetime import date
from typing import Any

import pytest
from tests.factories.facts import facts_table
from tests.factories.measuring import parameters

from openkam.analytics.behaviour.facts import Facts, load_facts
from openkam.analytics.forecast.revenue import RevenueParameters
from openkam.analytics.terms import OpenKamError
from openkam.analytics.worth.outlook import FirmOutlook, months_ahead


def facts(engine, *rows: dict[str, Any]) -> Facts:
    products = facts_table("products", {"product_key": "p", "category": "Paper"}, {"product_key": "q", "category": "Ink"})
    return load_facts(
        engine,
        {"transactions": engine.table(facts_table("transactions", *rows)), "products": engine.table(products)},
        parameters(),
    )


def sold(customer: str, back: int, amount: float, product: str = "p") -> dict[str, Any]:
    year, month = divmod(2024 * 12 + 5 - back, 12)
    return {"customer_key": customer, "transacted_on": date(year, month + 1, 5), "net_amount": amount, "product_key": product}


def season(back: int) -> int:
    """A season that repeats exactly: twice as much in each March."""
    return 200 if back % 12 == 3 else 100


def test_a_season_that_repeats_is_carried_on_for_the_firm_its_groups_and_its_accounts(engine):
    rows = [sold("a", back, season(back)) for back in range(48)] + [sold("b", back, 2 * season(back), "q") for back in range(48)]
    found = months_ahead(facts(engine, *rows))
    assert found.firm.ends_on == (date(2024, 7, 30), date(2024, 8, 30), date(2024, 9, 30))
    assert found.firm.firm.expected == found.firm.firm.seasonal_naive == [300, 300, 300]
    assert found.firm.firm.past[8] == 600
    assert [(one.name, one.sum_expected) for one in found.firm.categories] == [("Ink", 600), ("Paper", 300)]
    own, paper = found.accounts[0]
    assert (own.name, own.sum_expected, own.sum_naive, own.method) == ("", 300, 300, "seasonal naive")
    assert (paper.name, paper.expected) == ("Paper", own.expected)
    assert found.firm.account_quality[0].coverage == 1
    assert FirmOutlook.restored(found.firm.kept()) == FirmOutlook.restored(FirmOutlook.restored(found.firm.kept()).kept())


def test_a_young_account_is_foretold_and_one_without_sales_is_not(engine, monkeypatch):
    monkeypatch.setattr("openkam.analytics.worth.outlook.SERIES_AT_MOST", 1)
    rows = [sold("a", back, 100) for back in range(40)] + [sold("young", 0, 70, "q")]
    freight = sold("only-freight", 0, 5) | {"line_type": "freight"}
    found = months_ahead(facts(engine, *rows, freight))
    old, nothing, young = found.accounts
    assert (len(old), nothing, len(young)) == (1, (), 1)
    assert young[0].past == [None] * 11 + [70]
    assert not found.firm.has_account_categories


def test_a_horizon_longer_than_the_history_is_named(engine):
    with pytest.raises(OpenKamError, match="too few to foretell"):
        months_ahead(facts(engine, sold("a", 0, 1)), RevenueParameters(horizon_months=24))
