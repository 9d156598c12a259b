from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.company import seeded_company
from tests.factories.facts import facts_table, write_snapshot
from tests.factories.measuring import AS_OF, SERVICE_RATES, assert_same, by_account, measure, parameters
from tests.factories.plain_measures import plain_measures

from openkam.analytics.ledger.schema import LineType
from openkam.analytics.terms import Unit
from openkam.analytics.valuation.account_measures import account_measures

amounts = st.integers(-5_000_000, 5_000_000).map(lambda value: Decimal(value) / 10_000)
optional = st.one_of(st.none(), amounts)
days = st.integers(-900, 40).map(lambda offset: AS_OF + timedelta(days=offset))
keys = st.sampled_from(["1", "2", "3"])
sources = st.sampled_from(["north", "south"])


def rows(**fields):
    return st.fixed_dictionaries(fields)


lines = rows(
    customer_key=st.one_of(st.none(), keys, keys),
    source=sources,
    batch_id=st.sampled_from(["20240101", "20240102"]),
    transaction_key=st.sampled_from("ABC"),
    transacted_on=days,
    line_type=st.sampled_from([LineType.SALE] * 4 + list(LineType)).map(str),
    product_key=st.sampled_from([None, "p", "q"]),
    quantity=st.one_of(st.none(), st.integers(-40, 40)),
    net_amount=amounts,
    list_amount=optional,
    rebate_amount=optional,
    cost_amount=optional,
)
products = rows(
    product_key=st.sampled_from("pq"),
    source=sources,
    category=st.sampled_from([None, "x", "y"]),
    unit_cost=optional,
    unit_list_price=optional,
    currency=st.just("EUR"),
)
invoices = rows(
    customer_key=keys,
    source=sources,
    amount=amounts,
    open_amount=optional,
    invoiced_on=days,
    due_on=days,
    settled_on=st.one_of(st.none(), days),
)
services = rows(
    customer_key=keys,
    source=sources,
    performed_on=days,
    activity=st.sampled_from(["order", "delivery", "complaint"]),
    quantity=st.integers(1, 5),
    minutes=st.one_of(st.none(), st.integers(0, 90)),
    cost_amount=optional,
    currency=st.just("EUR"),
)
records = rows(
    customer_key=keys,
    source=sources,
    account_key=st.sampled_from([None, "1", "G"]),
    batch_id=st.sampled_from(["20240101", "20240103"]),
)


def lists(row, size):
    return st.lists(row, max_size=size)


@given(
    st.fixed_dictionaries(
        {
            "customers": lists(records, 4),
            "products": lists(products, 3),
            "transactions": lists(lines, 30),
            "receivables": lists(invoices, 8),
            "service_activities": lists(services, 6),
        }
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_measures_of_random_ledgers_are_those_of_plain_arithmetic(engine, drawn):
    drawn = {**drawn, "interactions": [], "exchange_rates": []}
    # Versions of one record within one batch follow their row numbers.
    tables = {
        name: facts_table(name, *({**row, "source_row": i} for i, row in enumerate(found))) for name, found in drawn.items()
    }
    expected = plain_measures(tables, parameters(service_rates=SERVICE_RATES))
    found = by_account(measure(engine, tables, service_rates=SERVICE_RATES).table)
    assert list(found) == list(expected)
    for account, values in expected.items():
        assert_same(found[account], values, account)


@pytest.fixture(scope="module")
def company():
    return seeded_company(seed=3, customer_count=30)


@pytest.fixture(scope="module")
def measured(engine, company):
    return measure(engine, company, service_rates=SERVICE_RATES)


def test_the_order_of_rows_changes_nothing_at_all(engine, company, measured):
    draw = np.random.default_rng(1)
    turned = {name: table.take(pa.array(draw.permutation(len(table)))) for name, table in company.items()}
    assert measure(engine, turned, service_rates=SERVICE_RATES).table.equals(measured.table)


def test_how_rows_lie_in_files_changes_nothing_at_all(engine, company, measured, tmp_path):
    for files in (1, 5):
        (tmp_path / str(files)).mkdir()
        snapshot = write_snapshot(tmp_path / str(files), company, files_per_table=files)
        assert account_measures(engine, snapshot, parameters(service_rates=SERVICE_RATES)).table.equals(measured.table)


def test_the_same_ledger_gives_the_same_bytes_again(engine, company, measured):
    assert measure(engine, company, service_rates=SERVICE_RATES).table.equals(measured.table)


def test_reporting_in_a_currency_a_hundred_times_smaller_scales_money_and_nothing_else(engine, company, measured):
    quotes = [
        {**row, "to_currency": "CENT", "rate": row["rate"] * 100}
        for row in company["exchange_rates"].to_pylist()
        if row["to_currency"] == "EUR"
    ]
    quotes.append({"rated_on": date(2020, 1, 1), "from_currency": "EUR", "to_currency": "CENT", "rate": 100})
    tables = {**company, "exchange_rates": pa.concat_tables([company["exchange_rates"], facts_table("exchange_rates", *quotes)])}
    rates = {activity: (minutes, 100 * cost) for activity, (minutes, cost) in SERVICE_RATES.items()}
    # A price without a currency is in the reporting one, so it must be in none here.
    for name in ("products", "service_activities"):
        column = tables[name].column_names.index("currency")
        tables[name] = tables[name].set_column(column, "currency", tables[name]["currency"].fill_null("EUR"))
    euros = measure(engine, tables, service_rates=SERVICE_RATES)
    found = by_account(measure(engine, tables, service_rates=rates, reporting_currency="CENT").table)
    money = {one.name for one in euros.catalogue if one.unit is Unit.CURRENCY}
    for account, row in by_account(euros.table).items():
        scaled = {name: value * 100 if name in money and value is not None else value for name, value in row.items()}
        assert_same(found[account], scaled, account, tolerance=1e-8)


def test_a_second_line_on_an_order_day_leaves_the_rhythm_as_it_was(engine, company, measured):
    lines = company["transactions"]
    extra = lines.filter(pa.compute.equal(lines["line_type"], "sale"))
    doubled = by_account(
        measure(engine, {**company, "transactions": pa.concat_tables([lines, extra])}, service_rates=SERVICE_RATES).table
    )
    rhythm = (
        "order_count",
        "order_count_history",
        "gap_count",
        "gap_cv",
        "regularity_k",
        "active_months",
        "repeat_rate",
        "order_document_count",
    )
    for account, row in by_account(measured.table).items():
        assert [doubled[account][name] for name in rhythm] == [row[name] for name in rhythm]
