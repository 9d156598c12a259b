"""The proven best selection load by load, for managers whose hours are scarce."""

import numpy as np

from openkam.analytics.selection.column_optimum import first_selection
from openkam.analytics.selection.load_master import generate_loads, solve_loads
from openkam.analytics.selection.loads import Grid, LoadPrices, loads_within, price_loads
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds
from openkam.analytics.selection.restricted import Outcome, solve_integer
from openkam.analytics.selection.search import SAME_VALUE, Optimum, Watch, settle_ties

FEW_LOADS = 3_000
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

    Prices are sharpened by generating loads, the generated loads give a good selection, and every load that a better one could
    be made of is listed and searched exactly. Where those are too many, the columns within the gap are searched instead.
    """
    known = model.value(start) if start is not None else -np.inf
    prices = LoadPrices(prices.rows, np.where(model.barred, 0.0, prices.accounts))
    bounds = price_loads(model, grid, prices)
    lower = max(known, floor)
    watch.tell("proving that no other selection is better", 0.3)
    gap = bounds.bound - lower + SAME_VALUE
    loads = (
        loads_within(model, grid, prices, bounds.columns_within(gap), gap, FEW_LOADS) if np.isfinite(gap) and not is_own else None
    )
    if loads is None and gap > 0:
        prices, bounds, made = generate_loads(model, grid, start, prices, watch)
        if bounds.bound >= lower:
            _, columns = solve_loads(model, made, model.must, time_limit_seconds=watch.remaining_seconds)
            if columns is not None and not model.violations(columns) and model.value(columns) > known:
                start, known = columns, model.value(columns)
        if start is None and not np.isfinite(floor):
            first = first_selection(model, bounds, watch)
            if first is None or first.outcome is Outcome.STOPPED:
                return first
            start, known = first.columns, first.value
        lower = max(known, floor)
        gap = bounds.bound - lower + SAME_VALUE
    watch.tell("proving that no other selection is better", 0.7)
    if gap < 0 or (start is not None and bounds.bound <= known + SAME_VALUE):
        return (
            None if start is None or known < floor else Optimum(Outcome.OPTIMAL, settle_ties(model, start), known, known, prices)
        )
    return _finish(model, watch, grid, prices, bounds, start, known, floor)


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
    return None if start is None or known < floor else Optimum(Outcome.OPTIMAL, settle_ties(model, start), known, known, prices)
