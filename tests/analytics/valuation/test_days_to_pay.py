from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from tests.factories.facts import facts_table
from tests.factories.measuring import AS_OF, parameters

from openkam.analytics.behaviour.facts import load_facts
from openkam.analytics.behaviour.orders import day_number
from openkam.analytics.valuation.days_to_pay import Payments, kaplan_meier, median_days_to_pay, read_payments


def payments(rows: list[tuple[int, int, int, float | None]], known_day: int = 200, account_count: int = 3) -> Payments:
    """Rows of account, day of invoice, day due and day settled; each of 100."""
    columns = list(zip(*rows, strict=True))
    settled = np.array([np.nan if day is None else day for day in columns[3]], dtype=float)
    return Payments(
        *(np.array(column, dtype=np.int64) for column in columns[:3]),
        settled_day=settled,
        amount=np.full(len(rows), 100.0),
        open_amount=np.where(np.isnan(settled), 100.0, 0.0),
        known_day=known_day,
        account_count=account_count,
    )


def test_by_hand():
    # Paid after 3, 5 and 9 days; one open for 4 days. 1 − 1/4 = 0.75; two are watched on day 5: 0.375; the last one: 0.
    curve = kaplan_meier(np.array([3.0, 5, 9, 4]), np.array([True, True, True, False]))
    assert curve.days.tolist() == [3, 5, 9]
    assert curve.survival.tolist() == [0.75, 0.375, 0]
    assert curve.at_risk.tolist() == [4, 2, 1]
    assert (curve.after(2), curve.after(3), curve.after(8), curve.after(100)) == (1.0, 0.75, 0.375, 0)
    assert curve.median_days == 5


@pytest.mark.parametrize(("seed", "open_share"), [(1, 0.0), (2, 0.3), (3, 0.8)])
def test_curve_and_interval_are_those_of_lifelines(seed, open_share):
    random = np.random.default_rng(seed)
    days, paid = random.integers(1, 40, 80).astype(float), random.random(80) >= open_share
    curve = kaplan_meier(days, paid)
    # lifelines divides by log 1 and by zero at the ends of the curve, where there is no interval.
    with np.errstate(all="ignore"):
        fitted = KaplanMeierFitter().fit(days, paid)
    assert curve.survival == pytest.approx(fitted.survival_function_.loc[curve.days].to_numpy()[:, 0], abs=1e-12)
    inside = (curve.survival > 1e-12) & (curve.survival < 1)
    interval = fitted.confidence_interval_.loc[curve.days[inside]].to_numpy()
    assert curve.lower[inside] == pytest.approx(interval[:, 0], abs=1e-9)
    assert curve.upper[inside] == pytest.approx(interval[:, 1], abs=1e-9)
    median = fitted.median_survival_time_
    assert curve.median_days == median or (np.isinf(median) and np.isnan(curve.median_days))


def test_six_of_twelve_are_half_whatever_the_doubles_say():
    days = np.array([0.0, 7, 10, 12, 12, 19, 21, 26, 27, 28, 33, 40])
    paid = np.array([True] * 7 + [False, True, False, True, True])
    assert kaplan_meier(days, paid).median_days == 19


def test_nothing_paid_has_no_median():
    assert np.isnan(kaplan_meier(np.array([3.0, 4.0]), np.zeros(2, dtype=bool)).median_days)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.booleans()), min_size=1, max_size=50))
def test_the_medians_of_all_accounts_are_those_of_each_alone(rows):
    found = payments([(account, 200 - days, 210, 200 if paid else None) for account, days, paid in rows])
    medians = median_days_to_pay(found)
    for account in range(3):
        own = found.account == account
        alone = kaplan_meier(found.duration_days[own], found.is_settled[own]).median_days if own.any() else np.nan
        assert medians[account] == alone or (np.isnan(medians[account]) and np.isnan(alone))


def test_leaving_the_open_ones_out_would_flatter_the_payer():
    found = payments([(0, 0, 30, 20), (0, 0, 30, 25), (0, 0, 30, None), (0, 0, 30, None), (0, 0, 30, None)])
    assert np.isnan(median_days_to_pay(found)[0])
    assert np.median(found.duration_days[found.is_settled]) == 22.5


def test_as_it_stood_on_a_day_the_later_payments_were_open():
    found = payments([(0, 0, 30, 20), (0, 10, 40, 60), (1, 80, 110, 90)]).known_on(50)
    assert found.account.tolist() == [0, 0]
    assert found.is_settled.tolist() == [True, False]
    assert found.open_amount.tolist() == [0, 100]
    assert found.duration_days.tolist() == [20, 40]


def test_invoices_are_read_as_they_stood_on_the_as_of_day(engine):
    rows = [
        {"invoice_key": "1", "customer_key": "a", "amount": 100, "settled_on": date(2024, 4, 10)},
        {"invoice_key": "2", "customer_key": "a", "amount": 100, "settled_on": date(2024, 7, 10), "open_amount": 0},
        {"invoice_key": "3", "customer_key": "a", "amount": 100, "open_amount": 40},
        {"invoice_key": "4", "customer_key": "a", "amount": 100},
        {"invoice_key": "5", "customer_key": "a", "amount": -100},
        {"invoice_key": "6", "customer_key": "a", "amount": 100, "invoiced_on": date(2024, 7, 1)},
    ]
    facts = load_facts(engine, {"receivables": engine.table(facts_table("receivables", *rows))}, parameters())
    found = read_payments(facts)
    assert found.is_settled.tolist() == [True, False, False, False]
    assert found.open_amount.tolist() == [0, 100, 40, 100]
    assert found.duration_days.tolist() == [40, *[(AS_OF - date(2024, 3, 1)).days] * 3]
    assert found.terms_days.tolist() == [30] * 4
    assert (found.known_day, found.account_count) == (day_number(AS_OF), 1)
