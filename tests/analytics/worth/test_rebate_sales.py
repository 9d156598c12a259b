"""Turnover in the time of a rebate schedule."""

from datetime import date

from tests.factories.ledger_facts import facts_of

from openkam.analytics.worth.rebate_sales import RebateWindow, rebate_sales


def line(day, net, customer="a", **more):
    return {"transacted_on": day, "net_amount": net, "customer_key": customer, **more}


def test_net_sales_of_the_days_and_accounts_of_a_schedule(engine):
    lines = [
        line(date(2023, 12, 31), 1),
        line(date(2024, 1, 1), 20),
        line(date(2024, 3, 1), -5, line_type="return"),
        line(date(2024, 3, 1), 1000, line_type="freight"),
        line(date(2024, 4, 1), 300, "b"),
        line(date(2024, 5, 1), 4000, "c"),
    ]
    start, end = date(2024, 1, 1), date(2024, 12, 31)
    windows = [
        RebateWindow(7, ("a", "b", "a", "nobody", "a"), start, end),
        RebateWindow(8, ("c",), start, date(2024, 4, 30)),
        RebateWindow(9, ("nobody",), start, end),
    ]
    assert rebate_sales(facts_of(engine, transactions=lines), windows) == {7: 315, 8: 0}
    assert rebate_sales(facts_of(engine, transactions=lines), []) == {}
