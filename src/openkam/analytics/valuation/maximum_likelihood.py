"""Maximum likelihood of models whose parameters are all positive, from an analytic gradient.

The search runs over the logarithms of the parameters, by Newton's steps inside a trust region. Large data are first rehearsed on
an even sample, so that few passes over all of them remain. Standard errors come from the curvature at the optimum; what is flat
there, or runs off towards zero or infinity, is an error and never a number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.optimize import OptimizeResult, minimize

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError

LogLikelihood = Callable[[Vector], tuple[float, Vector]]
"""Mean log-likelihood per observation, and its gradient by log parameter, at a point of log parameters."""

RUNAWAY = 12.0
"""A log parameter (in units of its own scale) beyond this has left for zero or infinity."""

VAGUE = 10.0
"""Largest standard error of a log parameter that still says something."""

_DIFFERENCE = 1e-4
_PRECISE = 1e-7


class UnidentifiedModelError(OpenKamError):
    """The data do not say what the parameters of a model are."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Parameters by symbol, the log-likelihood of all observations at them, and the covariance of the *log* parameters."""

    parameters: dict[str, float]
    log_likelihood: float
    log_covariance: Vector

    @property
    def standard_errors(self) -> dict[str, float]:
        """Standard error of every parameter, in its own unit: the delta method from the log scale."""
        errors = np.sqrt(np.diag(self.log_covariance))
        return {name: value * float(error) for (name, value), error in zip(self.parameters.items(), errors, strict=True)}

    def draw(self, generator: np.random.Generator, draws: int) -> list[dict[str, float]]:
        """Parameters as they might be as well, each set drawn from the normal distribution of the logarithms."""
        centre = np.log(list(self.parameters.values()))
        points = np.exp(generator.multivariate_normal(centre, self.log_covariance, size=draws))
        return [dict(zip(self.parameters, map(float, point), strict=True)) for point in points]


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel:
    """A model whose parameters were fitted: what every one of them can say."""

    estimate: Estimate

    @property
    def log_likelihood(self) -> float:
        """Of all observations, at the parameters."""
        return self.estimate.log_likelihood

    @property
    def standard_errors(self) -> dict[str, float]:
        """Standard error of every parameter by its symbol."""
        return self.estimate.standard_errors

    def with_parameters(self, parameters: dict[str, float]) -> Self:
        """The same model under other parameters, as `Estimate.draw` gives them."""
        return replace(self, estimate=replace(self.estimate, parameters=parameters))


@dataclass(frozen=True, slots=True)
class Search:
    """What to maximise. `scales` are natural sizes of the parameters, at which the search starts.

    `observations` is how many the mean log-likelihood is over. `rehearsal` is the same over a sample. `advice` ends the message of
    an `UnidentifiedModelError`.
    """

    model: str
    scales: dict[str, float]
    log_likelihood: LogLikelihood
    observations: float
    advice: str
    rehearsal: LogLikelihood | None = None


def maximise(search: Search) -> Estimate:
    """Find the parameters. Raises `UnidentifiedModelError` where the data cannot tell them."""
    scales = np.log(list(search.scales.values()))
    start, bend = np.zeros(len(scales)), None
    if search.rehearsal is not None:
        rehearsal = _shifted(search.rehearsal, scales)
        rehearsed = _climb(rehearsal, start, None)
        if np.abs(rehearsed).max() < RUNAWAY:
            start, bend = rehearsed, _curvature(rehearsal, rehearsed)
    objective = _shifted(search.log_likelihood, scales)
    point = _climb(objective, start, bend)
    names = tuple(search.scales)
    _refuse_runaway(search, names, point)
    information = -_curvature(objective, point) * search.observations
    _refuse_vague(search, names, information)
    covariance: Vector = np.linalg.inv(information).astype(np.float64)
    # One more of Newton's steps, with the exact curvature, takes away what the trust region's tolerance left.
    value, gradient = objective(point)
    polished = point + covariance @ gradient * search.observations
    better, _ = objective(polished)
    if better >= value:
        point, value = polished, better
    parameters = {name: float(size) for name, size in zip(names, np.exp(scales + point), strict=True)}
    return Estimate(parameters, value * search.observations, covariance)


def _shifted(log_likelihood: LogLikelihood, scales: Vector) -> LogLikelihood:
    return lambda point: log_likelihood(point + scales)


def _climb(objective: LogLikelihood, start: Vector, bend: Vector | None) -> Vector:
    """The top near `start`; its curvature is measured on the way unless `bend` is known to be near it, which saves passes."""

    def falling(point: Vector) -> tuple[float, Vector]:
        value, gradient = objective(point)
        return -value, -gradient

    def stop_runaway(intermediate_result: OptimizeResult) -> None:
        if np.abs(intermediate_result.x).max() > RUNAWAY:
            raise StopIteration

    found = minimize(
        falling,
        start,
        jac=True,
        hess=lambda point: -(_curvature(objective, point) if bend is None else bend),
        method="trust-exact",
        callback=stop_runaway,
        options={"gtol": _PRECISE, "maxiter": 100, "initial_trust_radius": 1.0, "max_trust_radius": 4.0},
    )
    return np.asarray(found.x, dtype=np.float64)


def _curvature(objective: LogLikelihood, point: Vector) -> Vector:
    """Second derivatives, by central differences of the gradient."""
    rows: list[Vector] = []
    for step in np.eye(len(point)) * _DIFFERENCE:
        rows.append((objective(point + step)[1] - objective(point - step)[1]) / (2 * _DIFFERENCE))
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2


def _refuse_runaway(search: Search, names: Sequence[str], point: Vector) -> None:
    gone = [
        f"{name} towards {'infinity' if value > 0 else 'zero'}"
        for name, value in zip(names, point, strict=True)
        if abs(value) >= RUNAWAY
    ]
    if gone:
        raise UnidentifiedModelError(
            f"These data cannot identify the {search.model}: it fits the better the further {' and '.join(gone)} go. {search.advice}"
        )


def _refuse_vague(search: Search, names: Sequence[str], information: Vector) -> None:
    values, vectors = np.linalg.eigh(information)
    if values[0] > 1 / VAGUE**2:
        return
    weakest = np.abs(vectors[:, 0])
    vague = " and ".join(name for name, weight in zip(names, weakest, strict=True) if weight >= 0.5 * weakest.max())
    raise UnidentifiedModelError(
        f"These data cannot identify the {search.model}: its likelihood hardly changes along {vague}. {search.advice}"
    )
