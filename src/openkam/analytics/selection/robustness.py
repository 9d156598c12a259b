"""How the selection stands under other weights: the share of weightings in which each account is key.

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and Salminen 1998, "SMAA - Stochastic multiobjective
acceptability analysis"; Lahdelma and Salminen 2001, "SMAA-2") with the best *set* under every limit in the place of a first rank:
weights are drawn, the search is done again for each draw, and an account's share says how often it was in. Only the weights are
drawn: value functions, limits, pins and candidates stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from openkam.analytics.selection.model import Flags, Model, Vector, build_model
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.problem import SelectionProblem, Solution
from openkam.analytics.selection.restricted import Outcome
from openkam.analytics.selection.search import Progress, Watch
from openkam.analytics.selection.variants import with_utilities
from openkam.analytics.shares import share_intervals
from openkam.analytics.terms import OpenKamError

Matrix = npt.NDArray[np.float64]

DRAWS = 500
"""Weightings drawn: with so many a share is known to within 4.4 percentage points at worst (95 %)."""
FIRM = 0.95
"""In at least this share of the weightings an account is firmly in."""
SELDOM = 0.05
"""Up to this share it is hardly ever in; between the two it is contested."""
NOTEWORTHY = 0.02
"""By how much a criterion must weigh above its mean to be named as what brings an account in (share of all weight)."""
MOST_NODES = 2_000
"""Branches of one draw's search; where they do not suffice, the best found counts and the draw is told as unproven."""


class Weightings(StrEnum):
    """Which weightings are drawn: those that keep the programme's order of criteria, or any at all."""

    IN_ORDER = "in order"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Robustness:
    """What other weightings would choose; n accounts, J criteria, D draws, everything in the order of the problem.

    `weights` (D × J) are the weightings drawn, each summing to 1. `share` (n) is the part of the draws whose best selection holds
    the account, `lower` and `upper` its 95 % interval (Wilson 1927): sampling error alone. `central_weight` (n × J) is the mean of
    the weightings under which the account is in, NaN where it never is. `same_share` is the part of the draws that choose exactly
    the programme's selection, `overlap` the mean share of accounts common to both among those in either (Jaccard).
    `unproven_count` draws ended before their selection was proven best.
    """

    weightings: Weightings
    weights: Matrix
    share: Vector
    lower: Vector
    upper: Vector
    central_weight: Matrix
    same_share: float
    overlap: float
    unproven_count: int

    @property
    def draw_count(self) -> int:
        """How many weightings were drawn."""
        return len(self.weights)


def selection_robustness(
    problem: SelectionProblem,
    solution: Solution,
    *,
    draws: int = DRAWS,
    weightings: Weightings = Weightings.IN_ORDER,
    seed: int = 0,
    progress: Progress | None = None,
) -> Robustness:
    """In what share of weightings each account is key; `solution` is the selection under the programme's own weights.

    The same seed draws the same weightings, and row order changes nothing. Raises `OpenKamError` without a criterion or a draw,
    `Cancelled` where `progress` returns False.
    """
    if draws < 1 or not len(problem.weight):
        raise OpenKamError("Robustness needs a criterion and at least one draw.")
    watch = Watch(progress=progress, most_nodes=MOST_NODES)
    weights = drawn_weights(problem.weight, draws, weightings, np.random.default_rng(seed))
    model = build_model(problem)
    value = problem.value[model.order]
    chosen = np.zeros((draws, len(problem.accounts)), dtype=bool)
    unproven = 0
    start = _columns_of(model, solution)
    for number, weight in enumerate(weights):
        watch.tell(f"weighting {number + 1:,} of {draws:,}", number / draws)
        tried = with_utilities(model, problem, np.minimum(value @ weight, 1.0))
        found = maximise(tried, watch, start=start)
        if found is None:
            raise OpenKamError("The limits cannot hold together, so no weighting has a selection.")
        unproven += found.outcome is not Outcome.OPTIMAL
        start = found.columns
        chosen[number, model.order[found.columns // model.manager_count]] = True
    watch.tell("done", 1.0)
    return _told(weightings, weights, chosen, solution.chosen, unproven)


def drawn_weights(weight: Vector, draws: int, weightings: Weightings, random: np.random.Generator) -> Matrix:
    """Weightings drawn evenly from the simplex (draws × criteria); a criterion of weight 0 stays out of all of them.

    In order, a criterion that weighs more in the programme weighs more in every draw; between two that weigh the same anything
    goes. The mean of such draws is the rank order centroid (Barron and Barrett 1996).
    """
    counted = np.flatnonzero(weight > 0)
    drawn = random.dirichlet(np.ones(len(counted)), size=draws)
    if weightings is Weightings.IN_ORDER:
        # Criteria that weigh the same take their places by lot, one lot for each draw.
        lots = random.random((draws, len(counted)))
        places = np.lexsort((lots, np.broadcast_to(-weight[counted], lots.shape)), axis=1)
        falling = -np.sort(-drawn, axis=1)
        drawn = np.empty_like(falling)
        np.put_along_axis(drawn, places, falling, axis=1)
    weights = np.zeros((draws, len(weight)))
    weights[:, counted] = drawn
    return weights


def bringing_in(central_weight: Sequence[float], mean_weight: Sequence[float]) -> int | None:
    """The criterion (position) that weighs most above its mean in the weightings under which an account is in; None where none does
    so noteworthily. `mean_weight` is that of all weightings drawn.
    """
    above = [own - usual for own, usual in zip(central_weight, mean_weight, strict=True)]
    at = max(range(len(above)), key=above.__getitem__)
    return at if above[at] > NOTEWORTHY else None


def _columns_of(model: Model, solution: Solution) -> npt.NDArray[np.int64]:
    place = np.argsort(model.manager_order)
    accounts = np.flatnonzero(solution.chosen[model.order])
    managers = place[solution.manager[model.order[accounts]]] if model.has_managers else np.zeros(len(accounts), dtype=np.int64)
    return np.sort(accounts * model.manager_count + managers)


def _told(weightings: Weightings, weights: Matrix, chosen: Flags, own: Flags, unproven: int) -> Robustness:
    counts = chosen.sum(axis=0)
    share = counts / len(weights)
    lower, upper = share_intervals(share, len(weights))
    sums = chosen.T.astype(np.float64) @ weights
    either = (chosen | own).sum(axis=1)
    common = np.where(either > 0, (chosen & own).sum(axis=1) / np.maximum(either, 1), 1.0)
    return Robustness(
        weightings=weightings,
        weights=weights,
        share=share,
        lower=lower,
        upper=upper,
        central_weight=np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], np.nan),
        same_share=float((chosen == own).all(axis=1).mean()),
        overlap=float(common.mean()),
        unproven_count=unproven,
    )
