"""Initiative and response times of pairs and of accounts: who begins, and how long each side waits for the other."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from openkam.analytics.behaviour.account_columns import Vector, ratio
from openkam.analytics.behaviour.orders import Indices, Mask
from openkam.analytics.relationship.reciprocity.conversations import Conversations
from openkam.analytics.relationship.reciprocity.dyads import Dyads
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class Exchange:
    """Starts and replies of conversations put in groups 0 to below `count`; −1 is in none.

    `start_is_ours` and `reply_is_ours` tell whether our side (of a pair: its first) began or replied.
    """

    start: Indices
    start_is_ours: Mask
    reply: Indices
    reply_is_ours: Mask
    count: int


@dataclass(frozen=True, slots=True)
class Initiative:
    """One place per group: conversations that our side and theirs began."""

    ours: Indices
    theirs: Indices

    @property
    def our_share(self) -> Vector:
        """Share of the conversations that we began, NaN where there was none."""
        return ratio(self.ours, self.ours + self.theirs)


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """One place per group: median working hours until we and until they reply (NaN without a reply), and replies these rest on."""

    our_hours: Vector
    their_hours: Vector
    our_replies: Indices
    their_replies: Indices


def by_dyad(talks: Conversations, dyads: Dyads) -> Exchange:
    """One group per pair, in the order of `dyads`; pairs that are not among them are in none."""
    people = (
        int(max((values.max() for values in (dyads.second, talks.starter, talks.started_with) if len(values)), default=0)) + 1
    )
    known = dyads.first * people + dyads.second

    def place(one: Indices, other: Indices) -> Indices:
        wanted = np.minimum(one, other) * people + np.maximum(one, other)
        if not len(known):
            return np.full(len(wanted), -1)
        found = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[found] == wanted, found, -1)

    return Exchange(
        place(talks.starter, talks.started_with),
        talks.starter < talks.started_with,
        place(talks.replier, talks.asker),
        talks.replier < talks.asker,
        len(known),
    )


def by_account(talks: Conversations, account: Indices, account_count: int, our_count: int) -> Exchange:
    """One group per account; `account` is that of every person. Only what is between ours (below `our_count`) and theirs."""

    def place(one: Indices, other: Indices) -> Indices:
        is_across = (one < our_count) != (other < our_count)
        return np.where(is_across, account[np.maximum(one, other)], -1)

    return Exchange(
        place(talks.starter, talks.started_with),
        talks.starter < our_count,
        place(talks.replier, talks.asker),
        talks.replier < our_count,
        account_count,
    )


def initiative(exchange: Exchange) -> Initiative:
    """Conversations counted by who began them."""

    def count(rows: Mask) -> Indices:
        return np.bincount(exchange.start[rows], minlength=exchange.count)

    known = exchange.start >= 0
    return Initiative(count(known & exchange.start_is_ours), count(known & ~exchange.start_is_ours))


def response_time(exchange: Exchange, hours: Vector) -> ResponseTime:
    """Medians of the `hours` that each reply took (see `response_hours`). Raises `OpenKamError` unless there is one per reply."""
    if len(hours) != len(exchange.reply):
        raise OpenKamError(
            f"There are {len(exchange.reply)} replies and hours of {len(hours)}: give the hours of these conversations."
        )

    def side(rows: Mask) -> tuple[Vector, Indices]:
        place = exchange.reply[rows]
        middle = pl.DataFrame({"place": place, "hours": hours[rows]}).group_by("place").agg(pl.col("hours").median())
        medians = np.full(exchange.count, np.nan)
        medians[middle["place"].to_numpy()] = middle["hours"].to_numpy()
        return medians, np.bincount(place, minlength=exchange.count)

    known = exchange.reply >= 0
    (our_hours, our_replies), (their_hours, their_replies) = (
        side(known & exchange.reply_is_ours),
        side(known & ~exchange.reply_is_ours),
    )
    return ResponseTime(our_hours, their_hours, our_replies, their_replies)
