"""Will somebody still know them? The probability that a role keeps a warm contact while people on both sides come and go.

Each person stays with (1 − yearly turnover)^(months / 12), apart from all others. A tie carries a role on if both its people stay and
with the probability that is its strength. For fixed people of ours who stay, S,

    P(nobody left) = E_S Π_i (1 − stay_i · (1 − Π_{o ∈ S} (1 − strength_oi)))           i over their people in the role

which with one sure person of ours is the familiar Π (1 − (1 − turnover_i) · strength_i). The mean over S is exact up to
`MOST_OF_OURS` people tied to the role: every S is tried. Two ties of one person fall together, so ties are never taken as apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.terms import OpenKamError

MOST_OF_OURS = 14


@dataclass(frozen=True, slots=True)
class RoleSurvival:
    """Probability that the role still has a contact after the time asked about (share).

    None where the turnover of somebody who counts is not known: `unknown` names them. 0 where nobody of ours knows anybody.
    """

    role: str
    probability: float | None
    unknown: tuple[str, ...] = ()


def role_survival(contacts: ContactMap, role: str, horizon_months: float = 12.0) -> RoleSurvival:
    """Survival of one role over `horizon_months`. Ties below warm count by their strength: a lukewarm one may carry on too."""
    if horizon_months < 0:
        raise OpenKamError(f"The horizon is {horizon_months:g} months: give 0 or more.")
    theirs = [place for place, person in enumerate(contacts.theirs) if role in person.roles and contacts.across[:, place].any()]
    ours = [place for place in range(len(contacts.ours)) if contacts.across[place, theirs].any()]
    people = [contacts.ours[place] for place in ours], [contacts.theirs[place] for place in theirs]
    unknown = tuple(person.key for side in people for person in side if person.yearly_turnover is None)
    if unknown:
        return RoleSurvival(role, None, unknown)
    if len(ours) > MOST_OF_OURS:
        raise OpenKamError(
            f"{len(ours)} of ours know the {role}: the survival is reckoned for up to {MOST_OF_OURS}; leave out the weakest ties."
        )
    our_stay, their_stay = (_stay(side, horizon_months) for side in people)
    # Every set of ours that may stay, as a row of 0 and 1, with its probability.
    sets = np.arange(1 << len(ours))[:, None] >> np.arange(len(ours)) & 1
    weight = np.where(sets == 1, our_stay, 1 - our_stay).prod(axis=1)
    strength = contacts.across[np.ix_(ours, theirs)]
    unreached = np.where(sets[:, :, None] == 1, 1 - strength[None], 1.0).prod(axis=1)
    lost = (1 - their_stay * (1 - unreached)).prod(axis=1)
    return RoleSurvival(role, float(np.clip(1 - weight @ lost, 0.0, 1.0)))


def _stay(people: Sequence[ContactPerson], months: float) -> Vector:
    turnover = np.array([person.yearly_turnover for person in people], dtype=np.float64)
    return (1 - turnover) ** (months / 12)
