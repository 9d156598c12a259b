"""The valuation as a whole: known answers on the planted company, and reasons where the facts do not suffice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.factories.company import seeded_company
from tests.factories.planted import AS_OF, IMPORTED_AT, SOURCE, as_rows, planted_ledger

from openkam.analytics.behaviour.facts import MeasureParameters, load_facts
from openkam.analytics.behaviour.usage_patterns import usage_pattern
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, ServiceStep, TimeEquation
from openkam.analytics.worth.account_worth import LADDER, Worths
from openkam.analytics.worth.service_rates import NO_RATES, ServiceRates
from openkam.analytics.worth.value_accounts import day_to_value, value_accounts
from openkam.analytics.worth.worth_settings import WorthSettings

TODAY = date(2025, 1, 1)
SETTINGS = WorthSettings(draws=30)
START = date(2020, 1, 1)
MODEL = CostModel(
    rates=(PoolRate("Team", START, Decimal(6000), Decimal(6000)),),
    equations=(
        TimeEquation("order", "Team", "10", START, step=ServiceStep.ORDER_AND_LOGISTICS),
        TimeEquation("delivery", "Team", "30", START, step=ServiceStep.ORDER_AND_LOGISTICS),
        TimeEquation("visit", "Team", "60", START),
    ),
)


def valued(ledger: Ledger, **changes) -> Worths:
    return value_accounts(ledger, **{"rates": NO_RATES, "settings": SETTINGS, "today": TODAY} | changes)


def rows(worths: Worths) -> dict[str, dict]:
    return {row["account"]: row for row in worths.accounts.to_pylist()}


def reasons(worths: Worths) -> dict[str, str]:
    return {one.part: one.reason for one in worths.not_computed}


def ledger_of(path: Path, **tables: list[dict[str, object]]) -> Ledger:
    ledger = Ledger.open(path)
    for table, lines in tables.items():
        ledger.append(table, as_rows(table, lines), source=SOURCE, imported_at=IMPORTED_AT)
    return ledger


def sale(day: date, net: float = 100, **more: object) -> dict[str, object]:
    line = {"transaction_key": f"{day}-{net}-{more.get('customer_key')}", "customer_key": "a", "transacted_on": day}
    return line | {"line_type": "sale", "net_amount": Decimal(str(net)), "quantity": Decimal(1), "currency": "EUR"} | more


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Worths:
    return valued(planted_ledger(tmp_path_factory.mktemp("planted") / "ledger"))


def test_the_planted_company_has_its_known_margins(planted: Worths):
    found = rows(planted)
    assert (planted.as_of, planted.currency, planted.ledger_version) == (AS_OF, "EUR", 5)
    # 27 orders of 20,000 in the year, of which the goods cost 70 %; service was recorded at 200,000.
    giant = found["giant"]
    assert (giant["net_invoice"], giant["cm1"], giant["cm3"]) == pytest.approx((540_000, 162_000, -38_000))
    assert (giant["contribution"], giant["contribution_basis"], giant["cost_to_serve"]) == (giant["cm3"], "cm3", 200_000)
    assert (giant["sales_rank"], giant["margin_rank"]) == (1, 4)
    assert [giant[name] for name in ("gross_sales", "off_invoice", "pocket", "order_and_logistics", "cm2")] == [None] * 5
    assert giant["cm4"] == pytest.approx(giant["cm3"] - giant["capital_charge"] - giant["expected_loss"])


def test_every_amount_says_where_it_comes_from(planted: Worths):
    giant = rows(planted)["giant"]
    told = {
        name: planted.sources[name][code]
        for name, code in zip(LADDER, giant["step_sources"], strict=True)
        if name in planted.sources
    }
    assert told["cost_of_goods"] == "transactions.cost_amount"
    assert told["gross_sales"] == "not known"
    assert set(told) | {"net_invoice", "pocket", "cm1", "cm2", "cm3", "cm4"} == set(LADDER)


def test_a_regular_buyer_is_expected_and_one_at_a_loss_has_levers(planted: Worths):
    steady, giant = rows(planted)["steady"], rows(planted)["giant"]
    assert steady["window_from_on"] <= steady["expected_on"] <= steady["window_to_on"] <= steady["overdue_on"]
    assert steady["window_from_on"] <= AS_OF + timedelta(days=14) <= steady["window_to_on"]
    assert (steady["is_overdue"], steady["recent_orders"][-1], len(steady["recent_orders"])) == (False, AS_OF, 13)
    assert steady["levers"] is None
    assert {lever["name"] for lever in giant["levers"]} == {"price", "order size", "freight", "terms"}
    price = next(lever for lever in giant["levers"] if lever["name"] == "price")
    assert (price["cash_now"], price["needed"]) == (pytest.approx(0.02 * 540_000), pytest.approx(38_000 / 540_000))


def test_what_changed_against_a_year_ago_is_told_in_the_words_of_the_account_alone(planted: Worths, tmp_path: Path):
    ledger = planted_ledger(tmp_path / "ledger")
    with open_engine("duckdb") as engine:
        facts = load_facts(engine, ledger.at(None), MeasureParameters(AS_OF, "EUR", SETTINGS.period_months))
        alone = {account: usage_pattern(facts, account).told for account in ("giant", "steady")}
    assert {account: rows(planted)[account]["change_told"] for account in alone} == alone
    assert all(alone.values())


def test_fewer_accounts_than_a_segment_needs_have_no_middle(planted: Worths):
    assert planted.medians == ()


def test_a_company_of_many_units_is_valued_whole(tmp_path: Path):
    ledger = Ledger.open(tmp_path / "ledger")
    for name, table in seeded_company(customer_count=90).items():
        for source in sorted(set(table["source"].to_pylist())):
            part = table.filter(pa.compute.equal(table["source"], source)).drop_columns(["source", "batch_id", "source_row"])
            ledger.append(name, part, source=source, imported_at=datetime(2024, 7, 1, tzinfo=UTC))
    found = valued(ledger, rates=ServiceRates(MODEL), currency="EUR", as_of=date(2024, 6, 30))
    table = found.accounts
    amounts = [name for name in LADDER if name not in ("uncosted_sales", "unlisted_sales")]
    assert all(table[name].null_count < len(table) for name in amounts)
    assert found.medians[0].segment == ""
    assert found.medians[0].account_count >= 5
    known = [row for row in table.to_pylist() if row["lifetime_value"] is not None]
    assert known or "lifetime value" in reasons(found)
    assert all(row["lifetime_low"] <= row["lifetime_high"] for row in known)
    assert all((row["lifetime_value"] is None) == (row["lifetime_reason"] is not None) for row in table.to_pylist())
    risky = [row["lateness_probability"] for row in table.to_pylist() if row["lateness_probability"] is not None]
    assert all(0 <= one <= 1 for one in risky)
    assert risky or "probability of serious lateness" in reasons(found)
    ranks = [rank for rank in table["margin_rank"].to_pylist() if rank is not None]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))


def test_one_order_has_a_margin_and_reasons(tmp_path: Path):
    ledger = ledger_of(tmp_path / "l", transactions=[sale(date(2023, 5, 5), cost_amount=Decimal(40))])
    found = valued(ledger)
    (row,) = rows(found).values()
    assert (row["contribution"], row["contribution_basis"]) == (60, "cm1")
    assert (row["lifetime_value"], row["is_overdue"], row["owed"], row["silence_probability"]) == (None, None, None, None)
    assert {"cost to serve", "lifetime value", "what is owed", "steps of the ladder"} <= reasons(found).keys()
    assert row["lifetime_reason"] == reasons(found)["lifetime value"]


def test_sales_without_a_cost_have_no_margin(tmp_path: Path):
    found = valued(ledger_of(tmp_path / "l", transactions=[sale(date(2023, 5, 5))]))
    (row,) = rows(found).values()
    assert (row["net_invoice"], row["contribution"], row["contribution_basis"], row["margin_rank"]) == (100, None, "", None)
    assert "No cost of goods" in reasons(found)["margins"]


def test_all_on_one_day_with_refunds_above_sales(tmp_path: Path):
    day = date(2023, 5, 5)
    lines = [sale(day, 10 * n, customer_key=f"c{n}", cost_amount=Decimal(n)) for n in range(1, 9)]
    lines.append(sale(day, -500, customer_key="c1", line_type="return", cost_amount=Decimal(-20)))
    found = rows(valued(ledger_of(tmp_path / "l", transactions=lines)))
    assert found["c1"]["net_invoice"] == -490
    assert found["c1"]["contribution"] == -471
    assert found["c1"]["lifetime_value"] is None
    assert np.isfinite(found["c2"]["contribution"])


def test_orders_still_to_come_do_not_count(tmp_path: Path):
    ledger = ledger_of(tmp_path / "l", transactions=[sale(date(2023, 5, 5)), sale(date(2030, 1, 1))])
    found = valued(ledger)
    assert found.as_of == TODAY
    assert any("up to 2030-01-01" in note for note in found.notes)
    assert day_to_value(ledger, 1, None, TODAY) == TODAY
    assert day_to_value(ledger, 1, date(2024, 2, 1), TODAY) == date(2024, 2, 1)


def test_no_transactions_and_no_rate_are_refused_in_words(tmp_path: Path):
    with pytest.raises(OpenKamError, match="no transactions"):
        valued(Ledger.open(tmp_path / "empty"))
    future = ledger_of(tmp_path / "l", transactions=[sale(date(2030, 1, 1))])
    with pytest.raises(OpenKamError, match="no transaction up to 2025-01-01"):
        valued(future)
    foreign = ledger_of(tmp_path / "f", transactions=[sale(date(2023, 1, 1)), sale(date(2023, 1, 2), currency="JPY")])
    with pytest.raises(OpenKamError, match="2 currencies"):
        valued(foreign)
    with pytest.raises(OpenKamError, match="JPY"):
        valued(foreign, currency="EUR")


def test_a_listener_that_raises_ends_the_work(tmp_path: Path):
    class StopError(Exception):
        pass

    def stop(step: str) -> None:
        if step.startswith("Fitting"):
            raise StopError

    with pytest.raises(StopError):
        valued(planted_ledger(tmp_path / "l"), progress=stop)
