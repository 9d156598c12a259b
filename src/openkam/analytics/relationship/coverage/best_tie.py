"""What would help most: the one tie that, once warm, raises the coverage of the buying center most.

    gain(t) = Σ_r w_r · 1{t holds r and r has no warm contact} / Σ_r w_r                                         [share]

The gain depends on whom of theirs we come to know, not on who of us does; of ours the one who knows them best so far is named, then
the one nearest in function and level, since ties between like people form most easily (McPherson, Smith-Lovin and Cook 2001).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.relationship.coverage.roles import role_cover


@dataclass(frozen=True, slots=True)
class BestTie:
    """A tie worth making warm: who of `ours` (key) and of `theirs`, what coverage gains (share); `is_new` where none is recorded."""

    ours: str
    theirs: str
    gain: float
    is_new: bool


def best_ties(contacts: ContactMap, weights: Mapping[str, float], most: int = 3) -> tuple[BestTie, ...]:
    """Up to `most` ties to different people that each raise coverage, the largest gain first; equals by key."""
    if not contacts.ours:
        return ()
    missing = {cover.role: cover.weight for cover in role_cover(contacts, weights) if not cover.warm_holders}
    whole = sum(weights.values())
    found: list[BestTie] = []
    for place, person in enumerate(contacts.theirs):
        gain = sum(weight for role, weight in missing.items() if role in person.roles) / whole
        if gain > 0:
            strengths = contacts.across[:, place]
            nearest = min(
                range(len(contacts.ours)),
                key=lambda row: (-strengths[row], *_distance(contacts.ours[row], person), contacts.ours[row].key),
            )
            found.append(BestTie(contacts.ours[nearest].key, person.key, gain, is_new=not strengths[nearest]))
    return tuple(sorted(found, key=lambda tie: (-tie.gain, tie.theirs))[:most])


def _distance(one: ContactPerson, other: ContactPerson) -> tuple[bool, int]:
    """Unlike functions first, then levels apart; what is not known counts as far."""
    unlike = one.function is None or one.function != other.function
    return unlike, 99 if one.level is None or other.level is None else abs(one.level - other.level)
