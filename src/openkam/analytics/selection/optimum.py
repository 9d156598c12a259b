"""The proven best selection of a model, by whichever search suits it."""

from dataclasses import replace

import numpy as np

from openkam.analytics.selection.column_optimum import maximise_columns, try_columns
from openkam.analytics.selection.load_optimum import maximise_loads
from openkam.analytics.selection.loads import LoadPrices, hours_grid
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.relaxation import Bounds, relax
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
    for_many: bool = False,
) -> Optimum | None:
    """The proven best selection, or None where there is none (or none worth at least `floor`).

    `prices` of a like model spare its own relaxation (`relaxed`, found here unless given); `start` is a selection known to be
    feasible; `for_many` says that many like models follow, for which sharp prices are worth their time. Where the linear prices
    leave few selections, those are tried; else scarce hours call for loads, and all else for columns.
    """
    grid = hours_grid(model)
    best = Incumbent(model, start, floor)
    if isinstance(prices, LoadPrices) and grid is not None:
        return maximise_loads(model, watch, grid, prices, best, is_own=False)
    if not isinstance(prices, Prices):
        relaxed = relax(model, start) if relaxed is None else relaxed
        if relaxed is None:
            return None
        prices = relaxed[0].prices
    own, bounds = prices, relaxed[1] if relaxed is not None else None
    is_small = len(model.open_columns()) <= FEW_COLUMNS
    if not (for_many and not is_small and grid is not None and bounds is not None and is_scarce(model, own, bounds)):
        trial = try_columns(model, prices, best, relaxed)
        if trial.is_settled:
            return trial.answer
        own, bounds = trial.prices, trial.bounds
    if grid is None or not is_scarce(model, own, bounds):
        return maximise_columns(model, watch, own, bounds, best)
    if is_small:
        few = replace(watch, most_nodes=min(MOST_NODES, watch.most_nodes or MOST_NODES))
        found = maximise_columns(model, few, own, bounds, best)
        if found is None or found.outcome is not Outcome.STOPPED or watch.remaining_seconds == 0.0 or watch.most_nodes:
            return found
    accounts = np.where(model.must, bounds.best, np.maximum(bounds.best, 0.0))
    accounts[~np.isfinite(accounts)] = 0.0
    return maximise_loads(model, watch, grid, LoadPrices(own.rows, accounts), best, is_own=True)


def is_scarce(model: Model, prices: Prices, bounds: Bounds) -> bool:
    """Whether managers' hours bind so much that loads are priced better than columns."""
    return bool(prices.hours @ np.where(np.isfinite(model.capacity), model.capacity, 0.0) > SCARCE * abs(bounds.bound))
