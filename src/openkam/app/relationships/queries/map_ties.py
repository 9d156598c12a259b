"""Who of us knows whom of theirs, from the meetings, calls, mails and visits on record: metadata alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from django.utils import timezone

from openkam.analytics.relationship.reciprocity.dyads import strength, who_knows_whom
from openkam.analytics.relationship.reciprocity.mails import Mails
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models import Participant
from openkam.app.relationships.queries.interactions import visible_interactions
from openkam.app.relationships.terms import InteractionKind


@dataclass(frozen=True, slots=True)
class Tie:
    """One of ours knows one of theirs; `strength` from 0 to 1."""

    user_id: int
    contact_id: int
    strength: float


def ties_on(user: User, account: Account, day: date) -> Sequence[Tie] | None:
    """The ties with an account that the user sees as they were at the end of a day, in one query.

    Everybody of ours and of theirs who took part in the same interaction had one contact with each other; warmth and strength are
    those of `analytics.relationship.reciprocity.dyads`. None where the user sees no contact on record. Notes are no contact.
    """
    until = datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())
    contacts = visible_interactions(user).filter(account=account, at__lt=until).exclude(kind=InteractionKind.NOTE)
    took_part = Participant.objects.filter(interaction__in=contacts.order_by()).order_by("id")
    ours: dict[int, dict[int, datetime]] = {}
    theirs: dict[int, list[int]] = {}
    for at, interaction, one, other in took_part.values_list("interaction__at", "interaction", "user", "contact"):
        if one is not None:
            ours.setdefault(interaction, {})[one] = at
        elif other is not None:
            theirs.setdefault(interaction, []).append(other)
    pairs = [
        (one, other, int(at.timestamp()))
        for interaction, people in ours.items()
        for one, at in people.items()
        for other in theirs.get(interaction, ())
    ]
    if not pairs:
        return None
    users, people = sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})
    number = {key: place for place, key in enumerate(users)}
    their_number = {key: place + len(users) for place, key in enumerate(people)}
    mails = Mails(
        sender=np.array([number[pair[0]] for pair in pairs], dtype=np.int64),
        recipient=np.array([their_number[pair[1]] for pair in pairs], dtype=np.int64),
        sent_at=np.array([pair[2] for pair in pairs], dtype=np.int64),
        person_count=len(users) + len(people),
    )
    known = who_knows_whom(mails, min(until, datetime.now(UTC)))
    return [
        Tie(users[first], people[second - len(users)], float(tie))
        for first, second, tie in zip(known.first, known.second, strength(known.warmth), strict=True)
    ]
