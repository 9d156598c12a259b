"""What lies ahead: horizons, discounting, and means over what is uncertain about an account."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError

_NODES = 96
_ROWS = 20_000


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
