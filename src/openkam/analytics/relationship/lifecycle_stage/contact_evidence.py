"""Evidence for the gates that the map of contacts and the mails give by themselves: measured, so nobody needs to claim it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.relationship.lifecycle_stage.assessment import StageEvidence


@dataclass(frozen=True, slots=True)
class ContactBounds:
    """What is broad enough: people with a warm tie, their functions and levels, on each side; roles named; least reciprocity."""

    people: int = 5
    functions: int = 3
    levels: int = 2
    roles: int = 3
    reciprocity: float = 0.3


def contact_evidence(
    contacts: ContactMap, reciprocity: float | None, measured_on: date, bounds: ContactBounds | None = None
) -> tuple[StageEvidence, ...]:
    """Evidence about `contact`, `roles_named`, `contacts_broad` and `two_way`, for or against.

    `reciprocity` (share) is that of the account, None where nobody wrote. Where levels or functions that are not known could decide,
    there is no evidence, neither for nor against.
    """
    used = bounds or ContactBounds()
    warm = contacts.warm
    theirs = [contacts.theirs[place] for place in np.flatnonzero(warm.any(axis=0))]
    ours = [contacts.ours[place] for place in np.flatnonzero(warm.any(axis=1))]
    sides = [_is_broad(side, used) for side in (ours, theirs)]
    named = {role for person in contacts.theirs for role in person.roles}
    found: dict[str, tuple[bool | None, str]] = {
        "contact": (bool(theirs), "map of contacts"),
        "roles_named": (len(named) >= used.roles, "map of contacts"),
        "contacts_broad": (False if False in sides else None if None in sides else True, "map of contacts"),
        "two_way": (None if reciprocity is None else reciprocity >= used.reciprocity, "mails"),
    }
    return tuple(
        StageEvidence(criterion, measured_on, source, holds=holds)
        for criterion, (holds, source) in found.items()
        if holds is not None
    )


def _is_broad(people: Sequence[ContactPerson], bounds: ContactBounds) -> bool | None:
    """Whether they are many and different enough; None where what is not known of them could make up for what lacks."""
    if len(people) < bounds.people:
        return False
    functions, levels = ({person.function for person in people}, {person.level for person in people})
    unknown = sum(1 for person in people if person.function is None), sum(1 for person in people if person.level is None)
    lacking = bounds.functions - len(functions - {None}), bounds.levels - len(levels - {None})
    if max(lacking) <= 0:
        return True
    return None if all(lack <= left for lack, left in zip(lacking, unknown, strict=True)) else False
