"""Satisfaction of an account's contacts: NPS, CSAT and CES, each with its interval and its whole distribution.

    NPS  = promoters (9-10) − detractors (0-6)      share, −1 to 1; interval by Tango's score (1998, Statistics in Medicine 17)
    CSAT = answers 4 and 5 of 1 to 5                share; Wilson's interval (1927)
    CES  = mean of 1 to 7                           7 = very easy; Student's interval

The usual standard error √((p + d − (p − d)²) / n) is 0 where all say the same, as if four happy contacts left no doubt. The score
intervals do not break down there. With four contacts an NPS may be off by half its range: show the distribution, never rank
accounts by it. Answers may be weighted by role or power; then n is the effective number (Σw)² / Σw² (Kish 1965).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import root_scalar
from scipy.stats import norm, t

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Mask
from openkam.analytics.shares import share_interval
from openkam.analytics.terms import OpenKamError

_EDGE = 1e-12


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`value` with its interval (`lower` to `upper` with `confidence`; None where it cannot be told) and the share of each answer.

    `counts` are those who gave each answer, whatever they weigh, and `answers` all of them; `effective` (number) is what they weigh.
    """

    value: float
    lower: float | None
    upper: float | None
    confidence: float
    distribution: dict[int, float]
    counts: dict[int, int]
    answers: int
    effective: float


def net_promoter_score(answers: Vector, weight: Vector | None = None, confidence: float = 0.90) -> Satisfaction | None:
    """NPS (share) of answers 0 to 10 (NaN = none); None where nobody answered."""
    told = _told(answers, weight, range(11))
    if told is None:
        return None
    promoters, detractors = told.share(told.values >= 9), told.share(told.values <= 6)
    interval = paired_difference(promoters * told.effective, detractors * told.effective, told.effective, confidence)
    return told.satisfaction(promoters - detractors, interval, confidence)


def customer_satisfaction(answers: Vector, weight: Vector | None = None, confidence: float = 0.90) -> Satisfaction | None:
    """CSAT (share) of answers 1 to 5: the two highest; None where nobody answered."""
    told = _told(answers, weight, range(1, 6))
    if told is None:
        return None
    share = told.share(told.values >= 4)
    return told.satisfaction(share, share_interval(share, told.effective, confidence), confidence)


def customer_effort_score(answers: Vector, weight: Vector | None = None, confidence: float = 0.90) -> Satisfaction | None:
    """CES (1 to 7, 7 = very easy). No interval below three answers, or where all are alike: a spread of 0 is not known to be 0."""
    told = _told(answers, weight, range(1, 8))
    if told is None:
        return None
    n, mean = told.effective, told.mean(told.values)
    if len(told.values) < 3 or n <= 1 or np.ptp(told.values) == 0:
        return told.satisfaction(mean, None, confidence)
    variance = told.mean((told.values - mean) ** 2) * n / (n - 1)
    reach = float(t.ppf((1 + confidence) / 2, n - 1)) * np.sqrt(variance / n)
    return told.satisfaction(mean, (max(mean - reach, 1.0), min(mean + reach, 7.0)), confidence)


def paired_difference(more: float, less: float, n: float, confidence: float) -> tuple[float, float]:
    """Tango's interval of (more − less) / n, two numbers out of one sample of n that exclude each other."""
    z = float(norm.ppf((1 + confidence) / 2))
    difference = (more - less) / n

    def score(delta: float) -> float:
        # The likeliest share of `less` under this difference is the root of a quadratic.
        b = (2 * n - more + less) * delta - more - less
        likeliest = (np.sqrt(max(b * b + 8 * n * less * delta * (1 - delta), 0.0)) - b) / (4 * n)
        variance = n * (2 * likeliest + delta * (1 - delta))
        return (more - less - n * delta) / np.sqrt(max(variance, 1e-300))

    def where(target: float, ends: tuple[float, float]) -> float:
        return float(root_scalar(lambda delta: score(delta) - target, bracket=ends, xtol=1e-13).root)

    lower = -1.0 if difference <= -1 + _EDGE else where(z, (-1 + _EDGE, difference))
    upper = 1.0 if difference >= 1 - _EDGE else where(-z, (difference, 1 - _EDGE))
    return lower, upper


@dataclass(frozen=True, slots=True)
class _Told:
    """Answers given out of `levels` and their weights, at least one of them above 0."""

    values: Vector
    weights: Vector
    levels: range

    @property
    def effective(self) -> float:
        return float(self.weights.sum()) ** 2 / float((self.weights**2).sum())

    def share(self, rows: Mask) -> float:
        return float(self.weights[rows].sum()) / float(self.weights.sum())

    def mean(self, values: Vector) -> float:
        return float(values @ self.weights) / float(self.weights.sum())

    def satisfaction(self, value: float, interval: tuple[float, float] | None, confidence: float) -> Satisfaction:
        lower, upper = interval or (None, None)
        distribution = {level: self.share(self.values == level) for level in self.levels}
        counts = {level: int((self.values == level).sum()) for level in self.levels}
        return Satisfaction(value, lower, upper, confidence, distribution, counts, len(self.values), self.effective)


def _told(answers: Vector, weight: Vector | None, levels: range) -> _Told | None:
    given = ~np.isnan(answers)
    values = answers[given]
    if not np.isin(values, levels).all():
        raise OpenKamError(f"An answer is not a whole number from {levels[0]} to {levels[-1]}.")
    weights = np.ones(len(values)) if weight is None else weight[given]
    if (weights < 0).any() or np.isnan(weights).any():
        raise OpenKamError("A weight is below 0 or missing: give every answer a weight of 0 or more.")
    return _Told(values, weights, levels) if weights.sum() > 0 else None
