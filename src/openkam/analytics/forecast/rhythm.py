"""An account's rhythm: what its gaps between orders say about the next one.

Gaps are Gamma distributed with the account's own shape k (`behaviour.regularity`) and its own pace ρ, the orders per day:
τ ~ Gamma(k, rate k·ρ), mean 1/ρ. Over accounts ρ ~ Gamma(a, rate b), a and b by maximum marginal likelihood. After n gaps of S
days the pace is Gamma(a + n·k, rate b + k·S), and with ρ integrated out the next gap follows a compound gamma (beta prime):

    P(τ ≤ t) = I_x(k, a + n·k),  x = k·t / (k·t + b + k·S)

I is the regularised incomplete beta function. A thin history leaves the population's pace in force, a long one its own.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaincc, betaincinv, digamma, gammaln

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import OrderDays
from openkam.analytics.behaviour.regularity import (
    MINIMUM_GAPS,
    PRIOR_SAMPLE,
    GapStatistics,
    fit_shape_prior,
    gap_statistics,
    shrunk_shapes,
)

MINIMUM_PACES = 10
"""Accounts with a gap that the population's pace rests on; below that a wide prior about the mean of all gaps takes its place."""

_LARGEST_SHAPE = 1e4
_SURE_ENOUGH = 1e6
"""Above so many gaps the incomplete beta function loses digits, and a gap more or less changes nothing."""


@dataclass(frozen=True, slots=True)
class PacePrior:
    """Distribution of the pace (orders per day) over accounts: Gamma with `shape` a and rate `days` b."""

    shape: float
    days: float
    account_count: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Predictive distribution of the next gap of every account, NaN where no gap of anybody is known.

    `shape` is k, `pace_shape` a + n·k, `pace_days` b + k·S (days), `gap_count` the n gaps it rests on.
    """

    shape: Vector
    pace_shape: Vector
    pace_days: Vector
    gap_count: Vector

    def survival(self, silence_days: Vector) -> Vector:
        """Probability that a gap of the account lasts longer than so many days."""
        pace_shape, pace_days = self._pace()
        scaled = self.shape * np.maximum(silence_days, 0.0)
        return betaincc(self.shape, pace_shape, scaled / (scaled + pace_days))

    def quantile(self, share: float) -> Vector:
        """Days within which that share of the account's gaps ends."""
        pace_shape, pace_days = self._pace()
        x = betaincinv(self.shape, pace_shape, share)
        return pace_days / self.shape * x / (1 - x)

    def _pace(self) -> tuple[Vector, Vector]:
        """Shape and days of the pace as one may reckon with them: both are scaled alike, so that the mean pace stays."""
        scale = np.minimum(1.0, _SURE_ENOUGH / self.pace_shape)
        return self.pace_shape * scale, self.pace_days * scale


def known_rhythm(shape: Vector, mean_gap_days: Vector) -> Rhythm:
    """The rhythm of accounts whose shape and mean gap are known without doubt."""
    certain = np.full(len(shape), _SURE_ENOUGH)
    return Rhythm(shape, certain, certain * mean_gap_days, certain / shape)


def recent_orders(orders: OrderDays, gap_count: int) -> OrderDays:
    """The last `gap_count` gaps of every account: its last orders, one more than that."""
    count = np.bincount(orders.account, minlength=orders.account_count)
    ends = np.cumsum(count)[orders.account]
    is_recent = np.arange(len(orders.account)) >= ends - gap_count - 1
    return OrderDays(orders.account[is_recent], orders.day[is_recent], orders.account_count)


def rhythm(orders: OrderDays) -> Rhythm:
    """The rhythm of every account from all gaps of `orders`; an account without a gap has the population's."""
    statistics = gap_statistics(orders)
    is_own = statistics.n >= MINIMUM_GAPS
    own = GapStatistics(statistics.n[is_own], statistics.s[is_own])
    prior = fit_shape_prior(own)
    shape = np.full(orders.account_count, prior.quantile(0.5))
    shape[is_own] = shrunk_shapes(own, prior)[0]
    account, gap = orders.gaps()
    total_days = np.bincount(account, weights=gap, minlength=orders.account_count).astype(np.float64)
    pace = fit_pace_prior(shape, statistics.n, total_days)
    return Rhythm(shape, pace.shape + statistics.n * shape, pace.days + shape * total_days, statistics.n)


def fit_pace_prior(shape: Vector, gap_count: Vector, total_days: Vector) -> PacePrior:
    """a and b of the pace over accounts with a gap, from their shapes, numbers of gaps and days in them.

    log L(a, b) = Σ lgamma(a + n·k) − lgamma(a) + a·log b − (a + n·k)·log(b + k·S), on at most `PRIOR_SAMPLE` accounts taken
    evenly by mean gap. NaN without any gap.
    """
    has_gap = gap_count > 0
    count = int(has_gap.sum())
    if count == 0:
        return PacePrior(float("nan"), float("nan"), 0)
    mean_days = float(total_days.sum() / gap_count.sum())
    if count < MINIMUM_PACES:
        return PacePrior(1.0, mean_days, count)
    order = np.flatnonzero(has_gap)[np.argsort(total_days[has_gap] / gap_count[has_gap], kind="stable")]
    chosen = order[np.unique(np.linspace(0, count - 1, min(count, PRIOR_SAMPLE)).round().astype(np.int64))]
    seen, days = gap_count[chosen] * shape[chosen], shape[chosen] * total_days[chosen] / mean_days

    def unlikelihood(point: Vector) -> tuple[float, Vector]:
        a, b = np.exp(point)
        value = gammaln(a + seen) - gammaln(a) + a * np.log(b) - (a + seen) * np.log(b + days)
        slope_a = digamma(a + seen) - digamma(a) + np.log(b) - np.log(b + days)
        slope_b = a / b - (a + seen) / (b + days)
        return -float(value.mean()), -np.array([a * slope_a.mean(), b * slope_b.mean()])

    bounds = [(np.log(0.05), np.log(_LARGEST_SHAPE)), (np.log(1e-4), np.log(100 * _LARGEST_SHAPE))]
    best = minimize(unlikelihood, np.zeros(2), jac=True, method="L-BFGS-B", bounds=bounds)
    return PacePrior(float(np.exp(best.x[0])), float(np.exp(best.x[1])) * mean_days, count)
