"""Roles of the buying center with a warm contact, and how few people it would take to lose them.

    coverage = Σ_r w_r · 1{a warm tie leads to somebody in role r} / Σ_r w_r                                     [share]

After the roles of Webster and Wind (1972). The weights of the roles are the firm's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from openkam.analytics.relationship.coverage.contact_map import ContactMap
from openkam.analytics.terms import OpenKamError

ROLES = ("initiator", "user", "influencer", "buyer", "decider", "approver", "gatekeeper")
MOST_ROLES = 16
"""Roles up to which the bus factor is searched exactly: every set of them is tried."""


class RoleState(StrEnum):
    """What is known of a role: a warm contact, somebody whom none of us knows well, or nobody named at all."""

    COVERED = "covered"
    COLD = "cold"
    NOT_NAMED = "not named"


@dataclass(frozen=True, slots=True)
class RoleCover:
    """One role: its weight, who holds it at the customer, which of them are warm contacts and whose of ours they are (keys)."""

    role: str
    weight: float
    holders: tuple[str, ...]
    warm_holders: tuple[str, ...]
    known_by: tuple[str, ...]

    @property
    def state(self) -> RoleState:
        """Whether the role is covered, cold or not named."""
        if self.warm_holders:
            return RoleState.COVERED
        return RoleState.COLD if self.holders else RoleState.NOT_NAMED


@dataclass(frozen=True, slots=True)
class BusFactor:
    """The fewest people whose loss brings coverage below the floor: `people` (keys) is one such set, `count` its size.

    0 where coverage is below the floor as it is.
    """

    count: int
    people: tuple[str, ...]


def role_cover(contacts: ContactMap, weights: Mapping[str, float]) -> tuple[RoleCover, ...]:
    """Every role of `weights` (above 0), in their order."""
    _check(weights)
    warm = contacts.warm
    covers: list[RoleCover] = []
    for role, weight in weights.items():
        holders = [place for place, person in enumerate(contacts.theirs) if role in person.roles]
        warm_holders = [place for place in holders if warm[:, place].any()]
        known_by = [place for place in range(len(contacts.ours)) if warm[place, warm_holders].any()]
        covers.append(
            RoleCover(
                role,
                weight,
                tuple(contacts.theirs[place].key for place in holders),
                tuple(contacts.theirs[place].key for place in warm_holders),
                tuple(contacts.ours[place].key for place in known_by),
            )
        )
    return tuple(covers)


def coverage(covers: tuple[RoleCover, ...]) -> float:
    """Weight of the covered roles over that of all (share)."""
    return sum(cover.weight for cover in covers if cover.warm_holders) / sum(cover.weight for cover in covers)


def bus_factor(covers: tuple[RoleCover, ...], *, on_our_side: bool, floor: float = 0.5) -> BusFactor:
    """The fewest of theirs (or of ours) whose loss brings coverage below `floor` (share): exact, by trying every set of roles.

    Whoever wants a set of roles lost must lose all warm contacts in them, and their number is what the set costs.
    """
    if not 0 < floor <= 1:
        raise OpenKamError(f"Coverage must not fall below {floor:g}: give a share above 0 and up to 1.")
    if len(covers) > MOST_ROLES:
        raise OpenKamError(f"There are {len(covers)} roles: the bus factor is searched for up to {MOST_ROLES}.")
    total = sum(cover.weight for cover in covers)
    covered = [cover for cover in covers if cover.warm_holders]
    whole = sum(cover.weight for cover in covered)
    # Losing all roles leaves nothing, which is below any floor.
    best = tuple(sorted({key for cover in covered for key in (cover.known_by if on_our_side else cover.warm_holders)}))
    for chosen in range(1 << len(covered)):
        lost = [cover for place, cover in enumerate(covered) if chosen >> place & 1]
        # Sums of the same weights in another order differ in the last digit; a floor that is just met is kept.
        if whole - sum(cover.weight for cover in lost) >= floor * total * (1 - 1e-12):
            continue
        people = {key for cover in lost for key in (cover.known_by if on_our_side else cover.warm_holders)}
        found = tuple(sorted(people))
        if (len(found), found) < (len(best), best):
            best = found
    return BusFactor(len(best), best)


def _check(weights: Mapping[str, float]) -> None:
    if not weights or min(weights.values()) <= 0:
        raise OpenKamError("Give every role of the buying center that counts a weight above 0.")
