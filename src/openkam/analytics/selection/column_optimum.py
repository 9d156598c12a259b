"""The proven best selection column by column: bound it by the linear relaxation, search the columns that matter, prove no
other can."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from openkam.analytics.selection.exhaustive import Group, best_choices
from openkam.analytics.selection.loads import LoadPrices
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds, price, relax
from openkam.analytics.selection.restricted import LinearOptimum, Outcome, Prices, solve_integer
from openkam.analytics.selection.search import SAME_VALUE, Incumbent, Optimum, Watch

FIRST_COLUMNS = 40
FEW_COLUMNS = 200
QUICK_STATES = 10_000
MOST_STATES = 100_000
FIRST_GAP = 0.001
WHOLE = 1e-7
"""A relaxation takes a column whole where it takes all of it but so much."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying has shown: the answer (None where nothing is good enough) if `is_settled`; else the sharpest prices
    found, and what they prove."""

    is_settled: bool
    answer: Optimum | None
    prices: Prices
    bounds: Bounds


def try_columns(model: Model, prices: Prices, best: Incumbent, relaxed: tuple[LinearOptimum, Bounds] | None) -> Trial:
    """Try everything that prices leave possible: the prices of a like model first, then the model's own.

    `relaxed` is the model's own relaxation where it is known already.
    """
    bounds = price(model, prices)
    if relaxed is None and deepen(model, bounds, prices, best, most_states=QUICK_STATES):
        return Trial(True, best.proven(prices), prices, bounds)
    relaxed = relax(model, best.columns) if relaxed is None else relaxed
    if relaxed is None:
        return Trial(True, best.proven(prices), prices, bounds)
    prices, bounds = relaxed[0].prices, relaxed[1]
    whole = whole_columns(model, relaxed[0])
    known = -np.inf if whole is None else model.value(whole)
    is_settled = deepen(model, bounds, prices, best, most_states=MOST_STATES, known=known)
    if not is_settled:
        best.offer(whole)
    return Trial(is_settled, best.proven(prices) if is_settled else None, prices, bounds)


def maximise_columns(model: Model, watch: Watch, prices: Prices, bounds: Bounds, best: Incumbent) -> Optimum | None:
    """The proven best selection by a 0/1 search, or None where there is none (or none worth the incumbent's floor)."""
    if not np.isfinite(best.lower):
        watch.tell("searching a first selection", 0.1)
        first = first_selection(model, bounds, watch)
        if first is None or first.outcome is Outcome.STOPPED:
            return first
        best.offer(first.columns)
    watch.tell("proving that no other selection is better", 0.4)
    return search_columns(model, watch, bounds, prices, best)


def search_columns(model: Model, watch: Watch, bounds: Bounds, prices: Prices | LoadPrices, best: Incumbent) -> Optimum | None:
    """Search every column that a selection better than the incumbent could use."""
    gap = bounds.bound - best.lower + SAME_VALUE
    if gap < 0 or (best.columns is not None and gap <= 2 * SAME_VALUE):
        return best.proven(prices)
    found = solve_integer(
        model,
        bounds.columns_within(gap),
        bounds.fixed_in(gap),
        start=best.columns,
        time_limit_seconds=watch.remaining_seconds,
        most_nodes=watch.most_nodes,
        is_stopped=watch.is_stopped,
    )
    watch.check()
    if found.outcome is Outcome.STOPPED:
        best.offer(found.columns if np.isfinite(found.value) else None)
        return best.stopped(min(bounds.bound, max(found.bound, best.lower)), prices)
    best.offer(found.columns if found.outcome is Outcome.OPTIMAL else None)
    return best.proven(prices)


def whole_columns(model: Model, optimum: LinearOptimum) -> Indices | None:
    """The columns of a relaxation that takes each whole or not at all, which are then the best selection; None for any other."""
    is_taken = optimum.amounts >= 1.0 - WHOLE
    columns = np.sort(optimum.columns[is_taken])
    return columns if (optimum.amounts[~is_taken] <= WHOLE).all() and model.is_feasible(columns) else None


def deepen(model: Model, bounds: Bounds, prices: Prices, best: Incumbent, *, most_states: int, known: float = -np.inf) -> bool:
    """Try everything within a small gap, then within twice that, until a selection appears or the incumbent is reached.

    `known` is the value of a selection that is feasible, so that none worth less need be tried. It is not the incumbent: among
    selections of one value the trying finds the same one always, a relaxation does not. Whether that settled the question: the
    incumbent is then the best there is.
    """
    most = bounds.bound - max(best.lower, model.least_value, known) + SAME_VALUE
    gap = min(FIRST_GAP * max(abs(bounds.bound), 1e-9), most)
    while True:
        tried = try_all(model, bounds, prices, gap=gap, most_states=most_states)
        if tried is None:
            return False
        better = next((columns for columns in tried if model.is_feasible(columns)), None)
        best.offer(better)
        if better is not None or gap >= most:
            return True
        gap = min(2.0 * gap, most)


def try_all(model: Model, bounds: Bounds, prices: Prices, *, gap: float, most_states: int) -> Iterator[Indices] | None:
    """Every selection within the gap, the best first; None where they are too many to try."""
    if gap < 0:
        return iter(())
    kept = bounds.columns_within(gap)
    if len(kept) > FEW_COLUMNS:
        return None
    accounts, managers = np.divmod(kept, model.manager_count)
    finite = np.flatnonzero(np.isfinite(model.capacity))
    use = [model.limit_rows[:, accounts].T]
    if model.pair_count:
        use.append(model.pair_rows[:, accounts].toarray().T)
    use.append((managers[:, None] == finite[None, :]) * model.hours[accounts][:, None])
    used = np.concatenate([*use, np.zeros((len(kept), 0))], axis=1)
    used = np.concatenate([used, np.zeros((1, used.shape[1]))])
    upper = np.concatenate([model.bounds, model.capacity[finite]])
    worth, loss = np.append(model.worth.ravel()[kept], 0.0), bounds.loss.ravel()[kept]
    groups: list[Group] = []
    members: list[Indices] = []
    for account in np.union1d(accounts, np.flatnonzero(model.must)):
        own = np.append(np.flatnonzero(accounts == account), len(kept))
        skip = np.inf if model.must[account] else max(0.0, float(bounds.best[account]))
        groups.append(Group(np.append(loss[own[:-1]], skip), worth[own], used[own]))
        members.append(own)
    found = best_choices(groups, upper, np.concatenate([prices.rows, prices.hours[finite]]), gap, most_states)
    if found is None:
        return None
    return (
        np.sort(kept[[own[choice] for own, choice in zip(members, choices, strict=True) if own[choice] < len(kept)]])
        for choices in found[1]
    )


def first_selection(model: Model, bounds: Bounds, watch: Watch, *, is_any: bool = False) -> Optimum | None:
    """The best selection (or any) among the most promising columns, taking ever more of them until there is one; None if
    there is none."""
    loss = bounds.loss.ravel()
    count = FIRST_COLUMNS + 2 * int((loss <= SAME_VALUE).sum())
    prices = Prices(np.zeros(len(model.bounds)), np.zeros(model.manager_count))
    while True:
        within = np.inf if count >= len(loss) else float(np.partition(loss, count)[count])
        columns = bounds.columns_within(within) if np.isfinite(within) else np.flatnonzero(np.isfinite(loss))
        found = solve_integer(
            model,
            columns,
            model.must,
            relative_gap=np.inf if is_any else 0.0,
            time_limit_seconds=watch.remaining_seconds,
            most_nodes=watch.most_nodes,
            is_stopped=watch.is_stopped,
        )
        watch.check()
        if found.outcome is Outcome.STOPPED:
            return Optimum(Outcome.STOPPED, found.columns, found.value, bounds.bound, prices)
        if found.outcome is Outcome.OPTIMAL:
            return Optimum(Outcome.OPTIMAL, found.columns, found.value, max(found.value, bounds.bound), prices)
        if not np.isfinite(within):
            return None
        count *= 8
