"""The proven best selection load by load, for managers whose hours are scarce."""

from collections.abc import Iterator

import numpy as np

from openkam.analytics.selection.column_optimum import first_selection
from openkam.analytics.selection.exhaustive import Group, best_choices
from openkam.analytics.selection.load_master import generate_loads, solve_loads
from openkam.analytics.selection.loads import Grid, LoadPrices, loads_within, price_loads
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds
from openkam.analytics.selection.restricted import Outcome, solve_integer
from openkam.analytics.selection.search import SAME_VALUE, Optimum, Watch, settle_ties

FEW_LOADS = 4_000
QUICK_STATES = 10_000
MOST_STATES = 100_000
FIRST_GAP = 0.0005
MOST_LOADS = 60_000
NOTHING = np.zeros(0, dtype=np.int64)


def maximise_loads(
    model: Model,
    watch: Watch,
    grid: Grid,
    prices: LoadPrices,
    *,
    is_own: bool,
    start: Indices | None = None,
    floor: float = -np.inf,
) -> Optimum | None:
    """The proven best selection, or None where there is none (or none worth at least `floor`).

    Everything within a growing gap is tried. Where that is too much, prices are sharpened by generating loads, the generated loads give a
    good selection, and every load that a better one could be made of is listed and searched exactly.
    """
    known = model.value(start) if start is not None else -np.inf
    prices = LoadPrices(prices.rows, np.where(model.barred, 0.0, prices.accounts))
    bounds = price_loads(model, grid, prices)
    lower = max(known, floor)
    if not is_own:
        is_settled, better = deepen_loads(model, grid, prices, bounds, lower, QUICK_STATES)
        if is_settled:
            return _answer(model, start, known, floor, prices, better)
    watch.tell("pricing whole loads", 0.2)
    prices, bounds, made = generate_loads(model, grid, start, prices, watch)
    is_settled, better = deepen_loads(model, grid, prices, bounds, lower, MOST_STATES)
    if is_settled:
        return _answer(model, start, known, floor, prices, better)
    watch.tell("proving that no other selection is better", 0.7)
    if bounds.bound >= lower:
        _, columns = solve_loads(model, made, model.must, time_limit_seconds=watch.remaining_seconds)
        if columns is not None and not model.violations(columns) and model.value(columns) > known:
            start, known = columns, model.value(columns)
    if start is None and not np.isfinite(floor):
        first = first_selection(model, bounds, watch)
        if first is None or first.outcome is Outcome.STOPPED:
            return first
        start, known = first.columns, first.value
    if bounds.bound < max(known, floor) - SAME_VALUE or (start is not None and bounds.bound <= known + SAME_VALUE):
        return _answer(model, start, known, floor, prices, None)
    return _finish(model, watch, grid, prices, bounds, start, known, floor)


def deepen_loads(model: Model, grid: Grid, prices: LoadPrices, bounds: Bounds, lower: float, most_states: int) -> tuple[bool, Indices | None]:
    """Try every combination of loads within a small gap, then within twice that, until a selection appears or `lower` is reached.

    Whether that settled the question, and the best selection better than `lower`, if any.
    """
    most = bounds.bound - max(lower, model.least_value) + SAME_VALUE
    gap = min(FIRST_GAP * max(abs(bounds.bound), 1e-9), most)
    while gap >= 0:
        tried = _try_loads(model, grid, prices, bounds, gap, most_states)
        if tried is None:
            return False, None
        better = next((columns for columns in tried if model.is_feasible(columns)), None)
        if better is not None:
            return True, better if model.value(better) > lower else None
        if gap >= most:
            break
        gap = min(2.0 * gap, most)
    return True, None


def _try_loads(model: Model, grid: Grid, prices: LoadPrices, bounds: Bounds, gap: float, most_states: int) -> Iterator[Indices] | None:
    """Every selection of loads within the gap, the best first; None where they are too many to try."""
    loads = loads_within(model, grid, prices, bounds.columns_within(gap), gap, FEW_LOADS)
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
    if model.pair_rows.shape[0]:
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


def _finish(
    model: Model, watch: Watch, grid: Grid, prices: LoadPrices, bounds: Bounds, start: Indices | None, known: float, floor: float
) -> Optimum | None:
    """Search everything that a selection better than the known one could be made of."""
    share = 1.0
    while True:
        lower = max(known, floor)
        gap = bounds.bound - lower + SAME_VALUE
        part = gap * share
        loads = loads_within(model, grid, prices, bounds.columns_within(part), part, MOST_LOADS)
        if loads is None and share > 0.05:
            share /= 2
            continue
        if loads is None:
            break
        is_proven, columns = solve_loads(model, loads, bounds.fixed_in(part), time_limit_seconds=watch.remaining_seconds)
        watch.check()
        if columns is not None and model.violations(columns):
            break
        value = model.value(columns) if columns is not None else -np.inf
        if columns is not None and value > known:
            start, known = columns, value
        if not is_proven:
            return Optimum(Outcome.STOPPED, NOTHING if start is None else start, known, max(bounds.bound, known), prices)
        if share == 1.0 or bounds.bound - max(known, floor) + SAME_VALUE <= part:
            return (
                None
                if start is None or known < floor
                else Optimum(Outcome.OPTIMAL, settle_ties(model, start), known, known, prices)
            )
        if bounds.bound - max(known, floor) >= gap - SAME_VALUE:
            break
        share = 1.0
    best = solve_integer(
        model,
        bounds.columns_within(gap),
        bounds.fixed_in(gap),
        start=start,
        time_limit_seconds=watch.remaining_seconds,
        most_nodes=watch.most_nodes,
        is_stopped=watch.is_stopped,
    )
    watch.check()
    if best.value > known:
        start, known = best.columns, best.value
    if best.outcome is Outcome.STOPPED:
        return Optimum(Outcome.STOPPED, best.columns if start is None else start, known, max(known, bounds.bound), prices)
    return _answer(model, start, known, floor, prices, None)


def _answer(
    model: Model, start: Indices | None, known: float, floor: float, prices: LoadPrices, better: Indices | None
) -> Optimum | None:
    """The better selection found, else the start where nothing is better; None where nothing reaches the floor."""
    if better is not None and model.value(better) > known:
        start, known = better, model.value(better)
    if start is None or known < floor:
        return None
    return Optimum(Outcome.OPTIMAL, settle_ties(model, start), known, known, prices)
