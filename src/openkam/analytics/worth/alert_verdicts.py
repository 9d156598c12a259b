"""How many of the alerts that people looked into were losses: a share with its interval, from what they found.

It says nothing of silences that nobody was told of, so it is a precision and never a recall; the back-test of `alert_watch` does not
know it.
"""

from dataclasses import dataclass

from openkam.analytics.shares import share_interval

FEWEST_DECIDED = 5
"""Decided alerts below which a share would say nothing: 1 of 2 is anything from 9 to 91 %."""


@dataclass(frozen=True, slots=True)
class LossShare:
    """Of `decided_count` alerts `lost_count` were losses: `share` with its 95 % interval from `lower` to `upper`, None below
    `FEWEST_DECIDED`. `open_count` more were dealt with, and nobody knows yet what they were.
    """

    lost_count: int
    decided_count: int
    open_count: int
    share: float | None
    lower: float | None
    upper: float | None

    @property
    def dealt_count(self) -> int:
        """All that were dealt with."""
        return self.decided_count + self.open_count


def loss_share(lost_count: int, decided_count: int, open_count: int = 0) -> LossShare:
    """The share of losses among the alerts whose fate people know. Raises `ValueError` where more were lost than decided."""
    if not 0 <= lost_count <= decided_count:
        raise ValueError(f"{lost_count} of {decided_count} cannot have been lost.")
    if decided_count < FEWEST_DECIDED:
        return LossShare(lost_count, decided_count, open_count, None, None, None)
    lower, upper = share_interval(lost_count / decided_count, decided_count)
    return LossShare(lost_count, decided_count, open_count, lost_count / decided_count, lower, upper)
