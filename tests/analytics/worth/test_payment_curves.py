import numpy as np
import pytest
from tests.factories.payers import payers

from openkam.analytics.valuation.days_to_pay import median_days_to_pay
from openkam.analytics.worth.payment_curves import FEWEST_INVOICES, POINTS, PaymentCurve, payment_curves


def test_each_curve_is_that_of_the_accounts_own_invoices():
    payments = payers(3, 80, seed=4)
    firm, of_accounts = payment_curves(payments)
    medians = median_days_to_pay(payments)
    assert firm is not None
    assert firm.invoice_count == 240
    for account, curve in enumerate(of_accounts):
        assert curve is not None
        own = payments.take(payments.account == account)
        assert (curve.invoice_count, curve.open_count) == (80, int((~own.is_settled).sum()))
        assert curve.median_days == medians[account]
        assert len(curve.days) <= POINTS
        assert all(low <= share <= high for low, share, high in zip(curve.lower, curve.unpaid, curve.upper, strict=True))
        assert PaymentCurve.restored(curve.kept()) == curve


def test_an_open_invoice_counts_for_as_long_as_it_was_watched():
    payments = payers(1, 6, seed=1)
    settled = np.array([10.0, 20, 30, 40, np.nan, np.nan]) + payments.invoiced_day
    known = int(payments.invoiced_day.max()) + 25
    own = type(payments)(
        payments.account, payments.invoiced_day, payments.due_day, settled, payments.amount, payments.open_amount, known, 1
    )
    found, _ = payment_curves(own)
    assert found is not None
    assert found.unpaid[0] == pytest.approx(5 / 6, abs=1e-4)
    assert found.open_count == 2


def test_few_invoices_or_none_paid_make_no_curve():
    few = payers(2, FEWEST_INVOICES - 1, seed=2)
    assert payment_curves(few.take(few.account == 0)) == (None, [None, None])
    nobody = payers(1, 9, seed=2)
    unpaid = type(nobody)(
        nobody.account, nobody.invoiced_day, nobody.due_day, np.full(9, np.nan), nobody.amount, nobody.amount, 800, 1
    )
    assert payment_curves(unpaid) == (None, [None])
