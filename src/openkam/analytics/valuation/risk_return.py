"""Risk and return of the mix of customers: which weights near today's would earn more for the same swings, or as much for less.

After Tarasi, Bolton, Hutt and Walker (2011, Journal of Marketing 75), who build an efficient portfolio of customer segments:
minimise wᵀΣw subject to μᵀw ≥ m, Σw = 1 and bounds near today's weights, since no customer can be sold short or doubled overnight.
A return is margin per unit of what serves the customer. Use segments, or accounts with at least `MINIMUM_PERIODS` periods.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.solver import SilentHighs
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.shrinkage import shrunk_covariance
from openkam.analytics.valuation.time_driven_costing import Matrix

MINIMUM_PERIODS = 24
"""Periods below which a covariance of single accounts says little; the result is then marked thin."""

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Mix:
    """Weights of the segments (shares of the resource), expected return and its standard deviation per period (as the returns)."""

    weights: Vector
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Frontier:
    """Efficient `mixes` from the least risk to the highest return within the bounds, and `today`.

    `same_return` has today's return with the least risk. `shrinkage` is the share of the target in the covariance, `is_thin` tells
    of fewer than `MINIMUM_PERIODS` periods.
    """

    today: Mix
    mixes: tuple[Mix, ...]
    same_return: Mix
    shrinkage: float
    is_thin: bool


@dataclass(frozen=True, slots=True)
class CustomerBeta:
    """How a customer's margin moves with the whole: `beta` = cov(margin, total) / var(total); the betas of all add up to 1.

    `reward` is mean margin less the hurdle over beta (currency per period), NaN where beta is not above zero.
    """

    beta: Vector
    reward: Vector


def efficient_frontier(margin: Matrix, resource: Matrix, weights: Vector, *, largest_shift: float, points: int = 15) -> Frontier:
    """The frontier of segments from their history, near today's `weights` (shares of the resource, adding up to 1).

    `margin` (currency) and `resource` (what serves them: hours, cost to serve, sales; above 0) are periods × segments. No weight
    moves by more than `largest_shift` (share), nor below 0 or above 1.
    """
    _check(margin, resource, weights, largest_shift, points)
    returns = margin / resource
    mean, (covariance, shrinkage) = returns.mean(axis=0), shrunk_covariance(returns)
    lower, upper = np.maximum(weights - largest_shift, 0.0), np.minimum(weights + largest_shift, 1.0)

    def mix(chosen: Vector) -> Mix:
        return Mix(chosen, float(mean @ chosen), float(np.sqrt(max(chosen @ covariance @ chosen, 0.0))))

    def least_risk(floor: float | None) -> Mix:
        return mix(least_variance(covariance, mean, lower, upper, floor))

    today, first, last = mix(weights), least_risk(None), mix(_highest_return(mean, lower, upper))
    # The last point is a corner, which needs no search: asked for its very return, the solver may find no mix at all.
    floors = np.linspace(first.mean, last.mean, points)[1:-1]
    is_line = last.mean > first.mean + 1e-12 * abs(last.mean)
    mixes = [first, *(least_risk(float(floor)) for floor in floors), last] if is_line else [first]
    return Frontier(today, tuple(mixes), least_risk(today.mean), shrinkage, len(margin) < MINIMUM_PERIODS)


def least_variance(covariance: Matrix, mean: Vector, lower: Vector, upper: Vector, floor: float | None) -> Vector:
    """Weights adding up to 1 within the bounds, with the least wᵀΣw among those that return at least `floor` (None: any).

    Solved by HiGHS. Raises `OpenKamError` where no weights within the bounds return that much.
    """
    # In units in which risk and return are about one, so that the solver's tolerances mean the same for every currency.
    risk, height = float(np.trace(covariance)) / len(mean) or 1.0, float(np.abs(mean).max()) or 1.0
    solver = SilentHighs()
    columns = range(len(mean))
    variables = [solver.addVariable(lb=float(lower[i]), ub=float(upper[i])) for i in columns]
    solver.addConstr(sum(variables[1:], start=variables[0] * 1.0) == 1.0)
    if floor is not None:
        earned = sum((variables[i] * float(mean[i] / height) for i in columns), start=variables[0] * 0.0)
        solver.addConstr(earned >= floor / height - 1e-9)
    hessian = highspy.HighsHessian()
    triangle = [(row, column) for column in columns for row in columns if row >= column]
    hessian.dim_, hessian.format_ = len(mean), highspy.HessianFormat.kTriangular
    hessian.start_ = np.array([sum(c < column for _, c in triangle) for column in range(len(mean) + 1)])
    hessian.index_ = np.array([row for row, _ in triangle])
    hessian.value_ = np.array([2.0 * covariance[row, column] / risk for row, column in triangle])
    solver.passHessian(hessian)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise OpenKamError(f"No mix within the bounds returns {floor}: allow a larger shift of weights or ask for less.")
    return np.clip(np.array(solver.getSolution().col_value), lower, upper)


def customer_beta(margin: Matrix, hurdle: float = 0.0) -> CustomerBeta:
    """Betas of customers (or segments) from their margins (currency), periods × customers.

    Raises `OpenKamError` where there are fewer than three periods or the total never moves.
    """
    if len(margin) < _FEWEST:
        raise OpenKamError(f"There are {len(margin)} periods: a beta needs at least {_FEWEST}.")
    total = margin.sum(axis=1)
    centred = total - total.mean()
    variance = float(centred @ centred)
    if variance <= 0:
        raise OpenKamError("The total is the same in every period: nothing moves with it.")
    beta = (margin - margin.mean(axis=0)).T @ centred / variance
    reward = np.divide(margin.mean(axis=0) - hurdle, beta, out=np.full(len(beta), np.nan), where=beta > 0)
    return CustomerBeta(beta, reward)


def _check(margin: Matrix, resource: Matrix, weights: Vector, largest_shift: float, points: int) -> None:
    if len(margin) < _FEWEST:
        raise OpenKamError(f"There are {len(margin)} periods: a frontier needs at least {_FEWEST}, better {MINIMUM_PERIODS}.")
    if not (resource > 0).all() or not np.isfinite(margin).all():
        raise OpenKamError("A segment lacks margin or resource in some period: join it with another, or leave it out.")
    if abs(float(weights.sum()) - 1) > 1e-6 or (weights < 0).any():
        raise OpenKamError(f"The weights add up to {weights.sum():g}: give shares of 0 or more that add up to 1.")
    if not 0 < largest_shift <= 1 or points < 2:
        raise OpenKamError("Give a largest shift above 0 and up to 1, and at least 2 points.")


def _highest_return(mean: Vector, lower: Vector, upper: Vector) -> Vector:
    """The best segments filled up first."""
    weights, left = lower.copy(), 1.0 - float(lower.sum())
    for place in np.argsort(-mean, kind="stable"):
        more = min(float(upper[place] - lower[place]), left)
        weights[place] += more
        left -= more
    return weights
