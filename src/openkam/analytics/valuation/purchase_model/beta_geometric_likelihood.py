"""Likelihood of the beta-geometric family, grouped, with its gradient.

An account orders after Gamma(k, λ) gaps (k = 1: at random) until it stops; it may stop after each order with probability p. λ is
Gamma(r, α) and p Beta(a, b) over accounts. With x repeat orders, the last at t, observed until T:

    L = c · [ D + Σ_{j<k} A_j ],     c = α^r / (Γ(r) B(a, b)) · 1/Γ(k)^x
    D   = B(a + 1, b + x + m − 1) Γ(r + kx) / (α + t)^(r + kx)                     stopped after the last order
    A_j = B(a, b + x + m) (T − t)^j / j! · Γ(r + kx + j) / (α + T)^(r + kx + j)    j of k stages into the next gap

m = 0: only a repeat order can be the last (BG/NBD; D = 0 where x = 0). m = 1: the first order too (MBG/NBD, MBG/CNBD-k). The
product of the gaps, each to the power k − 1, is a factor without parameters; `log_gaps` adds it.

Sources: Fader, Hardie and Lee (2005), Marketing Science 24, 275-284; Batislam, Denizel and Filiztekin (2007), International
Journal of Research in Marketing 24, 201-209; Reutterer, Platzer and Schröder (2021), same journal 38, 194-215.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, gammaln

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.valuation.purchase_model.histories import Codes, Grouped, Histories

_CHUNK = 1 << 16
"""Rows at a time: what is computed for them stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Family:
    """`stages` k of a gap, and `may_stop_at_once`: whether the first order may be the last (m = 1)."""

    stages: int
    may_stop_at_once: bool

    @property
    def first_chance(self) -> int:
        """m of the formula."""
        return int(self.may_stop_at_once)


@dataclass(frozen=True, slots=True)
class Parameters:
    """r, α of the rate of stages λ (per unit of time), a, b of the probability to stop after an order."""

    r: float
    alpha: float
    a: float
    b: float


def mean_log_likelihood(grouped: Grouped, family: Family, point: Vector) -> tuple[float, Vector]:
    """Mean over customers, without the gaps' factor, and its gradient by the logarithms of r, α, a, b."""
    likelihood = _Likelihood(grouped, family, Parameters(*map(float, np.exp(point))))
    for start in range(0, len(grouped), _CHUNK):
        likelihood.add(slice(start, start + _CHUNK))
    return likelihood.mean()


def log_gap_factor(histories: Histories, family: Family, log_gaps: Vector) -> float:
    """What the gaps add to the log-likelihood: (k − 1) Σ log gap, less what `mean_log_likelihood` does not know."""
    return (family.stages - 1) * float((log_gaps * histories.customers).sum())


def parts(histories: Histories, family: Family, parameters: Parameters) -> tuple[Vector, Vector]:
    """log D (rows) and log A_j (rows × stages), without c."""
    r, alpha, a, b = parameters.r, parameters.alpha, parameters.a, parameters.b
    m, k = family.first_chance, family.stages
    x, j = histories.frequency, np.arange(k)
    shape = r + k * x
    dead = np.full(len(x), -np.inf)
    can_stop = x + m >= 1
    dead[can_stop] = betaln(a + 1, b + x[can_stop] + m - 1)
    dead = dead + gammaln(shape) - shape * np.log(alpha + histories.recency)
    alive = (
        betaln(a, b + x + m)[:, None]
        + _stage_term(histories.age - histories.recency, k)
        + gammaln(shape[:, None] + j)
        - (shape[:, None] + j) * np.log(alpha + histories.age)[:, None]
    )
    return dead, alive


def _stage_term(since_last: Vector, stages: int) -> Vector:
    """log((T − t)^j / j!), rows × stages."""
    j = np.arange(stages)
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.where(j == 0, 0.0, j * np.log(since_last)[:, None])
    return powers - gammaln(j + 1)


