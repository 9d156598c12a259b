"""The proven best selection of a model: bound it by prices, search the columns that matter, prove that no other can matter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeAlias

import numpy as np

from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds, price, relax
from openkam.analytics.selection.restricted import Outcome, Prices, solve_integer, solve_linear
from openkam.analytics.terms import OpenKamError

FIRST_COLUMNS = 400
FEW_COLUMNS = 120
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
    """The clock and the way out of a search: a deadline (seconds from now, or none) and who is told of progress."""

    time_limit_seconds: float | None = None
    progress: Progress | None = None
    stage: str = "searching"
    done: float = 0.0
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
        if self.is_cancelled():
            raise Cancelled

    def is_cancelled(self) -> bool:
        """Ask the listener whether to stop, without a new stage."""
        return self.progress is not None and self.progress(self.stage, self.done) is False


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best columns of a model, their value and a proven bound; `outcome` is OPTIMAL or, where time ran out, STOPPED."""

    outcome: Outcome
    columns: Indices
    value: float
    bound: float


def maximise(
    model: Model, watch: Watch, *, prices: Prices | None = None, start: Indices | None = None, floor: float = -np.inf
) -> Optimum | None:
    """The proven best selection, or None where there is none (or none worth at least `floor`).

    `prices` from a like model spare the relaxation where they already prove enough; `start` is a selection known to be feasible.
    """
    known = model.value(start) if start is not None else -np.inf
    lower = max(known, floor)
    is_tight = prices is None
    if prices is None:
        relaxed = relax(model, start)
        if relaxed is None:
            return None
        bounds = relaxed[1]
    else:
        bounds = price(model, prices)
    if not np.isfinite(lower):
        watch.tell("searching a first selection", 0.1)
        first = first_selection(model, bounds, watch)
        if first is None or first.outcome is Outcome.STOPPED:
            return first
        start, known, lower = first.columns, first.value, first.value
    watch.tell("proving that no other selection is better", 0.4)
    gap = bounds.bound - lower + SAME_VALUE
    kept = bounds.columns_within(gap)
    fixed = bounds.fixed_in(gap)
    if not is_tight and len(kept) > FEW_COLUMNS:
        again = solve_linear(model, kept)
        if again is None:
            return _known(model, start, known, floor)
        tighter = price(model, again.prices)
        gap = tighter.bound - lower + SAME_VALUE
        kept = np.intersect1d(kept, tighter.columns_within(gap), assume_unique=True)
        fixed |= tighter.fixed_in(gap)
        bounds = tighter
    if bounds.bound < lower - SAME_VALUE or (start is not None and bounds.bound <= known + SAME_VALUE):
        return _known(model, start, known, floor)
    best = solve_integer(
        model, kept, fixed, start=start, time_limit_seconds=watch.remaining_seconds, is_stopped=_interrupt(watch)
    )
    if watch.progress is not None and watch.is_cancelled():
        raise Cancelled
    if best.outcome is Outcome.STOPPED:
        columns, value = (best.columns, best.value) if best.value > known else (start, known)
        if columns is None:
            return None
        return Optimum(Outcome.STOPPED, columns, value, max(value, min(bounds.bound, best.bound)))
    if best.value < max(known - SAME_VALUE, floor):
        return _known(model, start, known, floor)
    return Optimum(Outcome.OPTIMAL, settle_ties(model, best.columns), best.value, best.value)


def first_selection(model: Model, bounds: Bounds, watch: Watch) -> Optimum | None:
    """The best selection among the most promising columns, taking ever more of them until there is one; None where there is none."""
    loss = bounds.loss.ravel()
    count = FIRST_COLUMNS + 2 * len(model.bounds)
    while True:
        within = np.inf if count >= len(loss) else float(np.partition(loss, count)[count])
        columns = bounds.columns_within(within) if np.isfinite(within) else np.flatnonzero(np.isfinite(loss))
        found = solve_integer(
            model,
            columns,
            model.must,
            time_limit_seconds=watch.remaining_seconds,
            is_stopped=_interrupt(watch),
        )
        if watch.progress is not None and watch.is_cancelled():
            raise Cancelled
        if len(found.columns) or (found.outcome is Outcome.OPTIMAL):
            bound = bounds.bound if found.outcome is Outcome.STOPPED else max(found.value, bounds.bound)
            return Optimum(found.outcome, found.columns, found.value, bound)
        if found.outcome is Outcome.STOPPED:
            return Optimum(Outcome.STOPPED, found.columns, -np.inf, bounds.bound)
        if not np.isfinite(within):
            return None
        count *= 8


def _known(model: Model, start: Indices | None, value: float, floor: float) -> Optimum | None:
    """The start where it is as good as anything can be, None where nothing reaches the floor."""
    if start is None or value < floor:
        return None
    return Optimum(Outcome.OPTIMAL, settle_ties(model, start), value, value)


def _interrupt(watch: Watch) -> Callable[[], bool] | None:
    return None if watch.progress is None else watch.is_cancelled


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
