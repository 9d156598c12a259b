"""Why no selection keeps every limit: the smallest set of requirements that clash, and by how much.

Requirements are what a person asked for: each limit, pin, pair, and each manager's hours. The conflicting set is
irreducible: without any one of its members the others can hold together (deletion filter, Chinneck & Dravnieks 1991). Then
each limit of the set is loosened alone as little as possible, and all of them together by the smallest total share of their
bounds.
"""

from openkam.analytics.selection.column_optimum import first_selection
from openkam.analytics.selection.loosening import Loosening, loosen_alone, loosen_together
from openkam.analytics.selection.model import build_model
from openkam.analytics.selection.problem import SelectionProblem
from openkam.analytics.selection.relaxation import relax
from openkam.analytics.selection.requirement import Requirement, only, requirements, without_managers
from openkam.analytics.selection.search import Watch
from openkam.analytics.selection.words import bare, bound_words
from openkam.analytics.terms import OpenKamError

MOST_NODES = 200


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


def infeasible_error(problem: SelectionProblem, watch: Watch) -> InfeasibleSelectionError:
    """The error that says which requirements of an infeasible problem clash and what would mend it.

    Managers are left aside where the rest clashes without them: the conflict is then the simpler one, and found much faster.
    """
    watch.most_nodes = MOST_NODES
    plain = without_managers(problem)
    scope = problem if can_hold(plain, watch) else plain
    asked = requirements(scope)
    conflict = min(_irreducible(scope, asked, watch), _irreducible(scope, asked[::-1], watch)[::-1], key=len)
    alone = tuple(found for item in conflict if (found := loosen_alone(scope, conflict, item, watch)) is not None)
    together = () if any(found.is_alone for found in alone) else loosen_together(scope, watch)
    return InfeasibleSelectionError(_message(conflict, alone, together), conflict, alone, together)


def can_hold(problem: SelectionProblem, watch: Watch) -> bool:
    """Whether any selection keeps every requirement of a problem; taken to be so where the search is broken off."""
    model = build_model(problem)
    relaxed = relax(model)
    return relaxed is not None and first_selection(model, relaxed[1], watch, is_any=True) is not None


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


def _message(conflict: tuple[Requirement, ...], alone: tuple[Loosening, ...], together: tuple[Loosening, ...]) -> str:
    """The conflict and its nearest remedies in words."""
    text = f"These cannot hold together: {'; '.join(item.words for item in conflict)}."
    enough = [found for found in alone if found.is_alone]
    if len(enough) == 1:
        return f"{text} Nearest: {_remedy(enough[0])}."
    if enough:
        return f"{text} Any one of these would do: {'; '.join(_remedy(found) for found in enough)}."
    if together:
        return f"{text} There are more conflicts than this one. Nearest: {' and '.join(_remedy(found) for found in together)}."
    return f"{text} No bound mends this: give up one of the pins or pairs."


def _remedy(found: Loosening) -> str:
    words = bound_words(found.label, found.unit, found.sense, found.to_value)
    change = bare(abs(found.to_value - found.from_value), found.unit)
    direction = "more" if found.to_value > found.from_value else "less"
    doubt = "" if found.is_smallest else "; a smaller change may do"
    return f"{words} instead of {bare(found.from_value, found.unit)} ({change} {direction}{doubt})"
