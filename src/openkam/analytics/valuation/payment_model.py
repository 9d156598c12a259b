"""Days to pay as an accelerated failure time model: what an invoice's terms, size and payer say about the day it is paid.

    log T = x·β + σ·W,   W Gumbel (Weibull times) or logistic (log-logistic times)

fitted by maximum likelihood with right-censoring: an open invoice adds the probability of lasting longer than it has. Of the two
distributions, which have as many parameters, the one of greater likelihood is taken.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Mask
from openkam.analytics.terms import OpenKamError

SHORTEST_DAYS = 0.5
"""A payment on the day of the invoice took half a day: the logarithm needs more than none."""

MINIMUM_PAID = 30
"""Payments below which no model is fitted: its coefficients would say what the few did, not what payers do."""


class TimeDistribution(StrEnum):
    """Distribution of the days to pay."""

    WEIBULL = "Weibull"
    LOG_LOGISTIC = "log-logistic"


@dataclass(frozen=True, slots=True)
class PaymentModel:
    """`coefficients` β by column of x, `scale` σ, `standard_errors` of β and, last, of log σ, `log_likelihood` of the days."""

    distribution: TimeDistribution
    coefficients: Vector
    scale: float
    standard_errors: Vector
    log_likelihood: float

    def survival(self, x: Vector, days: Vector) -> Vector:
        """Probability that an invoice is unpaid after so many days; x has one row for each invoice."""
        z = (np.log(np.maximum(days, SHORTEST_DAYS)) - x @ self.coefficients) / self.scale
        return np.exp(-np.exp(np.minimum(z, 50.0))) if self.distribution is TimeDistribution.WEIBULL else expit(-z)


def fit_payment_model(x: Vector, duration_days: Vector, is_paid: Mask) -> PaymentModel:
    """The likelier of the two distributions. Raises `OpenKamError` for fewer than `MINIMUM_PAID` payments."""
    models = [fit_distribution(kind, x, duration_days, is_paid) for kind in TimeDistribution]
    return max(models, key=lambda model: model.log_likelihood)


def fit_distribution(kind: TimeDistribution, x: Vector, duration_days: Vector, is_paid: Mask) -> PaymentModel:
    """Maximum likelihood for one distribution; x has a column of ones. Raises `OpenKamError` where the data cannot tell."""
    if int(is_paid.sum()) < MINIMUM_PAID:
        raise OpenKamError(
            f"{int(is_paid.sum())} invoices were paid: too few to model days to pay. Import at least {MINIMUM_PAID} settled ones."
        )
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise OpenKamError("What is told of the invoices is alike or repeats itself: leave out the columns that say nothing new.")
    log_days = np.log(np.maximum(duration_days, SHORTEST_DAYS))
    start, *_ = np.linalg.lstsq(x, log_days, rcond=None)
    scale = max(float((log_days - x @ start).std()), 0.05)
    point = np.append(start, np.log(scale))
    options = {"gtol": 1e-9, "maxiter": 500}
    best = minimize(_unlikelihood, point, args=(kind, x, log_days, is_paid), jac=True, method="BFGS", options=options)
    value, _ = _unlikelihood(best.x, kind, x, log_days, is_paid)
    errors = np.sqrt(np.diag(np.linalg.inv(_curvature(best.x, kind, x, log_days, is_paid))) / len(x))
    # The density of days is that of log days over days.
    log_likelihood = -value * len(x) - float(log_days[is_paid].sum())
    return PaymentModel(kind, best.x[:-1], float(np.exp(best.x[-1])), errors, log_likelihood)


def _unlikelihood(point: Vector, kind: TimeDistribution, x: Vector, log_days: Vector, is_paid: Mask) -> tuple[float, Vector]:
    """Mean negative log-likelihood of log days, with its gradient by β and log σ."""
    scale = np.exp(np.clip(point[-1], -10, 10))
    z = np.clip((log_days - x @ point[:-1]) / scale, -700, 60)
    if kind is TimeDistribution.WEIBULL:
        # log density z − e^z − log σ, log survival −e^z
        grown = np.exp(z)
        value = np.where(is_paid, z - np.log(scale), 0.0) - grown
        slope = is_paid - grown
    else:
        # log density z − 2·log(1 + e^z) − log σ, log survival −log(1 + e^z)
        value = np.where(is_paid, z - np.log(scale), 0.0) - np.logaddexp(0, z) * (1 + is_paid)
        slope = is_paid - expit(z) * (1 + is_paid)
    gradient = np.append(x.T @ (-slope / scale), -(slope * z).sum() - is_paid.sum()) / len(x)
    return -float(value.mean()), -gradient


def _curvature(point: Vector, kind: TimeDistribution, x: Vector, log_days: Vector, is_paid: Mask) -> Vector:
    """Second derivatives of the mean negative log-likelihood, by central differences of its exact gradient."""
    step = 1e-5
    columns = []
    for shift in np.eye(len(point)) * step:
        _, above = _unlikelihood(point + shift, kind, x, log_days, is_paid)
        _, below = _unlikelihood(point - shift, kind, x, log_days, is_paid)
        columns.append((above - below) / (2 * step))
    curvature = np.array(columns)
    return (curvature + curvature.T) / 2
