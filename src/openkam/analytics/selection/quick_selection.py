"""A good selection in a moment, for whoever waits: keep what the relaxation takes whole, search among the accounts next to its
edge, then among ever more of them around the best found.

A large neighbourhood search in the manner of Danna, Rothberg and Le Pape 2005, "Exploring relaxation induced neighborhoods".
"""

import numpy as np

from openkam.analytics.selection.model import Flags, Indices, Model, Vector
from openkam.analytics.selection.relaxation import Bounds
from openkam.analytics.selection.restricted import LinearOptimum, solve_integer
from openkam.analytics.selection.search import Incumbent, Watch

FREE_ACCOUNTS = (20, 60, 150)
"""Accounts on either side of the edge that a step may turn; a step that finds nothing better gives way to the next, wider one."""
MANAGERS_EACH = 3
MOST_NODES = 400
SHARE_OF_TIME = 0.5
"""Of the time that is left; the rest is for the proof."""
SPLIT = 1e-7


def quick_selection(model: Model, linear: LinearOptimum, bounds: Bounds, watch: Watch) -> Indices | None:
    """A feasible selection close to the relaxation's, or None where none was found in half the time that is left."""
    best = Incumbent(model)
    amount = np.zeros(model.account_count)
    np.add.at(amount, linear.columns // model.manager_count, linear.amounts)
    is_split = (amount > SPLIT) & (amount < 1.0 - SPLIT)
    around = linear.columns[linear.amounts > 0.5]
    left = watch.remaining_seconds
    until = np.inf if left is None else watch.seconds + SHARE_OF_TIME * left
    for free_count in FREE_ACCOUNTS:
        is_better = True
        while is_better and watch.seconds < until:
            watch.check()
            columns, fixed_in = _neighbourhood(model, bounds, around, is_split, free_count)
            found = solve_integer(
                model,
                columns,
                fixed_in,
                start=best.columns,
                time_limit_seconds=None if left is None else until - watch.seconds,
                most_nodes=MOST_NODES,
                is_stopped=watch.is_stopped,
            )
            is_better = best.offer(found.columns if np.isfinite(found.value) else None)
            around = around if best.columns is None else best.columns
    return best.columns


def _neighbourhood(model: Model, bounds: Bounds, around: Indices, is_split: Flags, free_count: int) -> tuple[Indices, Flags]:
    """Columns to search and accounts that stay in: free are the accounts that the relaxation splits, and those of least regret."""
    inside = np.zeros(model.account_count, dtype=bool)
    inside[around // model.manager_count] = True
    regret: Vector = np.where(is_split, -np.inf, np.where(inside, bounds.best, -bounds.best))
    is_bound = model.must | model.barred | ~np.isfinite(bounds.best)
    free = model.must & ~inside
    for side in (inside & ~is_bound, ~inside & ~is_bound):
        members = np.flatnonzero(side)
        free[members[np.argsort(regret[members], kind="stable")[:free_count]]] = True
    accounts = np.flatnonzero(free)
    loss = bounds.loss[accounts]
    near = np.argsort(loss, axis=1, kind="stable")[:, :MANAGERS_EACH]
    columns = (accounts[:, None] * model.manager_count + near)[np.isfinite(np.take_along_axis(loss, near, axis=1))]
    return np.union1d(columns, around), (inside & ~free) | model.must
