"""How reliably a scale of several items measures: Cronbach's alpha with its interval, and McDonald's omega.

    α = k / (k − 1) · (1 − Σ var(item) / var(sum))                        Cronbach (1951, Psychometrika 16)
    (1 − α̂) / (1 − α) ~ F(n − 1, (n − 1)(k − 1))                          Feldt (1965, Psychometrika 30): the interval
    ω = (Σ λ)² / ((Σ λ)² + Σ ψ)                                           McDonald (1999), one factor by maximum likelihood

λ are the loadings and ψ the unique variances of the items. α assumes that all items measure the same equally well and is too low
where they do not; ω does not. Both assume one factor: a high value does not prove it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.stats import f

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.relationship.rapport.scale_items import HIGHEST, LOWEST, ScaleItem
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.time_driven_costing import Matrix

FEWEST_ITEMS = 3
_LEAST_UNIQUE = 0.005
"""Share of an item's variance that stays its own: below, maximum likelihood runs to variances under zero (Heywood cases)."""


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """α, its interval from `alpha_lower` to `alpha_upper` with `confidence`, and ω (0 to 1; α may be below 0).

    Rests on `informants` who answered every item. `is_at_bound`: an item's own variance vanished, and ω is rather too high.
    """

    alpha: float
    alpha_lower: float
    alpha_upper: float
    confidence: float
    omega: float
    loadings: Vector
    informants: int
    is_at_bound: bool


def scores_of(answers: Matrix, items: Sequence[ScaleItem]) -> Matrix:
    """Answers from 1 to 7, informants × items (NaN = not answered), with reversed items turned round."""
    if answers.shape[1] != len(items):
        raise OpenKamError(f"There are answers to {answers.shape[1]} items and {len(items)} items.")
    known = answers[~np.isnan(answers)]
    if len(known) and not (known.min() >= LOWEST and known.max() <= HIGHEST):
        raise OpenKamError(f"An answer lies outside {LOWEST} to {HIGHEST}.")
    is_reversed = np.array([item.is_reversed for item in items])
    return np.where(is_reversed, LOWEST + HIGHEST - answers, answers)


def informant_scores(scores: Matrix) -> Vector:
    """Mean of the items that each informant answered (1 to 7), NaN for one who answered fewer than `FEWEST_ITEMS`."""
    answered = (~np.isnan(scores)).sum(axis=1)
    total = np.nansum(scores, axis=1)
    return np.divide(total, answered, out=np.full(len(scores), np.nan), where=answered >= FEWEST_ITEMS)


def scale_reliability(scores: Matrix, confidence: float = 0.95) -> ScaleReliability | None:
    """Reliability from the scores (reversed items turned, see `scores_of`) of those who answered every item.

    None where fewer than `FEWEST_ITEMS` items are given, informants do not outnumber items, or an item never varies. Informants of
    several accounts may stand together: then the scale is judged, not an account.
    """
    whole = scores[~np.isnan(scores).any(axis=1)]
    n, k = whole.shape
    if k < FEWEST_ITEMS or n <= k or (np.ptp(whole, axis=0) == 0).any():
        return None
    covariance = np.cov(whole, rowvar=False)
    total = float(covariance.sum())
    if total <= 0:
        return None
    alpha = k / (k - 1) * (1 - float(np.trace(covariance)) / total)
    outside = (1 - confidence) / 2
    upper, lower = (1 - (1 - alpha) * float(f.ppf(share, n - 1, (n - 1) * (k - 1))) for share in (outside, 1 - outside))
    loadings, unique = one_factor(covariance)
    common = float(loadings.sum()) ** 2
    bound = _LEAST_UNIQUE * np.diag(covariance) * 1.01
    return ScaleReliability(
        alpha, lower, upper, confidence, common / (common + float(unique.sum())), loadings, n, bool((unique <= bound).any())
    )


def one_factor(covariance: Matrix) -> tuple[Vector, Vector]:
    """Loadings and unique variances of one factor: least log|Σ| + tr(S Σ⁻¹) with Σ = λλᵀ + ψ (Jöreskog 1967), in units of the items."""
    deviation = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviation, deviation)
    k = len(deviation)

    def discrepancy(parameters: Vector) -> tuple[float, Vector]:
        loadings, unique = parameters[:k], parameters[k:]
        implied = np.outer(loadings, loadings) + np.diag(unique)
        inverse = np.linalg.inv(implied)
        slope = inverse - inverse @ correlation @ inverse
        value = float(np.linalg.slogdet(implied)[1] + np.trace(correlation @ inverse))
        return value, np.concatenate([2 * slope @ loadings, np.diag(slope)])

    # The first principal component is near the factor and fixes its sign.
    values, vectors = np.linalg.eigh(correlation)
    first = vectors[:, -1] * np.sign(vectors[:, -1].sum() or 1.0) * np.sqrt(max(values[-1] - 1, 0.1))
    start = np.concatenate([np.clip(first, -0.95, 0.95), 1 - np.clip(first, -0.95, 0.95) ** 2])
    bounds = [(None, None)] * k + [(_LEAST_UNIQUE, None)] * k
    found = minimize(
        discrepancy, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 2000}
    )
    loadings, unique = found.x[:k] * deviation, found.x[k:] * deviation**2
    return loadings * (1.0 if loadings.sum() >= 0 else -1.0), unique
