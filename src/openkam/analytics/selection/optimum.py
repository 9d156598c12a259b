"""The proven best selection of a model, by whichever search suits it."""

import numpy as np

from openkam.analytics.selection.column_optimum import maximise_columns
from openkam.analytics.selection.load_optimum import maximise_loads
from openkam.analytics.selection.loads import LoadPrices, hours_grid
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds, relax
from openkam.analytics.selection.restricted import LinearOptimum, Prices
from openkam.analytics.selection.search import Optimum, Watch

SCARCE = 0.002
"""Managers' hours are scarce where the relaxation owes them this share of its value."""


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

    `prices` of a like model spare its own relaxation (`relaxed`, found here unless given); `start` is a selection known to be feasible.
    """
    grid = hours_grid(model)
    if isinstance(prices, LoadPrices) and grid is not None:
        return maximise_loads(model, watch, grid, prices, is_own=False, start=start, floor=floor)
    if isinstance(prices, Prices):
        return maximise_columns(model, watch, prices, is_own=False, start=start, floor=floor)
    relaxed = relax(model, start) if relaxed is None else relaxed
    if relaxed is None:
        return None
    own, bounds = relaxed[0].prices, relaxed[1]
    if grid is None or own.hours @ model.capacity <= SCARCE * abs(bounds.bound):
        return maximise_columns(model, watch, own, is_own=True, start=start, floor=floor)
    accounts = np.where(model.must, bounds.best, np.maximum(bounds.best, 0.0))
    accounts[~np.isfinite(accounts)] = 0.0
    return maximise_loads(model, watch, grid, LoadPrices(own.rows, accounts), is_own=True, start=start, floor=floor)
