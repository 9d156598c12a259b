"""The proven best selection load by load, for managers whose hours are scarce."""

from collections.abc import Iterator

import numpy as np

from openkam.analytics.selection.column_optimum import first_selection, search_columns
from openkam.analytics.selection.exhaustive import Group, best_choices
from openkam.analytics.selection.load_master import generate_loads, solve_loads
from openkam.analytics.selection.loads import Grid, LoadPrices, loads_within, price_loads
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds
from openkam.analytics.selection.restricted import Outcome
from openkam.analytics.selection.search import SAME_VALUE, Incumbent, Optimum, Watch

FEW_LOADS = 4_000
QUICK_STATES = 10_000
MOST_STATES = 100_000
FIRST_GAP = 0.0005
MOST_LOADS = 60_000


def maximise_loads(
    model: Model, watch: Watch, grid: Grid, prices: LoadPrices, best: Incumbent, *, is_own: bool
) -> Optimum | None:
    """The proven best selection, or None where there is none (or none worth the incumbent's floor).

    Everything within a growing gap is tried. Where that is too much, prices are sharpened by generating loads, the generated
    loads give a good selection, and every load that a better one could be made of is listed and searched exactly.
    """
    prices = LoadPrices(prices.rows, np.where(model.barred, 0.0, prices.accounts))
    bounds = price_loads(model, grid, prices)
    if not is_own and deepen_loads(model, grid, prices, bounds, best, most_states=QUICK_STATES):
        return best.proven(prices)
    watch.tell("pricing whole loads", 0.2)
    prices, bounds, made = generate_loads(model, grid, best.columns, prices, watch)
    if deepen_loads(model, grid, prices, bounds, best, most_states=MOST_STATES):
        return best.proven(prices)
    watch.tell("proving that no other selection is better", 0.7)
    _, columns = solve_loads(model, made, model.must, time_limit_seconds=watch.remaining_seconds)
    best.offer(columns if columns is not None and not model.violations(columns) else None)
    if not np.isfinite(best.lower):
        first = first_selection(model, bounds, watch)
        if first is None or first.outcome is Outcome.STOPPED:
            return first
        best.offer(first.columns)
    return _finish(model, watch, grid, prices, bounds=bounds, best=best)


def deepen_loads(model: Model, grid: Grid, prices: LoadPrices, bounds: Bounds, best: Incumbent, *, most_states: int) -> bool:
    """Try every combination of loads within a small gap, then within twice that, until a selection appears or the incumbent
    is reached.

    Whether that settled the question: the incumbent is then the best there is.
    """
    most = bounds.bound - max(best.lower, model.least_value) + SAME_VALUE
    gap = min(FIRST_GAP * max(abs(bounds.bound), 1e-9), most)
    while gap >= 0:
        tried = _try_loads(model, grid, prices, bounds, gap=gap, most_states=most_states)
        if tried is None:
            return False
        better = next((columns for columns in tried if model.is_feasible(columns)), None)
        best.offer(better)
        if better is not None or gap >= most:
            return True
        gap = min(2.0 * gap, most)
    return True


def _try_loads(
    model: Model, grid: Grid, prices: LoadPrices, bounds: Bounds, *, gap: float, most_states: int
) -> Iterator[Indices] | None:
    """Every selection of loads within the gap, the best first; None where they are too many to try."""
    loads = loads_within(model, grid, prices, bounds.columns_within(gap), gap=gap, most=FEW_LOADS)
    if loads is None:
        return None
    accounts = np.union1d(
        [i for load in loads for i in load.accounts], np.flatnonzero(model.must | (prices.accounts > gap))
    ).astype(np.int64)
    place = {int(account): at for at, account in enumerate(accounts)}
    member = np.zeros((len(loads), len(accounts)))
    for at, load in enumerate(loads):
        member[at, [place[account] for account in load.accounts]] = 1.0
    must = model.must[accounts]
    parts = [member @ model.limit_rows[:, accounts].T]
    if model.pair_count:
        parts.append(member @ model.pair_rows[:, accounts].toarray().T)
    use = np.concatenate([*parts, member, -member[:, must]], axis=1)
    upper = np.concatenate([model.bounds, np.ones(len(accounts)), -np.ones(int(must.sum()))])
    price = np.concatenate([prices.rows, np.where(must, 0.0, prices.accounts[accounts]), np.zeros(int(must.sum()))])
    worth = np.array([model.worth[list(load.accounts), load.manager].sum() for load in loads])
    loss = np.array([load.loss for load in loads])
    manager = np.array([load.manager for load in loads], dtype=np.int64)
    members = [np.flatnonzero(manager == m) for m in range(model.manager_count)]
    if any(not len(own) for own in members):
        return iter(())
    groups = [Group(loss[own], worth[own], use[own]) for own in members]
    found = best_choices(groups, upper, price, gap, most_states)
    if found is None:
        return None
    return (
        np.array(
            sorted(
                account * model.manager_count + m
                for m, choice in enumerate(choices)
                for account in loads[members[m][choice]].accounts
            ),
            dtype=np.int64,
        )
        for choices in found[1]
    )


def _finish(model: Model, watch: Watch, grid: Grid, prices: LoadPrices, *, bounds: Bounds, best: Incumbent) -> Optimum | None:
    """Search the loads within part of the gap, few enough for the solver, then within the gap that its answer leaves."""
    gap = part = bounds.bound - best.lower + SAME_VALUE
    if gap < 0:
        return best.proven(prices)
    most = FEW_LOADS
    while (
        loads := loads_within(model, grid, prices, bounds.columns_within(part), gap=part, most=most)
    ) is None and part > gap / 64:
        part /= 2
    while loads is not None:
        is_proven, columns = solve_loads(model, loads, bounds.fixed_in(part), time_limit_seconds=watch.remaining_seconds)
        watch.check()
        if columns is not None and model.violations(columns):
            break
        best.offer(columns)
        if not is_proven:
            return best.stopped(bounds.bound, prices)
        gap = bounds.bound - best.lower + SAME_VALUE
        if gap <= part:
            return best.proven(prices)
        part = gap if columns is not None else min(2 * part, gap)
        loads = loads_within(model, grid, prices, bounds.columns_within(part), gap=part, most=MOST_LOADS)
    return search_columns(model, watch, bounds, prices, best)
