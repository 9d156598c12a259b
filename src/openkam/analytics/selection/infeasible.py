"""Why no selection keeps every limit: the smallest set of requirements that clash, and by how much.

Requirements are what a person asked for: each limit, pin, pair, and each manager's hours. The conflicting set is irreducible: without any
one of its members the others can hold together (deletion filter, Chinneck & Dravnieks 1991). Then each limit of the set is loosened
alone as little as possible, and all of them together by the smallest total share of their bounds.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, fsum

import numpy as np

from openkam.analytics.selection.column_optimum import first_selection
from openkam.analytics.selection.model import Model, build_model
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.problem import Limit, SelectionProblem, Sense, Vector
from openkam.analytics.selection.relaxation import relax
from openkam.analytics.selection.restricted import solve_elastic
from openkam.analytics.selection.search import Optimum, Watch
from openkam.analytics.selection.words import amount, limit_words
from openkam.analytics.terms import OpenKamError


SLACK = 1e-7


class RequirementKind(StrEnum):
    """What a requirement is."""

    LIMIT = "limit"
    PIN = "pin"
    CONFLICT = "conflict"
    COHERENCE = "coherence"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing asked of the selection: kind, position in the problem's tuple of that kind, and in words."""

    kind: RequirementKind
    index: int
    words: str


@dataclass(frozen=True, slots=True)
class Loosening:
    """A bound that would do: from what was asked to the nearest that works, in the limit's unit.

    `is_alone` tells whether loosening this one bound makes the whole selection possible, or only ends this conflict.
    """

    name: str
    label: str
    unit: str
    from_value: float
    to_value: float
    is_alone: bool


class InfeasibleSelectionError(OpenKamError):
    """No selection keeps every limit. `conflict` is an irreducible set, `alone` the smallest loosening of each limit of it by itself,
    `together` the loosening of several that is smallest in total (each counted as a share of its bound)."""

    def __init__(
        self, message: str, conflict: tuple[Requirement, ...], alone: tuple[Loosening, ...], together: tuple[Loosening, ...]
    ) -> None:
        super().__init__(message)
        self.conflict = conflict
        self.alone = alone
        self.together = together


def infeasible_error(problem: SelectionProblem, watch: Watch) -> InfeasibleSelectionError:
    """The error that says which requirements of an infeasible problem clash and what would mend it."""
    conflict = _irreducible(problem, requirements(problem), watch)
    alone = tuple(found for item in conflict if (found := _alone(problem, conflict, item, watch)) is not None)
    together = _together(problem, watch) if not any(found.is_alone for found in alone) else ()
    return InfeasibleSelectionError(_message(conflict, alone, together), conflict, alone, together)


def requirements(problem: SelectionProblem) -> tuple[Requirement, ...]:
    """Everything asked of the selection; what comes later is blamed rather, so limits come last."""
    name, kind = problem.accounts, RequirementKind
    found: list[Requirement] = []
    for m, manager in enumerate(problem.managers):
        found.append(Requirement(kind.MANAGER, m, f"{manager} at most {amount(problem.manager_hours[m], 'hours/year')}"))
    for k, pair in enumerate(problem.coherence):
        found.append(Requirement(kind.COHERENCE, k, f"{name[pair.first]} only with {name[pair.second]} ({pair.reason})"))
    for k, pair in enumerate(problem.conflicts):
        found.append(Requirement(kind.CONFLICT, k, f"{name[pair.first]} not with {name[pair.second]} ({pair.reason})"))
    for k, pin in enumerate(problem.pins):
        cannot = pin.is_in and problem.managers and not (problem.fit[pin.account] > 0).any()
        note = ", though no manager fits it" if cannot else ""
        found.append(Requirement(kind.PIN, k, f"{name[pin.account]} pinned {'in' if pin.is_in else 'out'} ({pin.reason}){note}"))
    for k, limit in enumerate(problem.limits):
        found.append(Requirement(kind.LIMIT, k, limit_words(limit)))
    return tuple(found)


