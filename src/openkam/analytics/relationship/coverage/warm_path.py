"""The shortest warm way from our people to somebody of theirs, by introductions along ties that exist."""

from collections.abc import Collection
from dataclasses import dataclass
from heapq import heappop, heappush

from openkam.analytics.relationship.coverage.contact_map import ContactMap


@dataclass(frozen=True, slots=True)
class WarmPath:
    """`people` (keys) from one of ours to the person wanted. `strength` is the product of its ties (0 to 1).

    A single tie is no introduction: `introductions` is the number of people in between.
    """

    people: tuple[str, ...]
    strength: float

    @property
    def introductions(self) -> int:
        """People who would have to introduce us."""
        return len(self.people) - 2


def warm_path(contacts: ContactMap, starts: Collection[str], targets: Collection[str]) -> WarmPath | None:
    """The way of fewest introductions over warm ties, the strongest of these, then the first by name; None where none leads there.

    Dijkstra (1959) on (ties, −strength): the first is what people ask for, and a product of strengths never grows along a way.
    """
    neighbours = _neighbours(contacts)
    # Ties so far, strength so far (as a negative: the strongest first), and the way.
    queue: list[tuple[int, float, tuple[str, ...]]] = [(0, -1.0, (key,)) for key in sorted(starts) if key in neighbours]
    done: set[str] = set()
    while queue:
        ties, negative, way = heappop(queue)
        here = way[-1]
        if here in targets and ties:
            return WarmPath(way, -negative)
        if here in done:
            continue
        done.add(here)
        for other, tie in neighbours[here]:
            if other not in done:
                heappush(queue, (ties + 1, negative * tie, (*way, other)))
    return None


def _neighbours(contacts: ContactMap) -> dict[str, list[tuple[str, float]]]:
    """Warm ties of everybody, of all three kinds."""
    ours, theirs = [one.key for one in contacts.ours], [one.key for one in contacts.theirs]
    found: dict[str, list[tuple[str, float]]] = {key: [] for key in (*ours, *theirs)}
    kinds = [(ours, theirs, contacts.across), (ours, ours, contacts.among_ours)]
    if contacts.among_theirs is not None:
        kinds.append((theirs, theirs, contacts.among_theirs))
    for rows, columns, ties in kinds:
        for row, one in enumerate(rows):
            for column, other in enumerate(columns):
                if one != other and ties[row, column] >= contacts.warm_at:
                    found[one].append((other, float(ties[row, column])))
                    if rows is not columns:
                        found[other].append((one, float(ties[row, column])))
    return found
