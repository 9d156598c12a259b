"""Regularity: the shape k of an account's gaps between orders. 1 = random, higher = steadier, below 1 = bursts.

Gaps are Gamma distributed with shape k and a rate of the account's own. With the rate integrated out (prior 1/rate) what n gaps
say about k depends on n and s = log(mean gap) − mean(log gap) alone:

    log L(k) = lgamma(n k) − n lgamma(k) − n k (log n + s)

Accounts share strength: log k is Normal(μ, σ²) over accounts, μ and σ by maximum marginal likelihood on a grid, so that a
thin account is drawn towards the others and a long history stands for itself. The population's k is also given by Wheat and
Morrison's estimator (1990, J. Marketing Research 27, 87-93) from each account's last two gaps.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import digamma, gammaln, ndtri, zeta

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.behaviour.orders import OrderDays
from openkam.analytics.terms import Measure, Unit

MINIMUM_GAPS = 4
CONFIDENCE = 0.90
PRIOR_SAMPLE = 4000
"""Accounts that fit μ and σ: with so many their standard errors are below 2 % of σ. Taken evenly from the accounts sorted by n
and s."""

MINIMUM_PRIOR_ACCOUNTS = 10
UNINFORMED_PRIOR = (0.0, 1.0)
"""μ, σ where fewer accounts have enough gaps: centred on random buying, 90 % of shapes between 0.2 and 5."""

_LOG_K = np.linspace(np.log(0.05), np.log(500.0), 231)
_NODES = np.linspace(-5.5, 5.5, 37)
_CHUNK = 4096
"""Accounts at a time, so that the working arrays stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class ShapePrior:
    """Log-normal distribution of the shape over accounts: mean and standard deviation of log k."""

    mean: float
    deviation: float
    account_count: int

    def quantile(self, share: float) -> float:
        """The shape below which that share of accounts lies."""
        return float(np.exp(self.mean + ndtri(share) * self.deviation))


@dataclass(frozen=True, slots=True)
class GapStatistics:
    """Per account the number n of gaps and s = log(mean gap) − mean(log gap) ≥ 0 (NaN without a gap)."""

    n: Vector
    s: Vector


