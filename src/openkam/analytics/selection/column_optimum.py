"""The proven best selection column by column: bound it by the linear relaxation, search the columns that matter, prove no other can."""

import numpy as np

from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds, price
from openkam.analytics.selection.restricted import Outcome, Prices, solve_integer, solve_linear
from openkam.analytics.selection.search import SAME_VALUE, Optimum, Watch, settle_ties

FIRST_COLUMNS = 40
FEW_COLUMNS = 120


def maximise_columns(
    model: Model, watch: Watch, prices: Prices, *, is_own: bool, start: Indices | None = None, floor: float = -np.inf
) -> Optimum | None:
    """The proven best selection, or None where there is none (or none worth at least `floor`).

    `prices` may be those of a like model (`is_own` False); they are sharpened where they leave many columns.
    """
    bounds = price(model, prices)
    known = model.value(start) if start is not None else -np.inf
    if not np.isfinite(max(known, floor)):
        watch.tell("searching a first selection", 0.1)
        first = first_selection(model, bounds, watch)
        if first is None or first.outcome is Outcome.STOPPED:
            return first
        start, known = first.columns, first.value
    lower = max(known, floor)
    watch.tell("proving that no other selection is better", 0.4)
    gap = bounds.bound - lower + SAME_VALUE
    kept, fixed = bounds.columns_within(gap), bounds.fixed_in(gap)
    if not is_own and len(kept) > FEW_COLUMNS:
        linear = solve_linear(model, kept)
        if linear is None:
            return _known(model, start, known, floor, prices)
        prices = linear.prices
        bounds = price(model, prices)
        gap = bounds.bound - lower + SAME_VALUE
        kept = np.intersect1d(kept, bounds.columns_within(gap), assume_unique=True)
        fixed = fixed | bounds.fixed_in(gap)
    if bounds.bound < lower - SAME_VALUE or (start is not None and bounds.bound <= known + SAME_VALUE):
        return _known(model, start, known, floor, prices)
    best = solve_integer(
        model,
        kept,
        fixed,
        start=start,
        time_limit_seconds=watch.remaining_seconds,
        most_nodes=watch.most_nodes,
        is_stopped=watch.is_stopped,
    )
    watch.check()
    if best.outcome is Outcome.STOPPED:
        columns, value = (best.columns, best.value) if best.value > known or start is None else (start, known)
        return Optimum(Outcome.STOPPED, columns, value, max(value, min(bounds.bound, max(best.bound, lower))), prices)
    if best.value < max(known - SAME_VALUE, floor):
        return _known(model, start, known, floor, prices)
    return Optimum(Outcome.OPTIMAL, settle_ties(model, best.columns), best.value, best.value, prices)


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


def _known(model: Model, start: Indices | None, value: float, floor: float, prices: Prices) -> Optimum | None:
    """The start where nothing is better, None where nothing reaches the floor."""
    if start is None or value < floor:
        return None
    return Optimum(Outcome.OPTIMAL, settle_ties(model, start), value, value, prices)
