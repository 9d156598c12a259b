"""The proven best selection of a model, by whichever search suits it."""

from dataclasses import replace

import numpy as np

from openkam.analytics.selection.column_optimum import maximise_columns
from openkam.analytics.selection.load_optimum import maximise_loads
from openkam.analytics.selection.loads import LoadPrices, hours_grid
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds, price, relax
from openkam.analytics.selection.restricted import LinearOptimum, Outcome, Prices
from openkam.analytics.selection.search import Incumbent, Optimum, Watch

SCARCE = 0.002
"""Managers' hours are scarce where the relaxation owes them this share of its value."""

FEW_COLUMNS = 20_000
"""A model of so many columns is searched by columns first, scarce hours or not: mostly that is ten times faster than loads."""

MOST_NODES = 3_000
"""Branches after which such a search gives way to loads; unlike seconds, a count falls the same way every time."""


def maximise(
    model: Model,
    watch: Watch,
    *,
    relaxed: tuple[LinearOptimum, Bounds] | None = None,
    prices: Prices | LoadPrices | None = None,
    start: Indices | None = None,
    floor: float = -np.inf,
) -> Optimum | None:
    """The proven best selection, or None where there is none (or none worth at least `floor`).

    `prices` of a like model spare its own relaxation (`relaxed`, found here unless given); `start` is a selection known to
    be feasible.
    """
    grid = hours_grid(model)
    best = Incumbent(model, start, floor)
    if isinstance(prices, LoadPrices) and grid is not None:
        return maximise_loads(model, watch, grid, prices, best, is_own=False)
    is_own = not isinstance(prices, Prices)
    if is_own:
        relaxed = relax(model, start) if relaxed is None else relaxed
        if relaxed is None:
            return None
        prices = relaxed[0].prices
    assert isinstance(prices, Prices), "load prices come from a model with a grid of hours"
    if grid is None or (is_own and relaxed is not None and prices.hours @ model.capacity <= SCARCE * abs(relaxed[1].bound)):
        return maximise_columns(model, watch, prices, best, is_own=is_own)
    if len(model.open_columns()) <= FEW_COLUMNS:
        few = replace(watch, most_nodes=min(MOST_NODES, watch.most_nodes or MOST_NODES))
        found = maximise_columns(model, few, prices, best, is_own=is_own)
        if found is None or found.outcome is not Outcome.STOPPED or watch.remaining_seconds == 0.0 or watch.most_nodes:
            return found
        best.offer(found.columns if np.isfinite(found.value) else None)
    elif not is_own:
        return maximise_columns(model, watch, prices, best, is_own=False)
    bounds = relaxed[1] if relaxed is not None else price(model, prices)
    accounts = np.where(model.must, bounds.best, np.maximum(bounds.best, 0.0))
    accounts[~np.isfinite(accounts)] = 0.0
    return maximise_loads(model, watch, grid, LoadPrices(prices.rows, accounts), best, is_own=True)