class _Likelihood:
    """Sums over the groups. What depends on x, t or T alone is computed once per distinct value."""

    def __init__(self, grouped: Grouped, family: Family, parameters: Parameters) -> None:
        self.grouped, self.family, self.parameters = grouped, family, parameters
        r, alpha, a, b = parameters.r, parameters.alpha, parameters.a, parameters.b
        m, k = family.first_chance, family.stages
        x = grouped.frequencies
        self.shape = r + k * x
        self.log_recency, self.log_age = np.log(alpha + grouped.recencies), np.log(alpha + grouped.ages)
        can_stop = x + m >= 1
        # Where x + m = 0 nothing can have stopped: the argument is made harmless, the weight is zero.
        self.before = np.where(can_stop, b + x + m - 1, 1.0)
        self.dead = np.where(can_stop, betaln(a + 1, self.before) + gammaln(self.shape), -np.inf)
        self.alive = betaln(a, b + x + m)[:, None] + gammaln(self.shape[:, None] + np.arange(k))
        self.value = 0.0
        self.dead_weight = np.zeros(len(x))
        self.stage_weight = np.zeros((len(x), k))
        self.by_r = self.by_alpha = 0.0

    def add(self, rows: slice) -> None:
        """Add some of the groups."""
        grouped, k = self.grouped, self.family.stages
        at, recency_at, age_at = grouped.frequency_at[rows], grouped.recency_at[rows], grouped.age_at[rows]
        customers = grouped.customers[rows]
        shape, log_recency, log_age = self.shape[at], self.log_recency[recency_at], self.log_age[age_at]
        dead = self.dead[at] - shape * log_recency
        alive = self.alive[at].T - shape * log_age
        if k > 1:
            j = np.arange(k)[:, None]
            alive += _stage_term(grouped.ages[age_at] - grouped.recencies[recency_at], k).T - j * log_age
        top = np.maximum(alive.max(axis=0), dead)
        dead = np.exp(dead - top)
        alive = np.exp(alive - top)
        total = dead + alive.sum(axis=0)
        self.value += float(customers @ (top + np.log(total)))
        scaled = customers / total
        dead *= scaled
        alive *= scaled
        self._weigh(at, dead, alive)
        at_recency = dead * shape
        at_age = (alive * (shape + np.arange(k)[:, None])).sum(axis=0)
        self.by_r -= float(dead @ log_recency + alive.sum(axis=0) @ log_age)
        alpha = self.parameters.alpha
        self.by_alpha -= float(
            at_recency @ (1 / (alpha + grouped.recencies[recency_at])) + at_age @ (1 / (alpha + grouped.ages[age_at]))
        )

    def _weigh(self, at: Codes, dead: Vector, alive: Vector) -> None:
        count = len(self.shape)
        self.dead_weight += np.bincount(at, dead, count)
        for stage, weight in enumerate(alive):
            self.stage_weight[:, stage] += np.bincount(at, weight, count)

    def mean(self) -> tuple[float, Vector]:
        """The mean and its gradient, once all groups are added."""
        r, alpha, a, b = self.parameters.r, self.parameters.alpha, self.parameters.a, self.parameters.b
        x, k = self.grouped.frequencies, self.family.stages
        alive_weight = self.stage_weight.sum(axis=1)
        weight = self.dead_weight + alive_weight
        customers = float(weight.sum())
        value = self.value + customers * (r * np.log(alpha) - gammaln(r) - betaln(a, b))
        value -= float(gammaln(k)) * float(weight @ x)
        after = b + x + self.family.first_chance
        by_r = self.by_r + customers * (np.log(alpha) - digamma(r))
        by_r += float(self.dead_weight @ digamma(self.shape))
        by_r += float((self.stage_weight * digamma(self.shape[:, None] + np.arange(k))).sum())
        by_alpha = self.by_alpha + customers * r / alpha
        both = float(weight @ digamma(a + after))
        by_a = customers * (digamma(a + b) - digamma(a)) - both
        by_a += float(self.dead_weight.sum()) * digamma(a + 1) + float(alive_weight.sum()) * digamma(a)
        by_b = customers * (digamma(a + b) - digamma(b)) - both
        by_b += float(self.dead_weight @ digamma(self.before) + alive_weight @ digamma(after))
        gradient = np.array([r * by_r, alpha * by_alpha, a * by_a, b * by_b], dtype=np.float64)
        return value / customers, gradient / customers
