from datetime import date

import pytest
from tests.factories.facts import facts_table, write_snapshot
from tests.factories.measuring import measure, measure_rows, parameters

from openkam.analytics.behaviour.facts import EXAMPLE_LOSS_RATES, first_day_of_period, months_after, months_before
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.account_measures import account_measures, measure_catalogue

D = date


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (D(2024, 6, 30), 12, D(2023, 6, 30)),
        (D(2024, 3, 31), 1, D(2024, 2, 29)),
        (D(2024, 1, 15), 1, D(2023, 12, 15)),
        (D(2024, 2, 29), 12, D(2023, 2, 28)),
        (D(2024, 2, 29), 0, D(2024, 2, 29)),
    ],
)
def test_months_before_keep_the_day_of_the_month_where_they_can(day, months, expected):
    assert months_before(day, months) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2026, 12, 1), 1, D(2027, 1, 1)),
        (D(2026, 6, 15), 18, D(2027, 12, 15)),
    ],
)
def test_months_after_keep_the_day_of_the_month_where_they_can(day, months, expected):
    assert months_after(day, months) == expected


def test_the_period_begins_the_day_after_the_same_day_a_year_ago():
    assert parameters().period.start_on == D(2023, 7, 1) == first_day_of_period(D(2024, 6, 30), 12)
    assert parameters().period.days == 366


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"period_months": 0}, "period_months"),
        ({"growth_quarters": 3}, "growth_quarters"),
        ({"growth_quarters": 41}, "growth_quarters"),
        ({"provision_rates": ()}, "provision_rates"),
        ({"provision_rates": ((0, 0.1),)}, "None"),
        ({"provision_rates": ((None, 0.1), (None, 0.2))}, "None"),
        ({"provision_rates": ((30, 0.1), (0, 0.1), (None, 0.2))}, "ascending"),
        ({"provision_rates": ((None, 1.2),)}, "between 0 and 1"),
        ({"service_rates": {"visit": (-1, 2)}}, "service_rates"),
        ({"quantity_band_edges": (0, 10)}, "quantity_band_edges"),
        ({"quantity_band_edges": (10, 10)}, "quantity_band_edges"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(changes, word):
    with pytest.raises(OpenKamError, match=word):
        parameters(**changes)


def test_the_example_rates_rise_with_age_and_are_the_programme_s_own():
    rates = [rate for _, rate in EXAMPLE_LOSS_RATES]
    assert rates == sorted(set(rates))
    assert Programme.default().provision_rates == EXAMPLE_LOSS_RATES


def test_sales_without_a_customer_are_told_apart(engine):
    rows = [
        {"customer_key": "a", "net_amount": 30},
        {"customer_key": None, "net_amount": 10},
        {"customer_key": None, "net_amount": 500, "transacted_on": D(2023, 6, 30)},
    ]
    found = measure(engine, {"transactions": facts_table("transactions", *rows)})
    assert found.unassigned_net_sales == 10
    assert found.table["share_of_firm_sales"].to_pylist() == [0.75]


def test_amounts_without_a_currency_are_taken_as_the_reporting_currency_and_noted(engine):
    tables = {
        "transactions": facts_table("transactions", {"customer_key": "a", "net_amount": 10, "product_key": "p", "quantity": 2}),
        "products": facts_table("products", {"product_key": "p", "unit_cost": 3}, {"product_key": "q"}),
    }
    found = measure(engine, tables)
    assert found.table["cost_of_goods"].to_pylist() == [6]
    assert "1 rows of products give an amount without a currency: taken as EUR." in found.notes


def test_facts_after_the_as_of_day_do_not_count(engine):
    later = D(2024, 7, 1)
    found = measure_rows(
        engine,
        transactions=[{"customer_key": "a", "net_amount": 1}, {"customer_key": "a", "net_amount": 5, "transacted_on": later}],
        receivables=[{"customer_key": "a", "amount": 9, "invoiced_on": later, "due_on": later}],
        service_activities=[{"customer_key": "a", "performed_on": later}],
    )["a"]
    assert (found["net_sales_history"], found["receivable_count"], found["service_activity_count"]) == (1, None, None)


def test_every_measure_has_a_column_of_its_units_type_and_a_meaning(engine):
    found = measure(engine, {"transactions": facts_table("transactions", {"customer_key": "a", "net_amount": 1})})
    names = [one.name for one in found.catalogue]
    assert found.table.column_names[12:] == names
    assert len(set(names)) == len(names)
    types = {"count": "int64", "day": "date32[day]", "flag": "bool", "text": "string"}
    for one in found.catalogue:
        assert str(found.table[one.name].type) == types.get(one.unit, "double")
        assert one.meaning
    assert found.catalogue == measure_catalogue(parameters())


def test_measures_of_a_period_say_which_period_it_is():
    meanings = {one.name: one.meaning for one in measure_catalogue(parameters())}
    for name in ("net_sales", "order_count", "contribution_margin", "cost_to_serve", "realised_price_index", "category_breadth"):
        assert "the 12 months to 2024-06-30" in meanings[name]


def test_tables_may_come_as_parquet_files(engine, tmp_path):
    tables = {"transactions": facts_table("transactions", *({"customer_key": "a", "net_amount": n} for n in range(5)))}
    found = account_measures(engine, write_snapshot(tmp_path, tables, files_per_table=2), parameters())
    assert found.table["net_sales"].to_pylist() == [10]
