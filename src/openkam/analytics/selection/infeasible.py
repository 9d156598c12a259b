"""Why no selection keeps every limit: the smallest set of requirements that clash, and by how much.

Requirements are what a person asked for: each limit, pin, pair, and each manager's hours. The conflicting set is
irreducible: without any one of its members the others can hold together (deletion filter, Chinneck & Dravnieks 1991). Then
each limit of the set is loosened alone as little as possible, and all of them together by the smallest total share of their
bounds.
"""

from collections.abc import Callable, Sequence

from openkam.analytics.selection.column_optimum import first_selection
from openkam.analytics.selection.loosening import Loosening, loosen_alone, loosen_together
from openkam.analytics.selection.model import build_model
from openkam.analytics.selection.problem import SelectionProblem
from openkam.analytics.selection.relaxation import relax
from openkam.analytics.selection.requirement import Requirement, RequirementKind, only, requirements, without_managers
from openkam.analytics.selection.search import Watch
from openkam.analytics.selection.words import bare, bound_words
from openkam.analytics.terms import OpenKamError

MOST_NODES = 200
CONFLICT_SECONDS = 2.0
"""How long the conflict is looked for where the search itself was given a time limit; without one it is found whatever it takes."""
MOST_NAMED = 12
"""Requirements of a conflict that the message names."""


class InfeasibleSelectionError(OpenKamError):
    """No selection keeps every limit. `conflict` is an irreducible set, `alone` the smallest loosening of each limit of it
    by itself,
    `together` the loosening of several that is smallest in total (each counted as a share of its bound)."""

    def __init__(
        self, message: str, conflict: tuple[Requirement, ...], alone: tuple[Loosening, ...], together: tuple[Loosening, ...]
    ) -> None:
        super().__init__(message)
        self.conflict = conflict
        self.alone = alone
        self.together = together


def infeasible_error(problem: SelectionProblem, watch: Watch, *, is_relaxation_infeasible: bool) -> InfeasibleSelectionError:
    """The error that says which requirements of an infeasible problem clash and what would mend it.

    `is_relaxation_infeasible` says whether the problem's linear relaxation clashes already.
    Managers are left aside where the rest clashes without them: the conflict is then the simpler one, and found much faster. Where
    the search had a time limit, so has this: only the linear relaxation is asked where that clashes already, the conflict may hold a
    requirement more than it must, and a remedy may be missing.
    """
    watch.most_nodes = MOST_NODES
    if watch.time_limit_seconds is not None:
        watch.time_limit_seconds = watch.seconds + CONFLICT_SECONDS
    plain = without_managers(problem)
    scope, is_linear = problem, is_relaxation_infeasible
    if not can_hold(plain, watch):
        scope, is_linear = plain, not can_nearly_hold(plain, watch)
    holds = can_nearly_hold if is_linear and watch.time_limit_seconds is not None else can_hold
    asked = requirements(scope)
    conflict = _irreducible(scope, asked, watch, holds)
    if not watch.is_over:
        conflict = min(conflict, _irreducible(scope, asked[::-1], watch, holds)[::-1], key=len)
    alone: list[Loosening] = []
    for item in conflict:
        if not watch.is_over and (found := loosen_alone(scope, conflict, item, watch)) is not None:
            alone.append(found)
    together = () if watch.is_over or any(found.is_alone for found in alone) else loosen_together(scope, watch)
    return InfeasibleSelectionError(_message(conflict, alone, together, watch), conflict, tuple(alone), together)


def can_hold(problem: SelectionProblem, watch: Watch) -> bool:
    """Whether any selection keeps every requirement of a problem; taken to be so where the search is broken off."""
    model = build_model(problem)
    relaxed = relax(model)
    return relaxed is not None and first_selection(model, relaxed[1], watch, is_any=True) is not None


def can_nearly_hold(problem: SelectionProblem, _watch: Watch) -> bool:
    """Whether fractions of accounts could keep every requirement: where they cannot, no selection can."""
    return relax(build_model(problem)) is not None


def _irreducible(
    problem: SelectionProblem, items: tuple[Requirement, ...], watch: Watch, holds: Callable[[SelectionProblem, Watch], bool]
) -> tuple[Requirement, ...]:
    """Drop ever smaller runs of requirements as long as the rest still clashes, and there is time; like ones together first."""
    kept = items
    for alike in sorted({_likeness(problem, item) for item in items}):
        rest = tuple(item for item in kept if _likeness(problem, item) != alike)
        if len(kept) - len(rest) > 1 and not watch.is_over and not holds(only(problem, rest), watch):
            kept = rest
    at, size = 0, max(1, len(kept) // 2)
    while at < len(kept) and not watch.is_over:
        watch.tell("finding which limits conflict", 0.5 + 0.4 * at / len(kept))
        rest = kept[:at] + kept[at + size :]
        if not holds(only(problem, rest), watch):
            kept = rest
        elif size == 1:
            at += 1
            continue
        size = max(1, min(size // 2, len(kept) - at))
    return kept


def _likeness(problem: SelectionProblem, item: Requirement) -> str:
    """What a requirement has in common with others: all floors of regions, all managers' hours, all pins."""
    return problem.limits[item.index].name.rpartition(":")[0] if item.kind is RequirementKind.LIMIT else str(item.kind)


def _message(conflict: tuple[Requirement, ...], alone: Sequence[Loosening], together: tuple[Loosening, ...], watch: Watch) -> str:
    """The conflict and its nearest remedies in words."""
    # Managers' hours come first among the requirements and are many alike: the limits say more.
    named = [item.words for item in sorted(conflict, key=lambda item: item.kind is RequirementKind.MANAGER)]
    if len(named) > MOST_NAMED:
        named = [*named[:MOST_NAMED], f"and {len(named) - MOST_NAMED} more"]
    text = f"These cannot hold together: {'; '.join(named)}."
    enough = [found for found in alone if found.is_alone]
    if len(enough) == 1:
        return f"{text} Nearest: {_remedy(enough[0])}."
    if enough:
        return f"{text} Any one of these would do: {'; '.join(_remedy(found) for found in enough)}."
    if together:
        return f"{text} There are more conflicts than this one. Nearest: {' and '.join(_remedy(found) for found in together)}."
    if watch.is_over:
        return f"{text} There was no time to find by how much: loosen one of them."
    return f"{text} No bound mends this: give up one of the pins or pairs."


def _remedy(found: Loosening) -> str:
    words = bound_words(found.label, found.unit, found.sense, found.to_value)
    change = bare(abs(found.to_value - found.from_value), found.unit)
    direction = "more" if found.to_value > found.from_value else "less"
    doubt = "" if found.is_smallest else "; a smaller change may do"
    return f"{words} instead of {bare(found.from_value, found.unit)} ({change} {direction}{doubt})"
