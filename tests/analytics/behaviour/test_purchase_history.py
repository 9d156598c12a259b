from datetime import date

import pytest
from tests.factories.measuring import measure_rows

D = date


def sales(*days: date, customer: str = "a", **more):
    return [{"customer_key": customer, "net_amount": 10, "transacted_on": day, **more} for day in days]


def test_lines_and_invoices_of_one_day_are_one_order_of_several_documents(engine):
    lines = [
        *sales(D(2024, 3, 1), D(2024, 3, 1), transaction_key="A"),
        *sales(D(2024, 3, 1), transaction_key="B"),
        *sales(D(2024, 4, 1), transaction_key="C"),
    ]
    found = measure_rows(engine, transactions=lines)["a"]
    assert (found["order_count"], found["order_document_count"], found["order_count_history"]) == (2, 3, 2)


def test_same_documents_of_two_sources_are_two(engine):
    lines = [*sales(D(2024, 3, 1), transaction_key="A"), *sales(D(2024, 3, 1), customer="b", transaction_key="A", source="south")]
    records = [{"customer_key": "b", "account_key": "a", "source": "south"}]
    found = measure_rows(engine, transactions=lines, customers=records)["a"]
    assert (found["order_count"], found["order_document_count"]) == (1, 2)


def test_the_period_holds_its_first_and_last_day_only(engine):
    lines = sales(D(2023, 6, 30), D(2023, 7, 1), D(2024, 6, 30), D(2024, 7, 1))
    found = measure_rows(engine, transactions=lines)["a"]
    assert (found["net_sales"], found["net_sales_history"], found["order_count"]) == (20, 30, 2)


def test_freight_and_fees_are_no_net_sales_and_no_orders(engine):
    lines = [*sales(D(2024, 3, 1)), *sales(D(2024, 3, 5), line_type="freight"), *sales(D(2024, 3, 6), line_type="bad_debt")]
    found = measure_rows(engine, transactions=lines)["a"]
    assert (found["net_sales"], found["order_count"]) == (10, 1)


def test_returns_and_cancellations_lower_net_sales_and_make_the_returns_share(engine):
    lines = [*sales(*[D(2024, 3, 1)] * 4), *sales(D(2024, 3, 9), line_type="return")]
    lines[-1] |= {"net_amount": -6}
    lines += [{"customer_key": "a", "net_amount": -4, "line_type": "cancellation"}]
    found = measure_rows(engine, transactions=lines)["a"]
    assert (found["net_sales"], found["returns_share"], found["order_count"]) == (30, 0.25, 1)


def test_gaps_are_those_of_the_whole_history(engine):
    found = measure_rows(engine, transactions=sales(D(2020, 1, 1), D(2020, 1, 11), D(2020, 1, 31)))["a"]
    assert (found["gap_count"], found["gap_mean_days"]) == (2, 15)
    assert found["gap_cv"] == pytest.approx(50**0.5 / 15)
    assert (found["first_order_on"], found["last_order_on"]) == (D(2020, 1, 1), D(2020, 1, 31))
    assert (found["order_count"], found["net_sales"], found["active_months"]) == (0, 0, 0)


def test_one_order_has_no_gap_and_one_gap_no_variation(engine):
    found = measure_rows(engine, transactions=[*sales(D(2024, 1, 1)), *sales(D(2024, 1, 1), D(2024, 2, 1), customer="b")])
    assert (found["a"]["gap_count"], found["a"]["gap_mean_days"]) == (0, None)
    assert (found["b"]["gap_count"], found["b"]["gap_mean_days"], found["b"]["gap_cv"]) == (1, 31, None)


def test_an_account_that_never_ordered_has_zero_sales_and_no_rhythm(engine):
    found = measure_rows(engine, transactions=sales(D(2024, 3, 1)), customers=[{"customer_key": "prospect"}])["prospect"]
    zero = ("order_count", "order_document_count", "net_sales", "net_sales_history", "order_count_history", "product_count")
    assert [found[name] for name in zero] == [0] * len(zero)
    assert (found["active_months"], found["share_of_firm_sales"], found["is_prospect"]) == (0, 0, True)
    empty = ("first_order_on", "last_order_on", "gap_count", "gap_mean_days", "gap_cv", "quarterly_value_cv", "returns_share")
    empty += (
        "active_quarter_share",
        "tenure_months",
        "repeat_rate",
        "regularity_k",
        "regularity_is_thin",
        "growth_quarter_count",
    )
    assert [found[name] for name in empty] == [None] * len(empty)


def test_without_any_transaction_in_the_ledger_sales_are_unknown(engine):
    found = measure_rows(engine, customers=[{"customer_key": "a"}])["a"]
    assert [found[name] for name in ("order_count", "net_sales", "net_sales_history", "product_count")] == [None] * 4


def test_months_and_quarters_are_counted_back_from_the_as_of_day(engine):
    changes = {"as_of": D(2024, 2, 29)}
    lines = sales(D(2024, 2, 1), D(2024, 1, 30), D(2024, 1, 29), D(2023, 11, 29), D(2023, 11, 30))
    found = measure_rows(engine, changes, transactions=lines)["a"]
    # Months end on the 29th: 30 Jan to 29 Feb, to 29 Jan, …, 30 Oct to 29 Nov.
    assert found["active_months"] == 4
    assert found["repeat_rate"] == 1


def test_steady_growth_leaves_no_variation_about_its_line(engine):
    days = [
        D(2022, 7, 1),
        D(2022, 10, 1),
        D(2023, 1, 1),
        D(2023, 4, 1),
        D(2023, 7, 1),
        D(2023, 10, 1),
        D(2024, 1, 1),
        D(2024, 4, 1),
    ]
    lines = [{"customer_key": "a", "net_amount": 100 + 10 * n, "transacted_on": day} for n, day in enumerate(days)]
    found = measure_rows(engine, transactions=lines)["a"]
    assert found["quarterly_value_cv"] == pytest.approx(0, abs=1e-12)
    assert (found["active_quarter_share"], found["growth_quarter_count"]) == (1, 8)


def test_quarterly_measures_begin_with_the_first_whole_quarter_after_the_first_order(engine):
    found = measure_rows(engine, transactions=sales(D(2023, 7, 2), D(2023, 11, 1), D(2024, 5, 1)))["a"]
    # The quarter to September is cut by the first order; October to June are three whole quarters, two of them with an order.
    assert found["active_quarter_share"] == pytest.approx(2 / 3)
    assert found["quarterly_value_cv"] is None
    assert found["growth_quarter_count"] == 2
