"""Where the map has holes: levels and functions of the customer that nobody of ours knows, and ties between unlike people."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson


@dataclass(frozen=True, slots=True)
class GroupCover:
    """A level or function at the customer: people on the map, and warm contacts among them."""

    name: str
    people: int
    warm: int

    @property
    def is_gap(self) -> bool:
        """Whether none of them is a warm contact."""
        return self.warm == 0


@dataclass(frozen=True, slots=True)
class ContactGaps:
    """What the warm ties reach.

    `levels` (the highest first) and `functions` tell the people of theirs and the warm ones. `people_without_level` and
    `people_without_function` are theirs of whom that is not known. `top_gap` is their highest level less the highest warm one
    (levels); None where no level or no warm contact with a level is known. `level_difference` is the mean of |our level − theirs|
    and `function_match` the share of ties between like functions, over the warm ties whose both ends are known; None without one.
    """

    levels: tuple[GroupCover, ...]
    functions: tuple[GroupCover, ...]
    people_without_level: int
    people_without_function: int
    top_gap: int | None
    level_difference: float | None
    function_match: float | None


def contact_gaps(contacts: ContactMap) -> ContactGaps:
    """Levels and functions of theirs against the warm ties of ours."""
    warm = contacts.warm
    is_warm = np.asarray(warm.any(axis=0), dtype=np.bool_)
    levels = [person.level for person in contacts.theirs]
    functions = [person.function for person in contacts.theirs]
    known = [level for level in levels if level is not None]
    reached = [level for level, reaches in zip(levels, is_warm, strict=True) if reaches and level is not None]
    ties = [(contacts.ours[row], contacts.theirs[column]) for row, column in np.argwhere(warm)]
    return ContactGaps(
        levels=tuple(
            GroupCover(str(level), count, reached.count(level)) for level, count in sorted(Counter(known).items(), reverse=True)
        ),
        functions=tuple(
            GroupCover(
                name, count, sum(1 for other, reaches in zip(functions, is_warm, strict=True) if reaches and other == name)
            )
            for name, count in sorted(Counter(name for name in functions if name is not None).items())
        ),
        people_without_level=levels.count(None),
        people_without_function=functions.count(None),
        top_gap=max(known) - max(reached) if reached else None,
        level_difference=_mean([_level_distance(one, other) for one, other in ties]),
        function_match=_mean([_is_like(one, other) for one, other in ties]),
    )


def _level_distance(one: ContactPerson, other: ContactPerson) -> float | None:
    return None if one.level is None or other.level is None else float(abs(one.level - other.level))


def _is_like(one: ContactPerson, other: ContactPerson) -> float | None:
    return None if one.function is None or other.function is None else float(one.function == other.function)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
