"""Conversations: who begins them, and how long each side lets the other wait.

Mails of two people belong to one conversation until nothing is said for longer than `quiet_days`. Its first mail is a *start*. A mail
that follows one of the other side in the same conversation is a *reply*; the wait began with the other's first mail since one's own
last, for since then an answer was due. Metadata cannot tell that a mail needed none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.relationship.reciprocity.mails import Mails
from openkam.analytics.relationship.reciprocity.working_hours import WorkCalendar, working_hours
from openkam.analytics.terms import OpenKamError

QUIET_DAYS = 14.0
"""Silence after which a mail between two people begins a new conversation: two working weeks."""


@dataclass(frozen=True, slots=True)
class Conversations:
    """Starts: `starter` wrote to `started_with`. Replies: `replier` answered `asker` at `replied_at`, asked at `asked_at`
    (seconds since 1970-01-01 UTC). Sorted by pair and time."""

    starter: Indices
    started_with: Indices
    replier: Indices
    asker: Indices
    asked_at: Indices
    replied_at: Indices


def conversations(mails: Mails, quiet_days: float = QUIET_DAYS) -> Conversations:
    """Starts and replies of every pair; what somebody sent to himself is left out. Mails of one second stand by sender.

    All mails count: give those of `Mails.until` a day, and `without_circulars`, to leave out the others.
    """
    if quiet_days <= 0:
        raise OpenKamError(f"A conversation ends after {quiet_days:g} quiet days: give a number above 0.")
    people = max(mails.person_count, 1)
    rows = (
        pl.DataFrame({"sender": mails.sender, "recipient": mails.recipient, "sent_at": mails.sent_at})
        .filter(pl.col("sender") != pl.col("recipient"))
        .with_columns(
            (pl.min_horizontal("sender", "recipient") * people + pl.max_horizontal("sender", "recipient")).alias("pair")
        )
        .sort("pair", "sent_at", "sender")
    )
    sender, recipient, sent_at, pair = (rows[name].to_numpy() for name in ("sender", "recipient", "sent_at", "pair"))
    follows = np.zeros(len(pair), dtype=np.bool_)
    follows[1:] = (pair[1:] == pair[:-1]) & (np.diff(sent_at) <= quiet_days * 86_400)
    # A turn is an unbroken run of mails of one side within a conversation.
    begins_turn = ~follows
    begins_turn[1:] |= sender[1:] != sender[:-1]
    turn = np.flatnonzero(begins_turn)
    is_reply = follows[turn]
    reply, asked = turn[is_reply], turn[np.flatnonzero(is_reply) - 1]
    start = np.flatnonzero(~follows)
    return Conversations(sender[start], recipient[start], sender[reply], recipient[reply], sent_at[asked], sent_at[reply])


def response_hours(talks: Conversations, calendars: Sequence[WorkCalendar], calendar_of_person: Indices) -> Vector:
    """Hours each reply took, in working hours of who replied; `calendar_of_person` is the place of everybody's calendar."""
    hours = np.full(len(talks.replier), np.nan)
    own = calendar_of_person[talks.replier]
    for place, calendar in enumerate(calendars):
        here = own == place
        if here.any():
            hours[here] = working_hours(talks.asked_at[here], talks.replied_at[here], calendar)
    if np.isnan(hours).any():
        raise OpenKamError(
            f"Somebody who replied has calendar {own[np.isnan(hours)][0]}: give the place of one of the {len(calendars)}."
        )
    return hours
