from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from tests.factories.facts import facts_table
from tests.factories.measuring import parameters

from openkam.analytics.behaviour.facts import load_facts
from openkam.analytics.behaviour.usage_patterns import usage_pattern, usage_sentences
from openkam.analytics.terms import OpenKamError


def sold(day: date, amount: float, quantity: float, product: str | None = "p", **more):
    return {
        "customer_key": "a",
        "transacted_on": day,
        "net_amount": amount,
        "quantity": quantity,
        "product_key": product,
        **more,
    }


def pattern(engine, *rows, account: str = "a"):
    products = facts_table("products", {"product_key": "p", "name": "Paper"}, {"product_key": "q", "name": "Quills"})
    tables = {"transactions": engine.table(facts_table("transactions", *rows)), "products": engine.table(products)}
    return usage_pattern(load_facts(engine, tables, parameters()), account)


def test_products_sites_and_channels_against_the_year_before(engine):
    found = pattern(
        engine,
        sold(date(2023, 5, 1), 100, 10, channel="shop"),
        sold(date(2024, 5, 1), 60, 5, channel="web", site_key="s2"),
        sold(date(2024, 5, 2), 200, 10, channel="shop"),
        sold(date(2024, 5, 3), 30, 3, "q"),
        sold(date(2024, 5, 4), 5, 1, None),
        sold(date(2024, 5, 4), 99, 1, line_type="freight"),
    )
    assert [(one.name, one.amount, one.amount_before) for one in found.products] == [
        ("Paper", 260, 100),
        ("Quills", 30, 0),
        ("not recorded", 5, 0),
    ]
    assert [(one.name, one.amount, one.quantity) for one in found.sites] == [("a", 235, 14), ("s2", 60, 5)]
    assert [(one.name, one.amount, one.quantity_before) for one in found.channels] == [
        ("shop", 200, 10),
        ("web", 60, 0),
        ("not recorded", 35, 0),
    ]
    assert (found.change.new_sites, found.change.new_products, found.change.price) == (60, 35, 100)
    assert (found.period_before.start_on, found.period_before.end_on) == (date(2022, 7, 1), date(2023, 6, 30))
    assert found.told == (
        "In the 12 months to 2024-06-30 a bought 295 EUR, 195.0% more than a year before (100): price +100, new sites +60, "
        "new products +35."
    )


def test_a_change_of_channel_is_no_change_of_products(engine):
    found = pattern(engine, sold(date(2023, 5, 1), 100, 10, channel="shop"), sold(date(2024, 5, 1), 100, 10, channel="web"))
    assert set(found.change.parts.values()) == {Decimal(0)}
    assert found.told == "In the 12 months to 2024-06-30 a bought 100 EUR, as much as a year before (100)."


def monthly(amounts: list[int]) -> list[dict]:
    """A sale on the 15th of each month, the last in June 2024."""
    count = len(amounts)
    months = [2024 * 12 + 5 - back for back in range(count - 1, -1, -1)]
    return [sold(date(month // 12, month % 12 + 1, 15), amount, 1) for month, amount in zip(months, amounts, strict=True)]


def test_months_season_and_the_day_since_which_less_is_bought(engine):
    season = [10] * 11 + [120]
    found = pattern(engine, *monthly([*season * 2, *season[:8], *[2] * 6]))
    assert len(found.months) == 36
    assert found.months[-6:].tolist() == [2.0] * 6
    assert np.nansum(found.season) == pytest.approx(1)
    assert found.since.is_told
    # Months are counted back from 30 June, so the sixth of them begins on 31 December.
    assert found.told.endswith("; on its new level since 2023-12-31.")
    assert "less than a year before" in found.told


def test_a_short_history_has_no_season_and_no_change_point(engine):
    found = pattern(engine, *monthly([5] * 6))
    assert np.isnan(found.season).all()
    assert found.since is None
    assert found.told == "In the 12 months to 2024-06-30 a bought 30 EUR, after 0 a year before."


def test_many_parts_are_told_as_the_largest_and_the_rest(engine):
    found = pattern(
        engine,
        sold(date(2023, 5, 1), 100, 10),
        sold(date(2023, 5, 1), 40, 4, "q"),
        sold(date(2023, 5, 1), 30, 4, "r"),
        sold(date(2023, 5, 1), 20, 4, site_key="closed"),
        sold(date(2024, 5, 1), 120, 8),
        sold(date(2024, 5, 1), 50, 9, "q"),
        sold(date(2024, 5, 1), 7, 9, "new"),
    )
    assert found.told.count(",") == 4
    assert "all else" in found.told
    assert sum(found.change.parts.values()) == found.change.change


def test_an_account_that_bought_nothing_in_two_years(engine):
    found = pattern(engine, sold(date(2020, 1, 1), 10, 1))
    assert found.products == ()
    assert found.told == "a bought nothing in the 12 months to 2024-06-30 nor a year before."


def test_an_account_that_does_not_exist_is_named(engine):
    with pytest.raises(OpenKamError, match="no account 'zz'"):
        pattern(engine, sold(date(2024, 1, 1), 10, 1), account="zz")


def of(account: str, *rows: dict) -> list[dict]:
    return [row | {"customer_key": account} for row in rows]


def several(engine):
    """Accounts that grew, shrank since a day, never bought lately, began, and one that nobody sold to."""
    season = [10] * 11 + [120]
    rows = [
        *of("grew", sold(date(2023, 5, 1), 100, 10), sold(date(2024, 5, 1), 260, 20), sold(date(2024, 5, 2), 9, 1, site_key="s")),
        *of("shrank", *monthly([*season * 2, *season[:8], *[2] * 6])),
        *of("gone", sold(date(2019, 5, 1), 100, 10)),
        *of("began", sold(date(2024, 5, 1), 30, 3, "q"), sold(date(2024, 5, 3), -5, -1, "q", line_type="return")),
    ]
    tables = {
        "transactions": engine.table(facts_table("transactions", *rows)),
        "customers": engine.table(facts_table("customers", {"customer_key": "prospect", "name": "Prospect"})),
    }
    return load_facts(engine, tables, parameters())


def test_sentences_of_many_accounts_are_those_of_each(engine):
    facts = several(engine)
    accounts = ["shrank", "grew", "gone", "began", "prospect"]
    told = usage_sentences(facts, accounts)
    assert told == {account: usage_pattern(facts, account).told for account in accounts}
    assert list(told) == accounts
    assert "on its new level since" in told["shrank"]
    assert told["prospect"] == "Prospect bought nothing in the 12 months to 2024-06-30 nor a year before."
    assert usage_sentences(facts, ["grew", "grew"]) == {"grew": told["grew"]}
    assert usage_sentences(facts, []) == {}


def test_many_sentences_ask_the_engine_no_more_often_than_two(engine, monkeypatch):
    facts = several(engine)
    asked: list[int] = []
    ask = facts.engine.to_arrow
    monkeypatch.setattr(type(facts.engine), "to_arrow", lambda _, rows: asked.append(1) or ask(rows))
    counts = []
    for accounts in (["grew"], ["grew", "shrank", "gone", "began", "prospect"]):
        asked.clear()
        usage_sentences(facts, accounts)
        counts.append(len(asked))
    assert counts == [2, 2]


def test_sentences_of_an_account_that_does_not_exist_are_refused(engine):
    with pytest.raises(OpenKamError, match="no account 'zz'"):
        usage_sentences(several(engine), ["grew", "zz"])
