"""What every search for the best selection shares: its clock, its way out, its answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeAlias

import numpy as np

from openkam.analytics.selection.loads import LoadPrices
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.restricted import Outcome, Prices
from openkam.analytics.terms import OpenKamError

SAME_VALUE = 1e-9
"""Two objectives closer than this are the same objective."""

Progress: TypeAlias = Callable[[str, float], bool | None]
"""Told the stage in words and the share done (0 to 1); returning False cancels the search."""


class Cancelled(OpenKamError):  # noqa: N818 -- the user asked for it, so it is no error of theirs
    """The search was cancelled by its progress callback."""

    def __init__(self) -> None:
        super().__init__("The search was cancelled; nothing was changed.")


@dataclass(slots=True)
class Watch:
    """The clock and the way out of a search: a deadline (seconds from now, or none), who is told of progress, and the
    most branches of one 0/1 search (a limit that, unlike the clock, falls the same way every time)."""

    time_limit_seconds: float | None = None
    progress: Progress | None = None
    stage: str = "searching"
    done: float = 0.0
    most_nodes: int | None = None
    started: float = field(default_factory=perf_counter)

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return perf_counter() - self.started

    @property
    def remaining_seconds(self) -> float | None:
        """Seconds left, or None without a limit."""
        return None if self.time_limit_seconds is None else max(0.0, self.time_limit_seconds - self.seconds)

    def tell(self, stage: str, done: float) -> None:
        """Report progress; raises `Cancelled` where the listener says so."""
        self.stage, self.done = stage, done
        self.check()

    def is_cancelled(self) -> bool:
        """Ask the listener whether to stop, without a new stage."""
        return self.progress is not None and self.progress(self.stage, self.done) is False

    @property
    def is_over(self) -> bool:
        """Whether a limit has passed."""
        return self.remaining_seconds == 0.0

    @property
    def is_stopped(self) -> Callable[[], bool] | None:
        """What a solver asks now and then, or None where nobody listens."""
        return None if self.progress is None else self.is_cancelled

    def check(self) -> None:
        """Raise `Cancelled` where the listener says so."""
        if self.is_cancelled():
            raise Cancelled


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best columns of a model, their value and a proven bound; `outcome` is OPTIMAL or, where time ran out, STOPPED.

    `prices` are those that proved it; a like model can start from them.
    """

    outcome: Outcome
    columns: Indices
    value: float
    bound: float
    prices: Prices | LoadPrices


@dataclass(slots=True)
class Incumbent:
    """The best selection known so far (or none), and the least worth that is of interest."""

    model: Model
    columns: Indices | None = None
    floor: float = -np.inf
    value: float = field(init=False)

    def __post_init__(self) -> None:
        self.value = -np.inf if self.columns is None else self.model.value(self.columns)

    @property
    def lower(self) -> float:
        """Nothing worth less than this is of interest."""
        return max(self.value, self.floor)

    def offer(self, columns: Indices | None) -> bool:
        """Take a feasible selection where it is better than the one known; whether it was."""
        value = -np.inf if columns is None else self.model.value(columns)
        if columns is None or value <= self.value:
            return False
        self.columns, self.value = columns, value
        return True

    def proven(self, prices: Prices | LoadPrices) -> Optimum | None:
        """The answer once nothing better is left; None where nothing reaches the floor."""
        if self.columns is None or self.value < self.floor:
            return None
        return Optimum(Outcome.OPTIMAL, settle_ties(self.model, self.columns), self.value, self.value, prices)

    def stopped(self, bound: float, prices: Prices | LoadPrices) -> Optimum:
        """The answer where time ran out."""
        columns = np.zeros(0, dtype=np.int64) if self.columns is None else self.columns
        return Optimum(Outcome.STOPPED, columns, self.value, max(self.value, bound), prices)


def settle_ties(model: Model, columns: Indices) -> Indices:
    """Among accounts that are alike in every number, take those that come first by name."""
    accounts, managers = np.divmod(columns, model.manager_count)
    chosen = np.zeros(model.account_count, dtype=bool)
    chosen[accounts] = True
    paired = np.zeros(model.account_count, dtype=bool)
    paired[model.pair_rows.indices] = True
    settled = accounts.copy()
    for at in np.argsort(accounts):
        account = int(settled[at])
        if paired[account] or model.must[account]:
            continue
        alike = np.flatnonzero(model.worth[:account, managers[at]] == model.worth[account, managers[at]])
        alike = alike[~chosen[alike] & ~paired[alike] & ~model.barred[alike]]
        alike = alike[(model.hours[alike] == model.hours[account]) & (model.worth[alike] == model.worth[account]).all(axis=1)]
        alike = alike[(model.limit_rows[:, alike] == model.limit_rows[:, [account]]).all(axis=0)]
        if len(alike):
            chosen[account], chosen[alike[0]] = False, True
            settled[at] = alike[0]
    return np.sort(settled * model.manager_count + managers)
