"""Shifted beta-geometric: how many customers under contract renew, and why retention rises with tenure.

Each customer cancels at a renewal with a probability θ of its own; θ is Beta(α, β) over customers. Those likely to cancel go first, so
that who has stayed longer is likelier to stay:

    S(t) = B(α, β + t) / B(α, β)                           under contract after t renewals
    r_t  = (β + t − 1) / (α + β + t − 1)                   renews the t-th time, having renewed before
    DEL  = Σ_{t≥0} S(t) / (1 + d)^t = ₂F₁(1, β; α + β; 1/(1 + d))
    DERL = (β + m)/(α + β + m) · ₂F₁(1, β + m + 1; α + β + m + 1; 1/(1 + d))       after m renewals, just before the next

Sources: Fader and Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21, 76-90; Fader and Hardie
(2010), Customer-base valuation in a contractual setting, Marketing Science 29, 85-93.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, digamma

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import FittedModel, Search, UnidentifiedModelError, maximise
from openkam.analytics.valuation.purchase_model.ahead import continuous_rate, expected_geometric_sum

Cohort = Sequence[float] | Vector
"""Customers of one start: under contract at the start, and after each renewal."""


@dataclass(frozen=True, slots=True, eq=False)
class ShiftedBetaGeometricModel(FittedModel):
    """A fitted model: `alpha` and `beta` shape the probability to cancel over customers (mean `alpha / (alpha + beta)`).

    Its unit of time is one contract period.
    """

    name: str = "shifted beta-geometric"

    @property
    def alpha(self) -> float:
        """First shape of the probability to cancel."""
        return self.estimate.parameters["alpha"]

    @property
    def beta(self) -> float:
        """Second shape of the probability to cancel."""
        return self.estimate.parameters["beta"]

    def survival(self, renewals: npt.ArrayLike) -> Vector:
        """Share of customers under contract after so many renewals."""
        return np.exp(betaln(self.alpha, self.beta + _renewals(renewals)) - betaln(self.alpha, self.beta))

    def retention_rate(self, renewals_made: npt.ArrayLike) -> Vector:
        """Probability that a customer who has renewed so often renews once more."""
        stayed = self.beta + _renewals(renewals_made)
        return stayed / (self.alpha + stayed)

    def discounted_expected_lifetime(self, discount_per_period: float) -> float:
        """Expected contract periods of a new customer, the first one undiscounted."""
        continuous_rate(discount_per_period)
        # 1 / (1 + d) has the odds 1 / d.
        return float(expected_geometric_sum(self.alpha, np.array([self.beta]), np.array([-np.log(discount_per_period)]))[0])

    def discounted_expected_residual_lifetime(self, renewals_made: npt.ArrayLike, discount_per_period: float) -> Vector:
        """Expected contract periods ahead of customers who have renewed so often and are about to decide on the next.

        The period that begins with that decision is not discounted. It rises with tenure.
        """
        continuous_rate(discount_per_period)
        stayed = self.beta + _renewals(renewals_made) + 1
        series = expected_geometric_sum(self.alpha, stayed, np.full(len(stayed), -np.log(discount_per_period)))
        return self.retention_rate(renewals_made) * series

    def draw_residual_lifetime(
        self, renewals_made: npt.ArrayLike, discount_per_period: float, generator: np.random.Generator
    ) -> Vector:
        """Discounted contract periods ahead were each customer's own θ known, this drawn once from what its tenure says."""
        continuous_rate(discount_per_period)
        cancels = generator.beta(self.alpha, self.beta + _renewals(renewals_made))
        return (1 - cancels) * (1 + discount_per_period) / (discount_per_period + cancels)


def fit_shifted_beta_geometric(retained: Cohort | Sequence[Cohort]) -> ShiftedBetaGeometricModel:
    """Fit to customers under contract at the start and after each renewal: `[1000, 631, 468]`.

    Several cohorts, each as long as it has been observed, are fitted together. Raises `OpenKamError` for a cohort that grows,
    `UnidentifiedModelError` where the counts cannot tell the parameters.
    """
    cohorts = [_cohort(cohort) for cohort in ([retained] if np.ndim(retained[0]) == 0 else retained)]  # pyright: ignore[reportArgumentType]
    length = max(len(cohort) for cohort in cohorts)
    cancelled, staying = np.zeros(length), np.zeros(length)
    for cohort in cohorts:
        cancelled[1 : len(cohort)] += cohort[:-1] - cohort[1:]
        staying[len(cohort) - 1] += cohort[-1]
    return fit_renewals(cancelled, staying)


def fit_renewals(cancelled: Vector, staying: Vector) -> ShiftedBetaGeometricModel:
    """Fit to customers by tenure: `cancelled[t]` at their t-th renewal (`cancelled[0]` = 0), `staying[t]` after t renewals so far.

    Raises `UnidentifiedModelError` where the counts cannot tell the parameters.
    """
    if not cancelled.sum() > 0:
        raise UnidentifiedModelError(
            "No customer has cancelled, so nothing tells how long they stay: wait for more renewals, or judge the retention rate."
        )
    decisions = np.arange(len(cancelled))
    renewed = float((staying * decisions).sum() + (cancelled * (decisions - 1)).sum())
    constant = renewed / (renewed + float(cancelled.sum()))
    search = Search(
        model="shifted beta-geometric",
        scales={"alpha": 1.0, "beta": 1.0},
        log_likelihood=lambda point: mean_log_likelihood(cancelled, staying, point),
        observations=float(cancelled.sum() + staying.sum()),
        advice=f"It needs two renewals or more, and retention that rises with tenure; else a constant {constant:.1%} per renewal says all.",
    )
    return ShiftedBetaGeometricModel(maximise(search))


def mean_log_likelihood(cancelled: Vector, staying: Vector, point: Vector) -> tuple[float, Vector]:
    """Mean over customers by tenure (see `fit_renewals`), and its gradient by the logarithms of α, β."""
    alpha, beta = np.exp(point)
    t = np.arange(len(cancelled), dtype=np.float64)
    before = np.maximum(t - 1, 0)
    # Both have seen t renewals: α + 1 + β + t − 1 = α + β + t.
    both = digamma(alpha + beta + t) - digamma(alpha + beta)
    value = cancelled @ betaln(alpha + 1, beta + before) + staying @ betaln(alpha, beta + t)
    total = float(cancelled.sum() + staying.sum())
    by_alpha = cancelled @ (1 / alpha - both) - staying @ both
    by_beta = cancelled @ (digamma(beta + before) - digamma(beta) - both) + staying @ (digamma(beta + t) - digamma(beta) - both)
    return float(value) / total - float(betaln(alpha, beta)), np.array([alpha * by_alpha, beta * by_beta]) / total


def _cohort(counts: Cohort) -> Vector:
    values = np.asarray(counts, dtype=np.float64)
    if len(values) < 2:
        raise OpenKamError("A cohort needs the customers at the start and after at least one renewal.")
    if not (np.isfinite(values) & (values >= 0)).all() or (np.diff(values) > 0).any():
        raise OpenKamError(
            f"A cohort of {', '.join(f'{value:g}' for value in values)}: customers under contract may only become fewer."
        )
    return values


def _renewals(renewals: npt.ArrayLike) -> Vector:
    values = np.atleast_1d(np.asarray(renewals, dtype=np.float64))
    if not (np.isfinite(values) & (values >= 0)).all():
        raise OpenKamError("A number of renewals is 0 or more.")
    return values
