"""The ties among ours about an account: who of us worked with whom on it, as far as it is on record.

Every contact in which two of ours took part, as writer, reader or in the room, warms their pair once, as a mail does across (formulas in
`reciprocity.dyads`); so does an entry that is kept for ourselves. Circulars warm nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np

from openkam.analytics.relationship.dialogue import Meeting, everybody, is_circular
from openkam.analytics.relationship.reciprocity.dyads import HALF_LIFE_DAYS, strength, who_knows_whom
from openkam.analytics.relationship.reciprocity.mails import Mails, instant


@dataclass(frozen=True, slots=True)
class TeamTie:
    """Two of ours (keys, sorted), the warmth of what they did together and its strength (0 to 1)."""

    first: str
    second: str
    warmth: float
    strength: float


def team_ties(
    ours: Collection[str], contacts: Sequence[Meeting], as_of_at: datetime, half_life_days: float = HALF_LIFE_DAYS
) -> tuple[TeamTie, ...]:
    """Every pair of `ours` that took part in one of the contacts together until `as_of_at`, in the order of their keys."""
    keys = sorted(ours)
    place = {key: number for number, key in enumerate(keys)}
    now = instant(as_of_at)
    rows: list[tuple[int, int, int]] = []
    for contact in contacts:
        taking_part = {place[key] for key in everybody(contact) if key in place}
        if len(taking_part) > 1 and contact.at <= now and not is_circular(contact):
            rows += [(one, other, contact.at) for one, other in combinations(sorted(taking_part), 2)]
    if not rows:
        return ()
    columns = np.array(rows, dtype=np.int64)
    told = who_knows_whom(
        Mails(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy(), len(keys)), as_of_at, half_life_days
    )
    return tuple(
        TeamTie(keys[first], keys[second], warmth, strong)
        for first, second, warmth, strong in zip(
            told.first.tolist(), told.second.tolist(), told.warmth.tolist(), strength(told.warmth).tolist(), strict=True
        )
    )
