from datetime import date, timedelta

import pytest
from tests.factories.measuring import AS_OF, measure_rows

D = date
BUCKETS = ("not_due_amount", "overdue_1_30_amount", "overdue_31_60_amount", "overdue_61_90_amount", "overdue_over_90_amount")


def invoice(amount: float, overdue_days: int, customer: str = "a", **more):
    """An open invoice that is so many days overdue on the as-of day."""
    due = AS_OF - timedelta(days=overdue_days)
    return {
        "customer_key": customer,
        "amount": amount,
        "due_on": due,
        "invoiced_on": min(due - timedelta(days=30), AS_OF),
        **more,
    }


def paid(amount: float, days_late: int, customer: str = "a", **more):
    due = D(2024, 3, 31)
    return {"customer_key": customer, "amount": amount, "due_on": due, "settled_on": due + timedelta(days=days_late), **more}


def test_days_beyond_terms_are_weighted_by_amount_and_early_payment_counts_nothing(engine):
    found = measure_rows(engine, receivables=[paid(100, 10), paid(300, -20)])["a"]
    assert (found["days_beyond_terms"], found["late_share"]) == (2.5, 0.25)


def test_open_overdue_invoices_count_with_their_days_so_far_and_others_do_not(engine):
    found = measure_rows(engine, receivables=[paid(100, 0), invoice(100, 30), invoice(1000, 0), invoice(1000, -5)])["a"]
    assert (found["days_beyond_terms"], found["late_share"]) == (15, 0.5)


def test_an_invoice_settled_after_the_as_of_day_is_open_on_it(engine):
    found = measure_rows(engine, receivables=[invoice(100, 10, settled_on=D(2024, 7, 20), open_amount=0)])["a"]
    assert (found["open_amount"], found["overdue_1_30_amount"], found["days_beyond_terms"]) == (100, 100, 10)


def test_the_open_amount_is_what_is_left_of_a_partly_paid_invoice(engine):
    found = measure_rows(engine, receivables=[invoice(100, 10, open_amount=40), invoice(100, 20, open_amount=0), paid(100, 0)])[
        "a"
    ]
    assert (found["open_amount"], found["days_beyond_terms"]) == (40, pytest.approx(400 / 140))


@pytest.mark.parametrize(
    ("days", "bucket"), [(-3, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (400, 4)]
)
def test_each_open_invoice_falls_in_one_bucket(engine, days, bucket):
    found = measure_rows(engine, receivables=[invoice(50, days)])["a"]
    assert [found[name] for name in BUCKETS] == [50 if index == bucket else 0 for index in range(5)]


def test_expected_loss_is_the_provision_matrix_and_credits_do_not_lower_it_below_zero(engine):
    changes = {"provision_rates": ((0, 0.01), (45, 0.1), (None, 0.5))}
    rows = [invoice(1000, 0), invoice(100, 45), invoice(10, 46), invoice(-500, 10, customer="b"), invoice(100, 0, customer="b")]
    sales = [{"customer_key": "a", "net_amount": 50}]
    found = measure_rows(engine, changes, receivables=rows, transactions=sales)
    assert found["a"]["expected_loss"] == pytest.approx(10 + 10 + 5)
    assert found["a"]["expected_loss_rate"] == pytest.approx(0.5)
    assert found["b"]["expected_loss"] == pytest.approx(1)
    assert found["b"]["expected_loss_rate"] is None
    assert found["b"]["open_amount"] == -400


def test_days_sales_outstanding_relate_what_is_open_to_what_was_invoiced_in_the_period(engine):
    rows = [invoice(100, 0, invoiced_on=D(2024, 6, 1)), paid(300, 0), paid(999, 0, invoiced_on=D(2022, 1, 1))]
    found = measure_rows(engine, receivables=rows)["a"]
    assert found["days_sales_outstanding"] == pytest.approx(100 / 400 * 366)
    old = measure_rows(engine, receivables=[invoice(100, 500)])["a"]
    assert old["days_sales_outstanding"] is None


def test_an_account_without_invoices_owes_nothing_where_its_unit_keeps_receivables(engine):
    rows = {
        "transactions": [
            {"customer_key": "a", "net_amount": 1},
            {"customer_key": "idle", "net_amount": 1},
            {"customer_key": "far", "net_amount": 1, "source": "south"},
        ],
        "receivables": [paid(10, 0)],
    }
    found = measure_rows(engine, **rows)
    assert (found["idle"]["receivable_count"], found["idle"]["open_amount"], found["idle"]["expected_loss"]) == (0, 0, 0)
    assert (found["idle"]["days_beyond_terms"], found["idle"]["late_share"]) == (None, None)
    unknown = ("receivable_count", "open_amount", "expected_loss", "expected_loss_rate", "days_sales_outstanding", *BUCKETS)
    assert [found["far"][name] for name in unknown] == [None] * len(unknown)