def catalogue(_parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    family = "regularity"
    return (
        Measure(
            "regularity_k",
            Unit.SHAPE,
            "Shape of the gaps between orders in the whole history: 1 = random, above 1 steadier; below "
            f"{MINIMUM_GAPS} gaps the population's",
            family,
        ),
        Measure("regularity_k_lower", Unit.SHAPE, "Lower end of the 90 % interval of regularity_k", family),
        Measure("regularity_k_upper", Unit.SHAPE, "Upper end of the 90 % interval of regularity_k", family),
        Measure(
            "regularity_is_thin",
            Unit.FLAG,
            f"True below {MINIMUM_GAPS} gaps: regularity_k is the population's, not its own",
            family,
        ),
    )


def regularity(orders: OrderDays) -> tuple[Columns, tuple[str, ...]]:
    """Shape, interval and flag of every account, null where it never ordered; and notes on the population."""
    has_orders = orders.count() > 0
    statistics = gap_statistics(orders)
    is_thin = ~(statistics.n >= MINIMUM_GAPS)
    own = GapStatistics(statistics.n[~is_thin], statistics.s[~is_thin])
    prior = fit_shape_prior(own)
    half = (1 - CONFIDENCE) / 2
    columns = {
        "regularity_k": np.full(len(is_thin), prior.quantile(0.5)),
        "regularity_k_lower": np.full(len(is_thin), prior.quantile(half)),
        "regularity_k_upper": np.full(len(is_thin), prior.quantile(1 - half)),
    }
    for name, values in zip(columns, shrunk_shapes(own, prior), strict=True):
        columns[name][~is_thin] = values
    columns["regularity_is_thin"] = is_thin.astype(np.float64)
    return {name: np.where(has_orders, values, np.nan) for name, values in columns.items()}, _notes(orders, prior)


def wheat_morrison_k(last_two_gaps: npt.ArrayLike) -> float:
    """Population shape from the last two gaps of each account (accounts × 2, days): k = (1 − 4 Var M) / (8 Var M), M = τ₁ / (τ₁
    + τ₂).

    NaN for fewer than two accounts. Gaps of equal length everywhere give infinity.
    """
    gaps = np.asarray(last_two_gaps, dtype=np.float64).reshape(-1, 2)
    if len(gaps) < 2:
        return float("nan")
    variance = float(np.var(gaps[:, 0] / gaps.sum(axis=1), ddof=1))
    return (1 - 4 * variance) / (8 * variance) if variance > 0 else float("inf")


def gap_statistics(orders: OrderDays) -> GapStatistics:
    """Number and spread of the gaps of every account."""
    account, gap = orders.gaps()
    n = np.bincount(account, minlength=orders.account_count).astype(np.float64)
    total = np.bincount(account, weights=gap, minlength=orders.account_count)
    logs = np.bincount(account, weights=np.log(gap), minlength=orders.account_count)
    safe = np.maximum(n, 1)
    spread = np.log(np.maximum(total, 1) / safe) - logs / safe
    return GapStatistics(n, np.where(n > 0, np.maximum(spread, 0.0), np.nan))


def fit_shape_prior(statistics: GapStatistics) -> ShapePrior:
    """μ and σ of log k over accounts, by maximum marginal likelihood; the uninformed prior for too few accounts."""
    count = len(statistics.n)
    if count < MINIMUM_PRIOR_ACCOUNTS:
        return ShapePrior(*UNINFORMED_PRIOR, count)
    order = np.lexsort((statistics.s, statistics.n))
    chosen = order[np.unique(np.linspace(0, count - 1, min(count, PRIOR_SAMPLE)).round().astype(np.int64))]
    likelihood = _log_likelihood(_LOG_K[None, :], statistics.n[chosen, None], statistics.s[chosen, None])
    likelihood = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    # Below the step of the grid the sums no longer see the prior.
    narrowest, widest = float(_LOG_K[1] - _LOG_K[0]), float(_LOG_K[-1] - _LOG_K[0])

    def unlikelihood(point: Vector) -> float:
        deviation = max(float(np.exp(point[1])), narrowest)
        density = np.exp(-0.5 * ((_LOG_K - point[0]) / deviation) ** 2)
        return -float(np.log(np.einsum("ag,g->a", likelihood, density / density.sum())).mean())

    # The search starts where the accounts lie, each taken by itself: from the middle it would run beyond a grid at whose end
    # clockwork accounts lie.
    modes = _LOG_K[likelihood.argmax(axis=1)]
    bounds = [(float(_LOG_K[0]), float(_LOG_K[-1])), (float(np.log(narrowest)), float(np.log(widest)))]
    # Clipped: the mean of equal modes at the end of the grid may round to beyond it.
    start = np.clip([modes.mean(), np.log(np.clip(modes.std(), narrowest, widest))], *np.transpose(bounds))
    settings = {"xatol": 1e-4, "fatol": 1e-9, "maxiter": 400, "initial_simplex": start + np.array([[0, 0], [0.1, 0], [0, -0.1]])}
    best = minimize(unlikelihood, start, method="Nelder-Mead", bounds=bounds, options=settings)
    return ShapePrior(float(best.x[0]), max(float(np.exp(best.x[1])), narrowest), count)


def shrunk_shapes(statistics: GapStatistics, prior: ShapePrior) -> tuple[Vector, Vector, Vector]:
    """Posterior shape of every account (geometric mean) and the ends of its interval, by quadrature about the mode."""
    results = [np.zeros(len(statistics.n)) for _ in range(3)]
    for start in range(0, len(statistics.n), _CHUNK):
        part = slice(start, start + _CHUNK)
        for target, values in zip(results, _posterior(statistics.n[part], statistics.s[part], prior), strict=True):
            target[part] = values
    return results[0], results[1], results[2]


def _posterior(n: Vector, s: Vector, prior: ShapePrior) -> tuple[Vector, Vector, Vector]:
    mode, width = _mode(n, s, prior)
    log_k = mode[:, None] + width[:, None] * _NODES
    density = _log_likelihood(log_k, n[:, None], s[:, None]) - 0.5 * ((log_k - prior.mean) / prior.deviation) ** 2
    weight = np.exp(density - density.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    cumulative = np.cumsum(weight, axis=1) - weight / 2
    half = (1 - CONFIDENCE) / 2
    middle = np.exp((weight * log_k).sum(axis=1))
    return middle, np.exp(_crossing(cumulative, log_k, half)), np.exp(_crossing(cumulative, log_k, 1 - half))


def _crossing(cumulative: Vector, log_k: Vector, level: float) -> Vector:
    """Where each row's cumulative weight passes the level; between two nodes its normal quantile is all but straight."""
    after = np.clip((cumulative < level).sum(axis=1), 1, cumulative.shape[1] - 1)
    rows = np.arange(len(cumulative))
    low, high = ndtri(cumulative[rows, after - 1]), ndtri(cumulative[rows, after])
    part = (ndtri(level) - low) / (high - low)
    return log_k[rows, after - 1] + part * (log_k[rows, after] - log_k[rows, after - 1])


def _mode(n: Vector, s: Vector, prior: ShapePrior) -> tuple[Vector, Vector]:
    """Mode of log k's posterior and its width 1/√(−second derivative), by Newton's steps; the posterior is concave in log k."""
    precision = 1 / prior.deviation**2
    log_k = np.full(len(n), prior.mean)
    bend = np.full(len(n), precision)
    for _ in range(30):
        k = np.exp(log_k)
        slope = n * k * (digamma(n * k) - digamma(k) - np.log(n) - s)
        bend = precision - slope - n * k**2 * (n * zeta(2, n * k) - zeta(2, k))
        step = np.clip((slope - precision * (log_k - prior.mean)) / bend, -1, 1)
        log_k = log_k + step
        if np.abs(step).max(initial=0.0) < 1e-4:
            break
    return log_k, 1 / np.sqrt(bend)


def _log_likelihood(log_k: Vector, n: Vector, s: Vector) -> Vector:
    k = np.exp(log_k)
    return gammaln(n * k) - n * gammaln(k) - n * k * (np.log(n) + s)


def _notes(orders: OrderDays, prior: ShapePrior) -> tuple[str, ...]:
    pairs = last_two_gaps(orders)
    shape = wheat_morrison_k(pairs)
    notes = []
    if not np.isnan(shape):
        notes.append(
            f"Regularity of the population by Wheat and Morrison over {len(pairs)} accounts: k = {shape:.2f} (1 = random)."
        )
    if prior.account_count < MINIMUM_PRIOR_ACCOUNTS:
        notes.append(
            f"Accounts with {MINIMUM_GAPS} gaps between orders or more: {prior.account_count}, too few to tell how this firm's "
            "accounts buy. Regularity is drawn towards random buying (k = 1) instead."
        )
    return tuple(notes)


def last_two_gaps(orders: OrderDays) -> Vector:
    """The last two gaps (accounts × 2, days) of every account that has two."""
    account, gap = orders.gaps()
    ends = np.flatnonzero(np.append(account[1:] != account[:-1], True)) if len(account) else np.zeros(0, dtype=np.int64)
    ends = ends[ends > 0]
    ends = ends[account[ends - 1] == account[ends]]
    return np.column_stack([gap[ends - 1], gap[ends]]).astype(np.float64)
