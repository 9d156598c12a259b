"""The proven best selection column by column: bound it by the linear relaxation, search the columns that matter, prove no other can."""

from collections.abc import Iterator

import numpy as np

from openkam.analytics.selection.exhaustive import Group, best_choices
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds, price, relax
from openkam.analytics.selection.restricted import Outcome, Prices, solve_integer
from openkam.analytics.selection.search import SAME_VALUE, Optimum, Watch, settle_ties

FIRST_COLUMNS = 40
FEW_COLUMNS = 200
QUICK_STATES = 10_000
MOST_STATES = 100_000
FIRST_GAP = 0.0005


def maximise_columns(
    model: Model, watch: Watch, prices: Prices, *, is_own: bool, start: Indices | None = None, floor: float = -np.inf
) -> Optimum | None:
    """The proven best selection, or None where there is none (or none worth at least `floor`).

    `prices` may be those of a like model (`is_own` False); they are sharpened where they leave too much to try.
    """
    known = model.value(start) if start is not None else -np.inf
    lower = max(known, floor)
    bounds = price(model, prices)
    for _ in range(1 if is_own else 2):
        is_settled, better = deepen(model, bounds, prices, lower, MOST_STATES if is_own else QUICK_STATES)
        if is_settled:
            return _answer(model, start, known, floor, prices, better)
        if not is_own:
            relaxed = relax(model, start)
            if relaxed is None:
                return _answer(model, start, known, floor, prices, None)
            prices, bounds, is_own = relaxed[0].prices, relaxed[1], True
    if not np.isfinite(lower):
        watch.tell("searching a first selection", 0.1)
        first = first_selection(model, bounds, watch)
        if first is None or first.outcome is Outcome.STOPPED:
            return first
        start, known = first.columns, first.value
        lower = known
    watch.tell("proving that no other selection is better", 0.4)
    gap = bounds.bound - lower + SAME_VALUE
    if gap <= 2 * SAME_VALUE and start is not None:
        return _answer(model, start, known, floor, prices, None)
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
    if best.outcome is Outcome.STOPPED:
        columns, value = (best.columns, best.value) if best.value > known or start is None else (start, known)
        return Optimum(Outcome.STOPPED, columns, value, max(value, min(bounds.bound, max(best.bound, lower))), prices)
    return _answer(model, start, known, floor, prices, best.columns if best.outcome is Outcome.OPTIMAL else None)


def deepen(model: Model, bounds: Bounds, prices: Prices, lower: float, most_states: int) -> tuple[bool, Indices | None]:
    """Try everything within a small gap, then within twice that, until a selection appears or `lower` is reached.

    Whether that settled the question, and the best selection better than `lower`, if any.
    """
    most = bounds.bound - max(lower, model.least_value) + SAME_VALUE
    gap = min(FIRST_GAP * max(abs(bounds.bound), 1e-9), most)
    while True:
        tried = try_all(model, bounds, prices, bounds.columns_within(gap), gap, most_states)
        if tried is None:
            return False, None
        better = next((columns for columns in tried if model.is_feasible(columns)), None)
        if better is not None:
            return True, better if model.value(better) > lower else None
        if gap >= most:
            return True, None
        gap = min(2.0 * gap, most)


def try_all(model: Model, bounds: Bounds, prices: Prices, kept: Indices, gap: float, most_states: int) -> Iterator[Indices] | None:
    """Every selection of these columns within the gap, the best first; None where they are too many to try."""
    if len(kept) > FEW_COLUMNS:
        return None
    if gap < 0:
        return iter(())
    accounts, managers = np.divmod(kept, model.manager_count)
    finite = np.flatnonzero(np.isfinite(model.capacity))
    use = [model.limit_rows[:, accounts].T]
    if model.pair_rows.shape[0]:
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
    """The best selection (or any) among the most promising columns, taking ever more of them until there is one; None if there is none."""
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


def _answer(
    model: Model, start: Indices | None, known: float, floor: float, prices: Prices, better: Indices | None
) -> Optimum | None:
    """The better selection found, else the start where nothing is better; None where nothing reaches the floor."""
    if better is not None and model.value(better) > known:
        start, known = better, model.value(better)
    if start is None or known < floor:
        return None
    return Optimum(Outcome.OPTIMAL, settle_ties(model, start), known, known, prices)