def only(problem: SelectionProblem, kept: tuple[Requirement, ...]) -> SelectionProblem:
    """The problem with some of its requirements: other limits, pins and pairs left out, other managers never short of hours."""
    have = {(item.kind, item.index) for item in kept}
    plenty = float(problem.hours.sum()) + 1.0
    hours = [h if (RequirementKind.MANAGER, m) in have else plenty for m, h in enumerate(problem.manager_hours)]
    return replace(
        problem,
        limits=tuple(limit for k, limit in enumerate(problem.limits) if (RequirementKind.LIMIT, k) in have),
        pins=tuple(pin for k, pin in enumerate(problem.pins) if (RequirementKind.PIN, k) in have),
        conflicts=tuple(pair for k, pair in enumerate(problem.conflicts) if (RequirementKind.CONFLICT, k) in have),
        coherence=tuple(pair for k, pair in enumerate(problem.coherence) if (RequirementKind.COHERENCE, k) in have),
        manager_hours=np.array(hours),
    )


def can_hold(problem: SelectionProblem, watch: Watch) -> bool:
    """Whether any selection keeps every requirement of a problem."""
    model = build_model(problem)
    relaxed = relax(model)
    return relaxed is not None and first_selection(model, relaxed[1], watch) is not None


def _irreducible(problem: SelectionProblem, items: tuple[Requirement, ...], watch: Watch) -> tuple[Requirement, ...]:
    """Drop ever smaller runs of requirements as long as the rest still clashes."""
    kept, at, size = items, 0, max(1, len(items) // 2)
    while at < len(kept):
        watch.tell("finding which limits conflict", 0.5 + 0.4 * at / len(kept))
        rest = kept[:at] + kept[at + size :]
        if not can_hold(only(problem, rest), watch):
            kept = rest
        elif size == 1:
            at += 1
            continue
        size = max(1, min(size // 2, len(kept) - at))
    return kept


def _alone(problem: SelectionProblem, conflict: tuple[Requirement, ...], item: Requirement, watch: Watch) -> Loosening | None:
    """The nearest bound of one limit, or of one manager's hours, with which the rest can hold."""
    if item.kind not in {RequirementKind.LIMIT, RequirementKind.MANAGER}:
        return None
    for members, is_alone in ((requirements(problem), True), (conflict, False)):
        rest = only(problem, tuple(other for other in members if (other.kind, other.index) != (item.kind, item.index)))
        reached = _nearest_hours(rest, item.index, watch) if item.kind is RequirementKind.MANAGER else _nearest_bound(rest, problem.limits[item.index], watch)
        if reached is not None:
            return _loosening(problem, item, reached, is_alone=is_alone)
    return None


def _loosening(problem: SelectionProblem, item: Requirement, reached: float, *, is_alone: bool) -> Loosening:
    if item.kind is RequirementKind.MANAGER:
        name, hours = problem.managers[item.index], float(problem.manager_hours[item.index])
        return Loosening(f"manager:{name}", f"{name}", "hours/year", hours, hours + ceil(reached - hours - SLACK), is_alone)
    limit = problem.limits[item.index]
    steps = ceil(abs(reached - limit.bound) / limit.step - SLACK)
    to_value = limit.bound + steps * limit.step * (1 if limit.sense is Sense.AT_MOST else -1)
    return Loosening(limit.name, limit.label, limit.unit, limit.bound, round(to_value, 12), is_alone)


def _best_of(problem: SelectionProblem, utility: Vector, watch: Watch) -> tuple[Model, Optimum] | None:
    """The selection with the greatest sum of `utility`, whoever looks after it."""
    scale = float(np.abs(utility).max(initial=0.0)) or 1.0
    model = build_model(replace(problem, utility=utility / scale, fit=(problem.fit > 0).astype(np.float64)))
    found = maximise(model, watch)
    return None if found is None else (model, found)


def _nearest_bound(rest: SelectionProblem, limit: Limit, watch: Watch) -> float | None:
    """The extreme of a limit's left side over what the rest allows; a ratio's by Dinkelbach's iteration."""
    sign = -1.0 if limit.sense is Sense.AT_MOST else 1.0
    denominator = limit.denominator
    ratio = 0.0 if denominator is None else limit.bound
    while True:
        part = limit.numerator if denominator is None else limit.numerator - ratio * denominator
        found = _best_of(rest, sign * part, watch)
        if found is None:
            return None
        model, best = found
        taken = model.order[best.columns // model.manager_count]
        top = fsum(limit.numerator[taken].tolist())
        if denominator is None:
            return top
        beneath = fsum(denominator[taken].tolist())
        if beneath <= 0.0 or abs(top / beneath - ratio) <= SLACK * max(1.0, abs(ratio)):
            return ratio
        ratio = top / beneath


def _nearest_hours(rest: SelectionProblem, manager: int, watch: Watch) -> float | None:
    """The fewest hours of one manager with which the rest can hold."""
    scale = float(rest.hours.max(initial=0.0)) or 1.0
    model = build_model(replace(rest, utility=np.zeros(len(rest.accounts))))
    at = int(np.flatnonzero(model.manager_order == manager)[0])
    worth = np.where(np.isfinite(model.worth), 0.0, -np.inf)
    worth[:, at] = np.where(np.isfinite(model.worth[:, at]), -rest.hours[model.order] / scale, -np.inf)
    found = maximise(replace(model, worth=worth), watch)
    return None if found is None else -found.value * scale


def _together(problem: SelectionProblem, watch: Watch) -> tuple[Loosening, ...]:
    """All bounds loosened at once by the smallest total share of themselves; empty where pins and pairs clash by themselves."""
    hard = tuple(item for item in requirements(problem) if item.kind not in {RequirementKind.LIMIT, RequirementKind.MANAGER})
    model = build_model(only(problem, hard))
    full = build_model(problem)
    columns = solve_elastic(full, model.open_columns(), watch.remaining_seconds)
    if columns is None:
        return ()
    accounts, managers = np.divmod(columns, full.manager_count)
    taken = full.order[accounts]
    found: list[Loosening] = []
    for broken in full.violations(columns):
        if broken >= len(full.bounds):
            at = int(full.manager_order[broken - len(full.bounds)])
            used = fsum(problem.hours[taken[full.manager_order[managers] == at]].tolist())
            found.append(_loosening(problem, Requirement(RequirementKind.MANAGER, at, ""), used, is_alone=False))
            continue
        at = int(full.limit_order[broken])
        limit = problem.limits[at]
        reached = fsum(limit.numerator[taken].tolist())
        if limit.denominator is not None:
            reached /= fsum(limit.denominator[taken].tolist())
        found.append(_loosening(problem, Requirement(RequirementKind.LIMIT, at, ""), reached, is_alone=False))
    return tuple(found)


def _message(conflict: tuple[Requirement, ...], alone: tuple[Loosening, ...], together: tuple[Loosening, ...]) -> str:
    """The conflict and its nearest remedies in words."""
    clash = "; ".join(item.words for item in conflict)
    text = f"These cannot hold together: {clash}."
    enough = [found for found in alone if found.is_alone]
    if enough:
        return f"{text} Any one of these would do: {'; '.join(_remedy(found) for found in enough)}."
    if together:
        return f"{text} There are more conflicts than this one. Nearest: {' and '.join(_remedy(found) for found in together)}."
    return f"{text} No bound mends this: give up one of the pins or pairs."


def _remedy(found: Loosening) -> str:
    change = abs(found.to_value - found.from_value)
    direction = "more" if found.to_value > found.from_value else "less"
    return f"{found.label} {amount(found.to_value, found.unit)} instead of {amount(found.from_value, found.unit)} ({amount(change, found.unit)} {direction})"
