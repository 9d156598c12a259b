import numpy as np
import pytest
from tests.analytics.valuation.test_days_to_pay import payments
from tests.factories.payers import payers

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.credit_risk import invoice_columns
from openkam.analytics.valuation.lateness import fit_lateness_model, was_seriously_late


def test_whether_an_invoice_was_seriously_late_is_known_once_it_was_paid_or_the_day_has_passed():
    found = payments([(0, 0, 30, 40), (0, 0, 30, 41), (0, 0, 30, None), (0, 165, 195, None), (0, 190, 195, 191)])
    assert np.array_equal(was_seriously_late(found, 10), [0, 1, 1, np.nan, 0], equal_nan=True)


@pytest.fixture(scope="module")
def fitted():
    found = payers(150, 20, seed=8)
    x = invoice_columns(found)
    return found, x, fit_lateness_model(x, found, 10)


def test_probabilities_average_to_what_happened(fitted):
    found, x, model = fitted
    newer = (found.invoiced_day >= np.median(found.invoiced_day)) & (found.invoiced_day + 40 < found.known_day)
    assert model.decided_count == newer.sum()
    assert model.when_invoiced(x, found.terms_days)[newer].mean() == pytest.approx(model.base_rate, abs=0.005)


def test_the_longer_it_is_open_the_likelier_and_certain_once_it_is(fitted):
    _, x, model = fitted
    one, terms = x[:1], np.array([30.0])
    chances = [float(model.while_open(one, terms, np.array([float(age)]))[0]) for age in (0, 10, 20, 30, 40, 41)]
    assert chances == sorted(chances)
    assert chances[0] == pytest.approx(float(model.when_invoiced(one, terms)[0]), rel=1e-3)
    assert chances[4] < chances[5] == 1


def test_where_nobody_was_seriously_late_nothing_is_corrected():
    found = payers(40, 10, seed=1)
    model = fit_lateness_model(invoice_columns(found), found, 500)
    assert (model.intercept, model.slope) == (0, 1)
    assert model.decided_count == 0
    assert np.isnan(model.base_rate)


def test_a_ledger_without_invoices_is_refused():
    empty = payers(40, 10, seed=1).take(np.zeros(400, dtype=bool))
    with pytest.raises(OpenKamError, match="0 invoices were paid"):
        fit_lateness_model(invoice_columns(empty), empty, 10)


def test_where_everybody_pays_alike_it_says_so_and_a_column_that_tells_nothing_counts_for_nothing():
    alike = payments([(0, day, day + 30, day + 1) for day in range(80)])
    with pytest.raises(OpenKamError, match=r"All payments .* came after 1 day: where everybody pays alike"):
        fit_lateness_model(invoice_columns(alike), alike, 10)
    found = payers(40, 10, seed=1)
    x = invoice_columns(found)
    # Told apart in the older half only.
    older = np.where(found.invoiced_day < np.median(found.invoiced_day), found.invoiced_day, -1.0)
    plain, more = fit_lateness_model(x, found, 10), fit_lateness_model(np.column_stack([x, older]), found, 10)
    assert more.payment.coefficients.tolist() == [*plain.payment.coefficients.tolist(), 0.0]
    assert np.isnan(more.payment.standard_errors[-2])
    assert more.payment.standard_errors[-1] == plain.payment.standard_errors[-1]
