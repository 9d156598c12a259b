"""By how much limits must give way before any selection can keep them."""

from dataclasses import dataclass, replace
from math import ceil, fsum

import numpy as np

from openkam.analytics.selection.model import Model, build_model
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.problem import Limit, SelectionProblem, Sense, Vector
from openkam.analytics.selection.requirement import Requirement, RequirementKind, only, requirements
from openkam.analytics.selection.restricted import Outcome, solve_elastic
from openkam.analytics.selection.search import Optimum, Watch
from openkam.analytics.selection.words import used_of

SLACK = 1e-7
HOURS = "hours/year"


@dataclass(frozen=True, slots=True)
class Loosening:
    """A bound that would do: from what was asked to the nearest that works, in the limit's unit.

    `is_alone` tells whether loosening this one bound makes the whole selection possible, or only ends this conflict;
    `is_smallest` whether it is proven that no smaller change does (a hard search is broken off after a fixed number of branches).
    """

    name: str
    label: str
    unit: str
    sense: Sense
    from_value: float
    to_value: float
    is_alone: bool
    is_smallest: bool = True


def loosen_alone(
    problem: SelectionProblem, conflict: tuple[Requirement, ...], item: Requirement, watch: Watch
) -> Loosening | None:
    """The nearest bound of one limit, or of one manager's hours, with which the rest can hold."""
    if item.kind not in {RequirementKind.LIMIT, RequirementKind.MANAGER}:
        return None
    for members, is_alone in ((requirements(problem), True), (conflict, False)):
        rest = only(problem, tuple(other for other in members if (other.kind, other.index) != (item.kind, item.index)))
        if item.kind is RequirementKind.MANAGER:
            reached = _nearest_hours(rest, item.index, watch)
        else:
            reached = _nearest_bound(rest, problem.limits[item.index], watch)
        if reached is not None:
            return _loosening(problem, item, reached[0], is_alone=is_alone, is_smallest=reached[1])
    return None


def _loosening(problem: SelectionProblem, item: Requirement, reached: float, *, is_alone: bool, is_smallest: bool) -> Loosening:
    if item.kind is RequirementKind.MANAGER:
        name, hours = problem.managers[item.index], float(problem.manager_hours[item.index])
        enough = hours + ceil(reached - hours - SLACK)
        return Loosening(f"manager:{name}", f"Hours of {name}", HOURS, Sense.AT_MOST, hours, enough, is_alone, is_smallest)
    limit = problem.limits[item.index]
    steps = ceil(abs(reached - limit.bound) / limit.step - SLACK)
    to_value = limit.bound + steps * limit.step * (1 if limit.sense is Sense.AT_MOST else -1)
    return Loosening(limit.name, limit.label, limit.unit, limit.sense, limit.bound, round(to_value, 12), is_alone, is_smallest)


def _best_of(problem: SelectionProblem, utility: Vector, watch: Watch) -> tuple[Model, Optimum] | None:
    """The selection with the greatest sum of `utility`, whoever looks after it."""
    scale = float(np.abs(utility).max(initial=0.0)) or 1.0
    model = build_model(replace(problem, utility=utility / scale, fit=(problem.fit > 0).astype(np.float64)))
    found = maximise(model, watch)
    return None if found is None or not np.isfinite(found.value) else (model, found)


def _nearest_bound(rest: SelectionProblem, limit: Limit, watch: Watch) -> tuple[float, bool] | None:
    """The extreme of a limit's left side over what the rest allows; a ratio's by Dinkelbach's iteration."""
    sign = -1.0 if limit.sense is Sense.AT_MOST else 1.0
    nearest: tuple[float, bool] | None = None
    while True:
        ratio = limit.bound if nearest is None else nearest[0]
        part = limit.numerator if limit.denominator is None else limit.numerator - ratio * limit.denominator
        found = _best_of(rest, sign * part, watch)
        if found is None:
            return nearest
        model, best = found
        taken = model.order[best.columns // model.manager_count]
        is_proven = best.outcome is Outcome.OPTIMAL
        reached = used_of(limit, taken)
        if limit.denominator is None:
            return reached, is_proven
        if nearest is not None and abs(reached - limit.bound) > abs(ratio - limit.bound) - limit.step / 10:
            return ratio, is_proven
        nearest = (reached, is_proven)


def _nearest_hours(rest: SelectionProblem, manager: int, watch: Watch) -> tuple[float, bool] | None:
    """The fewest hours of one manager with which the rest can hold."""
    scale = float(rest.hours.max(initial=0.0)) or 1.0
    model = build_model(replace(rest, utility=np.zeros(len(rest.accounts))))
    at = int(np.flatnonzero(model.manager_order == manager)[0])
    worth = np.where(np.isfinite(model.worth), 0.0, -np.inf)
    worth[:, at] = np.where(np.isfinite(model.worth[:, at]), -rest.hours[model.order] / scale, -np.inf)
    found = maximise(replace(model, worth=worth), watch)
    return None if found is None or not np.isfinite(found.value) else (-found.value * scale, found.outcome is Outcome.OPTIMAL)


def loosen_together(problem: SelectionProblem, watch: Watch) -> tuple[Loosening, ...]:
    """All bounds loosened at once by the smallest total share of themselves; empty where pins and pairs clash by themselves."""
    full = build_model(problem)
    elastic = solve_elastic(full, full.open_columns(), watch.most_nodes)
    if elastic is None:
        return ()
    columns, is_proven = elastic
    accounts, managers = np.divmod(columns, full.manager_count)
    taken = full.order[accounts]
    found: list[Loosening] = []
    for broken in full.violations(columns):
        if broken >= len(full.bounds):
            at = int(full.manager_order[broken - len(full.bounds)])
            used = fsum(problem.hours[taken[full.manager_order[managers] == at]].tolist())
            found.append(
                _loosening(problem, Requirement(RequirementKind.MANAGER, at, ""), used, is_alone=False, is_smallest=is_proven)
            )
            continue
        at = int(full.limit_order[broken])
        limit = problem.limits[at]
        reached = used_of(limit, taken)
        found.append(
            _loosening(problem, Requirement(RequirementKind.LIMIT, at, ""), reached, is_alone=False, is_smallest=is_proven)
        )
    return tuple(found)
