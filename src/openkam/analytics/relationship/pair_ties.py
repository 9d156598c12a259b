"""The ties between ours and theirs alone, where nothing else of the dialogue is asked: what a people map draws.

The same contacts warm the same pairs as in `dialogue` (formulas in `reciprocity.dyads`), without the reckoning of who began and who
waited, which takes most of its time.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from openkam.analytics.relationship.dialogue import Meeting, is_circular
from openkam.analytics.relationship.reciprocity.dyads import HALF_LIFE_DAYS, strength, who_knows_whom
from openkam.analytics.relationship.reciprocity.mails import Mails, instant


class PairTie(NamedTuple):
    """One of ours and one of theirs (keys), the warmth of their contacts, its strength (0 to 1), and when they last had contact."""

    ours: str
    theirs: str
    warmth: float
    strength: float
    last_at: datetime


def pair_ties(
    ours: Collection[str], contacts: Sequence[Meeting], as_of_at: datetime, half_life_days: float = HALF_LIFE_DAYS
) -> tuple[PairTie, ...]:
    """Every pair across that had contact until `as_of_at`, the warmest first; who is not among `ours` is theirs.

    A mail warms its writer and each of the other side who read it, a contact without a writer everybody across; a circular nobody.
    """
    own, now = frozenset(ours), instant(as_of_at)
    met: list[tuple[str, str, int]] = []
    for contact in contacts:
        if contact.at > now or is_circular(contact):
            continue
        at, others = contact.at, dict.fromkeys(contact.others)
        if contact.writer is None:
            theirs = [key for key in others if key not in own]
            met += [(one, other, at) for one in others if one in own for other in theirs]
        elif contact.writer in own:
            met += [(contact.writer, other, at) for other in others if other not in own]
        else:
            met += [(other, contact.writer, at) for other in others if other in own]
    first, second = sorted({one for one, _, _ in met}), sorted({other for _, other, _ in met})
    keys = [*first, *second]
    place = {key: number for number, key in enumerate(keys)}
    columns = np.array([(place[one], place[other], at) for one, other, at in met], dtype=np.int64).reshape(-1, 3)
    told = who_knows_whom(
        Mails(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy(), len(keys)), as_of_at, half_life_days
    )
    found = [
        PairTie(keys[one], keys[other], warmth, strong, datetime.fromtimestamp(last_at, UTC))
        for one, other, warmth, strong, last_at in zip(
            told.first.tolist(),
            told.second.tolist(),
            told.warmth.tolist(),
            strength(told.warmth).tolist(),
            told.last_at.tolist(),
            strict=True,
        )
    ]
    return tuple(sorted(found, key=lambda tie: (-tie.warmth, tie.ours, tie.theirs)))
