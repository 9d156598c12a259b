from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.valuation.test_days_to_pay import payments
from tests.factories.payers import payers

from openkam.analytics.behaviour.facts import EXAMPLE_LOSS_RATES
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.credit_risk import (
    CreditRiskParameters,
    credit_risk,
    hold_out,
    invoice_columns,
    reliability,
)

PARAMETERS = CreditRiskParameters(serious_days=10, loss_rate=0.25)


@pytest.fixture(scope="module")
def book():
    return payers(120, 25, seed=4)


def test_expected_loss_is_probability_times_loss_rate_times_what_is_open(book):
    found = credit_risk(book, PARAMETERS)
    open_now = ~book.is_settled
    assert np.isnan(found.probability[~open_now]).all()
    expected = np.zeros(120)
    np.add.at(expected, book.account[open_now], 0.25 * found.probability[open_now] * book.open_amount[open_now])
    assert found.columns["expected_credit_loss"] == pytest.approx(expected)
    owed = np.bincount(book.account, weights=book.open_amount, minlength=120)
    chance = found.columns["serious_lateness_probability"]
    assert chance[owed > 0] == pytest.approx((expected / 0.25)[owed > 0] / owed[owed > 0])
    assert np.isnan(chance[owed == 0]).all()


def test_limit_use_is_open_over_the_limit(book):
    limit = np.where(np.arange(120) % 2 == 0, 1000.0, np.nan)
    use = credit_risk(book, PARAMETERS, limit).columns["credit_limit_use"]
    owed = np.bincount(book.account, weights=book.open_amount, minlength=120)
    assert use[::2] == pytest.approx(owed[::2] / 1000)
    assert np.isnan(use[1::2]).all()
    assert np.isnan(credit_risk(book, PARAMETERS).columns["credit_limit_use"]).all()


def test_the_hold_out_is_calibrated_and_beats_the_base_rate(book):
    found = hold_out(book, 480, PARAMETERS)
    assert found.brier < 0.85 * found.brier_base_rate
    assert found.calibration_error < 0.06
    assert found.reliability.observed[-1] > 5 * found.reliability.observed[:5].mean()
    assert found.count == found.reliability.count.sum() == int(((book.invoiced_day > 480) & (book.invoiced_day < 680)).sum())
    assert found.base_rate == pytest.approx(found.observed_rate, abs=0.05)


def test_nothing_from_after_the_day_is_used_for_the_fit(book):
    origin = 480
    changed = replace(
        book,
        settled_day=np.where(
            (book.settled_day > origin) & (book.invoiced_day <= origin), book.settled_day + 30, book.settled_day
        ),
    )
    assert hold_out(changed, origin, PARAMETERS).base_rate == hold_out(book, origin, PARAMETERS).base_rate


def test_a_habit_is_what_was_paid_before_the_day_of_the_invoice():
    rows = [(0, 0, 30, 60), (0, 60, 90, 61), (0, 61, 91, None), (1, 0, 30, 15)]
    habit = invoice_columns(payments(rows))[:, -1]
    slow, quick = np.log(61) - np.log(31), np.log(16) - np.log(31)
    # Before day 60 only account 1 has paid, on day 15; on day 61 account 0 has too, on day 60.
    both = (slow + quick) / 2
    assert habit == pytest.approx([0, quick, (slow + 3 * both) / 4, 0])


@given(days=st.integers(1, 60))
def test_the_columns_of_an_invoice_do_not_depend_on_what_comes_after(days):
    found = payers(5, 12, seed=2, days=200)
    earlier = found.invoiced_day <= 200 - days
    now = invoice_columns(found)[earlier]
    then = invoice_columns(found.known_on(200 - days))
    assert now == pytest.approx(then)


def test_tenths_are_of_equal_size_and_ordered():
    random = np.random.default_rng(1)
    foretold = random.random(1005)
    found = reliability(foretold, (random.random(1005) < foretold).astype(float))
    assert found.count.max() - found.count.min() <= 1
    assert (np.diff(found.foretold) > 0).all()
    assert found.observed == pytest.approx(found.foretold, abs=0.15)
    assert reliability(foretold[:3], np.ones(3)).count.tolist() == [1, 1, 1]


def test_the_loss_rate_of_a_provision_matrix_is_that_of_the_next_day():
    assert CreditRiskParameters.by_provision(EXAMPLE_LOSS_RATES).loss_rate == 0.036
    assert CreditRiskParameters.by_provision(EXAMPLE_LOSS_RATES, 29).loss_rate == 0.016
    assert CreditRiskParameters.by_provision(EXAMPLE_LOSS_RATES, 400).loss_rate == 0.106


def test_what_cannot_be_is_named(book):
    with pytest.raises(OpenKamError, match="serious_days"):
        CreditRiskParameters(-1, 0.1)
    with pytest.raises(OpenKamError, match="loss_rate"):
        CreditRiskParameters(1, 1.1)
    with pytest.raises(OpenKamError, match="earlier day"):
        hold_out(book, 715, PARAMETERS)
