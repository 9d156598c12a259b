"""What is asked of a selection, one requirement at a time: limits, pins, pairs and managers' hours."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from openkam.analytics.selection.problem import Pin, SelectionProblem
from openkam.analytics.selection.words import amount, limit_words

NO_MANAGER = "no manager fits it"


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
        if pin.reason == NO_MANAGER:
            found.append(Requirement(kind.PIN, k, f"{name[pin.account]}: {NO_MANAGER}"))
            continue
        found.append(Requirement(kind.PIN, k, f"{name[pin.account]} pinned {'in' if pin.is_in else 'out'} ({pin.reason})"))
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


def without_managers(problem: SelectionProblem) -> SelectionProblem:
    """The problem as if anyone could look after any number of accounts; one that no manager fits stays out."""
    if not problem.managers:
        return problem
    unfit = np.flatnonzero(~(problem.fit > 0.0).any(axis=1))
    pins = tuple(Pin(int(account), False, NO_MANAGER) for account in unfit)
    return replace(
        problem, managers=(), manager_hours=np.zeros(0), fit=np.zeros((len(problem.accounts), 0)), pins=problem.pins + pins
    )
