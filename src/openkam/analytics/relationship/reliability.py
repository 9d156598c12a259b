"""How reliable a side is: the share of its promises that it kept in time, of those that were due.

    reliability = kept in time / (kept in time + kept late + broken + open past their day)                        [share]

with Wilson's interval (1927): three kept of three leave it open whether the fourth will be. What was withdrawn, and what is not due
yet, says nothing; a promise without a day counts once it is kept or broken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openkam.analytics.shares import share_interval
from openkam.analytics.terms import OpenKamError

STATES = ("open", "kept", "kept_late", "broken", "withdrawn")


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise: its state, one of `STATES`, and the day it is due on, None where none was named."""

    state: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """`kept_in_time` of `due` promises; `share` with its interval is None where none was due. `overdue` of them are open still."""

    kept_in_time: int
    kept_late: int
    broken: int
    overdue: int
    share: float | None
    lower: float | None
    upper: float | None
    confidence: float

    @property
    def due(self) -> int:
        """Promises that were due."""
        return self.kept_in_time + self.kept_late + self.broken + self.overdue


def reliability(promises: Sequence[Promise], as_of_on: date, confidence: float = 0.90) -> Reliability:
    """What a side's promises say on a day: one due that day is not late yet. Raises `OpenKamError` for a state not among `STATES`."""
    unknown = {promise.state for promise in promises} - set(STATES)
    if unknown:
        raise OpenKamError(f"There is no state {sorted(unknown)[0]} of a promise: use one of {', '.join(STATES)}.")

    def count(state: str) -> int:
        return sum(promise.state == state for promise in promises)

    kept, late, broken = count("kept"), count("kept_late"), count("broken")
    overdue = sum(promise.state == "open" and promise.due_on is not None and promise.due_on < as_of_on for promise in promises)
    due = kept + late + broken + overdue
    share = kept / due if due else None
    lower, upper = share_interval(share, due, confidence) if share is not None else (None, None)
    return Reliability(kept, late, broken, overdue, share, lower, upper, confidence)
