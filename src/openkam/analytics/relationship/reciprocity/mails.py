"""Mails as columns: who wrote to whom and when. Neither subject nor text is asked for.

People are numbered. Number our own people before the customers': then in every pair of ours and theirs the first is ours.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from math import floor
from typing import Self

import polars as pl

from openkam.analytics.behaviour.orders import Indices, Mask
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class Mails:
    """One row per mail and recipient, in any order.

    `sender` and `recipient` are numbers from 0 to below `person_count`; `sent_at` is whole seconds since 1970-01-01 UTC. Calls and
    messages that have a side which began them may stand here too. Raises `OpenKamError` for columns of unequal length or a person
    that does not exist.
    """

    sender: Indices
    recipient: Indices
    sent_at: Indices
    person_count: int

    def __post_init__(self) -> None:
        if not len(self.sender) == len(self.recipient) == len(self.sent_at):
            raise OpenKamError("Senders, recipients and times have different lengths: give one of each per mail and recipient.")
        for people in (self.sender, self.recipient):
            if len(people) and not 0 <= people.min() <= people.max() < self.person_count:
                raise OpenKamError(
                    f"A mail names person {people.min()} to {people.max()}: number people from 0 to below {self.person_count}."
                )

    def taken(self, rows: Mask | Indices) -> Self:
        """These rows alone, people numbered as before."""
        return replace(self, sender=self.sender[rows], recipient=self.recipient[rows], sent_at=self.sent_at[rows])

    def until(self, as_of_at: datetime) -> Self:
        """What had been sent by then, between two different people; what somebody sent to himself is no contact."""
        keep = self.sender != self.recipient
        if len(self.sent_at) and self.sent_at.max() > instant(as_of_at):
            keep &= self.sent_at <= instant(as_of_at)
        return self if keep.all() else self.taken(keep)

    def without_circulars(self, largest_audience: int) -> Self:
        """Without mails to more than `largest_audience` recipients: nobody is expected to answer a circular.

        Rows of one sender at the same second count as one mail.
        """
        if largest_audience < 1:
            raise OpenKamError(f"The largest audience is {largest_audience}: give at least 1 recipient.")
        rows = pl.DataFrame({"sender": self.sender, "sent_at": self.sent_at})
        audience = rows.select(pl.len().over("sender", "sent_at"))["len"].to_numpy()
        return self.taken(audience <= largest_audience)


def instant(at: datetime) -> int:
    """Whole seconds since 1970-01-01 UTC. Raises `OpenKamError` for a time without a time zone."""
    if at.tzinfo is None:
        raise OpenKamError(f"{at} has no time zone: say where it is, for instance in UTC.")
    return floor(at.timestamp())
