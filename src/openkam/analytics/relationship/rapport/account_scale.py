"""A scale by account from few informants: each account's mean drawn to that of all, as far as informants of one account differ.

    score_ij = μ + account_j + informant_ij          account ~ N(0, σ_b²), informant ~ N(0, σ_w²)

σ_b² and σ_w² by the analysis of variance of unequal groups (Searle, Casella and McCulloch 1992). The estimate of an account with n
informants is B·μ + (1 − B)·its mean, B = σ_w² / (σ_w² + n·σ_b²).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from openkam.analytics.behaviour.account_columns import Vector, ratio
from openkam.analytics.behaviour.orders import Indices, Mask

FEWEST_INFORMANTS = 2
_FEWEST_ACCOUNTS = 3


@dataclass(frozen=True, slots=True)
class AccountScale:
    """One place per account, in the unit of the scale; NaN for an account without informants.

    `own_mean` is that of its informants. `estimate` is drawn to the mean of all and lies within `lower` to `upper` with
    `confidence`; these are NaN where the spread of informants cannot be told: with fewer than three accounts, none with two
    informants, or informants who never differ. `is_thin` marks fewer than `FEWEST_INFORMANTS`. `within` and `between` are the
    standard deviations of informants in an account and of accounts, None where not known.
    """

    own_mean: Vector
    estimate: Vector
    lower: Vector
    upper: Vector
    informants: Indices
    is_thin: Mask
    within: float | None
    between: float | None
    confidence: float


def account_scale(scores: Vector, account: Indices, account_count: int, confidence: float = 0.90) -> AccountScale:
    """Scores of informants (NaN = gave none) by account."""
    given = ~np.isnan(scores)
    place, values = account[given], scores[given]
    informants = np.bincount(place, minlength=account_count)
    own_mean = ratio(np.bincount(place, weights=values, minlength=account_count), informants)
    nowhere = np.full(account_count, np.nan)
    is_thin = informants < FEWEST_INFORMANTS
    variances = _variances(values, place, own_mean, informants)
    if variances is None:
        return AccountScale(own_mean, nowhere, nowhere, nowhere, informants, is_thin, None, None, confidence)
    within, between = variances
    n = informants[informants > 0]
    weight = 1 / (between + within / n)
    mean = float((weight * own_mean[informants > 0]).sum() / weight.sum())
    drawn = within / (within + n * between)
    estimate, error = nowhere.copy(), nowhere.copy()
    estimate[informants > 0] = drawn * mean + (1 - drawn) * own_mean[informants > 0]
    # What is left of the account's own spread, and the mean's own error as far as the estimate leans on it.
    error[informants > 0] = np.sqrt(drawn * between + drawn**2 / weight.sum())
    reach = float(norm.ppf((1 + confidence) / 2)) * error
    return AccountScale(
        own_mean,
        estimate,
        estimate - reach,
        estimate + reach,
        informants,
        is_thin,
        float(np.sqrt(within)),
        float(np.sqrt(between)),
        confidence,
    )


def _variances(values: Vector, place: Indices, own_mean: Vector, informants: Indices) -> tuple[float, float] | None:
    """σ_w² and σ_b² from the mean squares; a negative σ_b² is 0: accounts differ no more than their informants do."""
    total, groups = len(values), int((informants > 0).sum())
    if groups < _FEWEST_ACCOUNTS or total == groups:
        return None
    within = float(((values - own_mean[place]) ** 2).sum()) / (total - groups)
    if within <= 0:
        return None
    spread = informants[informants > 0] * (own_mean[informants > 0] - values.mean()) ** 2
    size = (total - float((informants**2).sum()) / total) / (groups - 1)
    return within, max((float(spread.sum()) / (groups - 1) - within) / size, 0.0)
