"""What lies ahead: horizons, discounting, and means over what is uncertain about an account."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline
from scipy.special import betaln, gammaln

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError

_NODES = 96
_ROWS = 20_000
_TABLE_STEP = 0.05


def continuous_rate(discount_per_period: float) -> float:
    """δ = log(1 + d) of an effective rate d per unit of time. Raises `OpenKamError` unless it is above 0."""
    if not 0 < discount_per_period < np.inf:
        raise OpenKamError(
            f"A discount of {discount_per_period:g} per unit of time: give a rate above 0 (0.002 = 0.2 %); without one, what lies "
            "ahead has no finite sum."
        )
    return float(np.log1p(discount_per_period))


def gamma_nodes(shape: Vector) -> tuple[Vector, Vector]:
    """Nodes and weights (rows × nodes) for the mean of a smooth function of a Gamma(shape, 1) variable that falls to zero with it.

    The trapezoid rule over the logarithm, which converges faster than any power of the step there.
    """
    # The function takes one power of the variable with it, so that the tail towards zero is as thin as that of shape + 1.
    width = 1 / np.sqrt(shape + 1)
    low = -(9 * width + 34 * width**2)
    high = np.log1p(9 * width + 34 * width**2)
    part = np.linspace(0.0, 1.0, _NODES)
    log_nodes = np.log(shape + 1)[:, None] + low[:, None] + (high - low)[:, None] * part
    log_density = shape[:, None] * log_nodes - np.exp(log_nodes) - gammaln(shape)[:, None]
    return np.exp(log_nodes), np.exp(log_density) * ((high - low) / (_NODES - 1))[:, None]


def expected_geometric_sum(a: float, b: Vector, log_odds: Vector) -> Vector:
    """Σ_{i≥0} E[(1 − θ)^i] ρ^i = E[1 / (1 − (1 − θ)ρ)] for θ ~ Beta(a, b) and ρ of these log odds, row by row.

    It is ₂F₁(1, b; a + b; ρ), which library functions give as infinite or not at all where b is large or ρ near 1. With odds y
    it is 1 + y − a y / (a + b) − E[y² θ (1 − θ) / (1 + θy)]; what is averaged falls to zero at both ends, so that the trapezoid rule
    over the log odds of θ converges as in `gamma_nodes`.
    """
    width = 9 * np.sqrt(1 / (a + 1) + 1 / (b + 1))
    low, high = width + 34 / (a + 1), width + 34 / (b + 1)
    place = (np.log((a + 1) / (b + 1)) - low)[:, None] + (low + high)[:, None] * np.linspace(0.0, 1.0, _NODES)
    log_theta, log_rest = -np.logaddexp(0, -place), -np.logaddexp(0, place)
    log_weight = (a + 1) * log_theta + (b[:, None] + 1) * log_rest - betaln(a, b)[:, None]
    above = np.exp(log_weight + 2 * log_odds[:, None] - np.logaddexp(0, log_theta + log_odds[:, None])).sum(axis=1)
    odds = np.exp(log_odds)
    return 1 + odds * b / (a + b) - above * (low + high) / (_NODES - 1)


def geometric_sum_table(a: float, b: float, low: float, high: float) -> CubicSpline:
    """The logarithm of `expected_geometric_sum` over log odds from `low` to `high`, for a thousandth of its price."""
    log_odds = np.linspace(low, high, max(8, int((high - low) / _TABLE_STEP) + 2))
    return CubicSpline(log_odds, np.log(expected_geometric_sum(a, np.full(len(log_odds), b), log_odds)))


def horizons(horizon: npt.ArrayLike, count: int) -> Vector:
    """The horizon of each account, from one for all or one for each. Raises `OpenKamError` unless they are 0 or more."""
    values = np.asarray(horizon, dtype=np.float64)
    if values.ndim > 1 or (values.ndim == 1 and len(values) != count) or not (np.isfinite(values) & (values >= 0)).all():
        raise OpenKamError("A horizon is a time of 0 or more, one for all accounts or one for each.")
    return np.broadcast_to(values, (count,))


def in_chunks(function: Callable[[slice, Vector], Vector], per_account: Vector) -> Vector:
    """The function over some accounts at a time, so that its tables stay small."""
    results = np.zeros(len(per_account))
    for start in range(0, len(per_account), _ROWS):
        rows = slice(start, start + _ROWS)
        results[rows] = function(rows, per_account[rows])
    return results
