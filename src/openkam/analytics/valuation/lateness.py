"""Probability that an invoice becomes seriously late, from a model of days to pay that is set right where it errs.

Days to pay rarely follow their distribution as far out as serious lateness lies. So the model's probability p is corrected by two
numbers fitted on the invoices whose fate is known (Platt's scaling): logit p' = intercept + slope · logit p.

Both rest on the newer half of the invoices: habits change, and the first invoices of a ledger know no habit of their payer yet.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.days_to_pay import Payments
from openkam.analytics.valuation.payment_model import MINIMUM_PAID, PaymentModel, fit_payment_model

MINIMUM_EVENTS = 10
"""Seriously late invoices, and others, below which the model's probability is left as it is."""

RIDGE = 1e-3
"""Weight that draws the correction towards none, so that a perfect separation has an end."""

LEAST_DIFFERENCE = 1e-9
"""Spread of a column of the invoices below which it is alike for all."""


@dataclass(frozen=True, slots=True)
class LatenessModel:
    """`payment` foretells days to pay; `intercept` and `slope` correct its probability of an invoice unpaid `serious_days` after
    its due day; `base_rate` is the share of seriously late ones among the `decided_count` whose fate was known."""

    payment: PaymentModel
    serious_days: int
    intercept: float
    slope: float
    base_rate: float
    decided_count: int

    def when_invoiced(self, x: Vector, terms_days: Vector) -> Vector:
        """Probability on the day of the invoice; x as in `PaymentModel.survival`."""
        raw = _inner(self.payment.survival(x, terms_days + self.serious_days))
        return expit(self.intercept + self.slope * logit(raw))

    def while_open(self, x: Vector, terms_days: Vector, age_days: Vector) -> Vector:
        """Probability for an invoice that has been open for so many days: 1 once it is seriously late."""
        at_first = self.when_invoiced(x, terms_days)
        still_open = np.maximum(self.payment.survival(x, age_days), at_first)
        return np.where(age_days > terms_days + self.serious_days, 1.0, at_first / still_open)


def was_seriously_late(payments: Payments, serious_days: int) -> Vector:
    """1 where an invoice was unpaid `serious_days` after its due day, 0 where it was paid by then, NaN where that day is still to
    come and it is open."""
    bound = payments.invoiced_day + payments.terms_days + serious_days
    late = np.where(payments.is_settled, payments.settled_day > bound, 1.0)
    return np.where(payments.is_settled | (payments.known_day > bound), late, np.nan)


def fit_lateness_model(x: Vector, payments: Payments, serious_days: int) -> LatenessModel:
    """Fit days to pay and their correction on the newer half of the invoices. Raises `OpenKamError` where it holds too few
    payments (see `fit_payment_model`), or all took as many days.

    Invoices count for correction and base rate once the day of serious lateness has passed: the early payers among the newer
    ones are known before the late ones.
    """
    is_newer = payments.invoiced_day >= np.median(payments.invoiced_day) if len(payments.invoiced_day) else payments.is_settled
    x, payments = x[is_newer], payments.take(is_newer)
    payment = _payment_model(x, payments)
    late = was_seriously_late(payments, serious_days)
    decided = payments.invoiced_day + payments.terms_days + serious_days < payments.known_day
    happened = late[decided]
    base_rate = float(happened.mean()) if len(happened) else float("nan")
    intercept, slope = 0.0, 1.0
    if min(happened.sum(), len(happened) - happened.sum()) >= MINIMUM_EVENTS:
        raw = logit(_inner(payment.survival(x[decided], payments.terms_days[decided] + serious_days)))
        intercept, slope = _correction(raw, happened)
    return LatenessModel(payment, serious_days, intercept, slope, base_rate, len(happened))


def _payment_model(x: Vector, payments: Payments) -> PaymentModel:
    """Days to pay by the columns that differ among these invoices; one that is alike for all of them says nothing, and counts 0."""
    took = payments.duration_days[payments.is_settled]
    if len(took) >= MINIMUM_PAID and np.ptp(took) == 0:
        raise OpenKamError(
            f"All payments of the newer half of the invoices came after {took[0]:,.0f} day{'' if took[0] == 1 else 's'}: "
            "where everybody pays alike, nothing tells who might pay late."
        )
    differs = np.ptp(x, axis=0) > LEAST_DIFFERENCE if len(x) else np.ones(x.shape[1], dtype=np.bool_)
    differs[0] = True
    found = fit_payment_model(x[:, differs], payments.duration_days, payments.is_settled)
    coefficients, errors = np.zeros(x.shape[1]), np.full(x.shape[1] + 1, np.nan)
    coefficients[differs], errors[np.append(differs, True)] = found.coefficients, found.standard_errors
    return replace(found, coefficients=coefficients, standard_errors=errors)


def _correction(raw: Vector, happened: Vector) -> tuple[float, float]:
    """Intercept and slope of the logistic regression of what happened on the model's logit."""

    def unlikelihood(point: Vector) -> tuple[float, Vector]:
        line = point[0] + point[1] * raw
        away = point - np.array([0.0, 1.0])
        error = expit(line) - happened
        value = (np.logaddexp(0, line) - happened * line).mean() + RIDGE * (away @ away) / 2
        return float(value), np.array([error.mean(), (error * raw).mean()]) + RIDGE * away

    best = minimize(unlikelihood, np.array([0.0, 1.0]), jac=True, method="BFGS")
    return float(best.x[0]), float(best.x[1])


def _inner(probability: Vector) -> Vector:
    return np.clip(probability, 1e-9, 1 - 1e-9)
