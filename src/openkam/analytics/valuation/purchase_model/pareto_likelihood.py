"""Likelihood of the Pareto/NBD, grouped, with its gradient.

An account orders at random with rate λ until it stops, which happens at rate μ at any time; λ is Gamma(r, α), μ is Gamma(s, β) over
accounts. With x repeat orders, the last at t, observed until T:

    L = α^r Γ(r + x) / Γ(r) · [ (α + T)^−(r+x) (β / (β + T))^s + ∫_t^T (α + u)^−(r+x) s β^s (β + u)^−(s+1) du ]

The integral over the time u of stopping replaces the usual hypergeometric function: it needs no case for α < β, does not overflow, and
is differentiated under its sign. It is taken by Gauss and Legendre's rule over log(u + min(α, β)), where both factors are smooth, up to
where the integrand has fallen below e^−40 of its height.

Source: Schmittlein, Morrison and Colombo (1987), Management Science 33, 1-24.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.valuation.purchase_model.histories import Grouped, Histories

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_DEPTH = 40.0
_CHUNK = 1 << 12


@dataclass(frozen=True, slots=True)
class Parameters:
    """r, α of the rate of orders, s, β of the rate of stopping; α and β in units of time."""

    r: float
    alpha: float
    s: float
    beta: float


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Logarithms, without c: `alive` (rows), and the integrand of having stopped at the `times` (rows × nodes), weights included."""

    alive: Vector
    stopped: Vector
    times: Vector


def mean_log_likelihood(grouped: Grouped, point: Vector) -> tuple[float, Vector]:
    """Mean over customers and its gradient by the logarithms of r, α, s, β."""
    parameters = Parameters(*map(float, np.exp(point)))
    value, gradient = 0.0, np.zeros(4)
    for start in range(0, len(grouped), _CHUNK):
        rows = grouped.histories(slice(start, start + _CHUNK))
        more, slope = _sums(rows, parameters)
        value += more
        gradient += slope
    return value / grouped.total, gradient / grouped.total


def parts(histories: Histories, parameters: Parameters) -> Parts:
    """What the likelihood of each history is the sum of."""
    r, alpha, s, beta = parameters.r, parameters.alpha, parameters.s, parameters.beta
    shape = r + histories.frequency
    origin = min(alpha, beta)
    age, recency = histories.age, histories.recency
    alive = -shape * np.log(alpha + age) - s * np.log1p(age / beta)
    with np.errstate(over="ignore"):
        end = np.minimum(age, recency + (alpha + recency) * np.expm1(_DEPTH / shape))
    half = np.log1p((end - recency) / (origin + recency)) / 2
    grown = np.expm1(half[:, None] * (1 + _NODES))
    times = recency[:, None] + (origin + recency)[:, None] * grown
    with np.errstate(divide="ignore"):
        log_width = np.log(half)[:, None] + np.log(_WEIGHTS) + np.log(origin + times)
    stopped = np.log(s / beta) - shape[:, None] * np.log(alpha + times) - (s + 1) * np.log1p(times / beta) + log_width
    return Parts(alive, stopped, times)


def _sums(histories: Histories, parameters: Parameters) -> tuple[float, Vector]:
    r, alpha, s, beta = parameters.r, parameters.alpha, parameters.s, parameters.beta
    found = parts(histories, parameters)
    customers, shape, age = histories.customers, r + histories.frequency, histories.age
    top = np.maximum(found.alive, found.stopped.max(axis=1))
    alive = np.exp(found.alive - top)
    stopped = np.exp(found.stopped - top[:, None])
    total = alive + stopped.sum(axis=1)
    value = customers @ (top + np.log(total) + gammaln(shape)) + customers.sum() * (r * np.log(alpha) - gammaln(r))
    alive *= customers / total
    stopped *= (customers / total)[:, None]
    died, times = stopped.sum(axis=1), found.times
    by_r = customers @ digamma(shape) + customers.sum() * (np.log(alpha) - digamma(r))
    by_r -= alive @ np.log(alpha + age) + (stopped * np.log(alpha + times)).sum()
    by_alpha = customers.sum() * r / alpha
    by_alpha -= (alive * shape) @ (1 / (alpha + age)) + shape @ (stopped / (alpha + times)).sum(axis=1)
    by_s = died.sum() / s - alive @ np.log1p(age / beta) - (stopped * np.log1p(times / beta)).sum()
    by_beta = alive @ (s / beta * age / (beta + age))
    by_beta += (stopped * ((s + 1) / beta * times / (beta + times))).sum() - died.sum() / beta
    return float(value), np.array([r * by_r, alpha * by_alpha, s * by_s, beta * by_beta])
