"""The linear relaxation over every column, by column generation, and what its prices prove.

For any prices y ≥ 0 of the rows and μ ≥ 0 of the managers' hours, the Lagrangian

    L = y·b + μ·H + Σ_i max(0, max_m gain_im),   gain_im = worth_im − Σ_r y_r a_ri − μ_m hours_i

is an upper bound on the optimum (an account pinned in counts its best gain even below zero). Taking a column that is not the
account's best lowers that bound by its `loss`; leaving out an account lowers it by its best gain. So an incumbent of value v
rules out every column with loss > L − v and takes every account with gain > L − v (reduced-cost fixing). L is computed here
from the prices alone, so no proof leans on the linear solver's accuracy.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openkam.analytics.selection.model import Flags, Indices, Model, Vector
from openkam.analytics.selection.restricted import LinearOptimum, Prices, solve_linear

DIRECT_COLUMNS = 2_000
"""Up to so many columns the relaxation is solved at once; beyond, generating columns is up to a thousand times faster."""
SEED_ACCOUNTS = 1_000
SEED_PER_ROW = 40
BATCH = 4_000
GAP = 1e-9


@dataclass(frozen=True, slots=True)
class Bounds:
    """What prices prove: the bound L, the best gain per account (−inf where no manager fits) and the loss of every column."""

    bound: float
    best: Vector
    loss: npt.NDArray[np.float64]

    def columns_within(self, gap: float) -> Indices:
        """Columns that a selection worth at least bound − gap may use."""
        return np.flatnonzero(self.loss.ravel() <= min(gap, np.finfo(np.float64).max))

    def fixed_in(self, gap: float) -> Flags:
        """Accounts that every selection worth at least bound − gap takes."""
        return self.best > gap


def price(model: Model, prices: Prices) -> Bounds:
    """Bound, gains and losses under some prices."""
    gain = _gains(model, prices)
    best = gain.max(axis=1)
    floor = np.where(model.must, best, np.maximum(best, 0.0))
    finite = np.isfinite(model.capacity)
    bound = prices.rows @ model.bounds + prices.hours[finite] @ model.capacity[finite] + floor.sum()
    with np.errstate(invalid="ignore"):
        loss = floor[:, None] - gain
    loss[~np.isfinite(gain)] = np.inf
    return Bounds(float(bound), best, loss)


def relax(model: Model, start: Indices | None = None) -> tuple[LinearOptimum, Bounds] | None:
    """Optimum of the linear relaxation and its bounds; None where even fractions of accounts cannot keep the limits.

    `start` are columns to begin with, in addition to a seed of promising ones.
    """
    columns = model.open_columns()
    if len(columns) <= DIRECT_COLUMNS:
        linear = solve_linear(model, columns)
        return None if linear is None else (linear, price(model, linear.prices))
    columns = _seed(model)
    if start is not None:
        columns = np.union1d(columns, start)
    linear = solve_linear(model, columns)
    while linear is None:
        lacking = solve_linear(model, columns, is_phase_one=True)
        if lacking is None or lacking.value >= -GAP:
            return None
        new = _improving(model, columns, lacking.prices, is_phase_one=True)
        if not len(new):
            return None
        columns = np.union1d(columns, new)
        linear = solve_linear(model, columns)
    while True:
        bounds = price(model, linear.prices)
        new = _improving(model, columns, linear.prices, is_phase_one=False)
        if not len(new) or bounds.bound - linear.value <= GAP * max(1.0, abs(linear.value)):
            return linear, bounds
        columns = np.union1d(columns, new)
        again = solve_linear(model, columns)
        if again is None:
            return linear, bounds
        linear = again


def _gains(model: Model, prices: Prices, *, is_phase_one: bool = False) -> npt.NDArray[np.float64]:
    limits = len(model.limit_rows)
    row_price = prices.rows[:limits] @ model.limit_rows
    if model.pair_count:
        row_price = row_price + prices.rows[limits:] @ model.pair_rows
    worth = np.where(np.isfinite(model.worth), 0.0, -np.inf) if is_phase_one else model.worth
    gain = worth - row_price[:, None] - model.hours[:, None] * prices.hours[None, :]
    gain[model.barred] = -np.inf
    return gain


def _improving(model: Model, columns: Indices, prices: Prices, *, is_phase_one: bool) -> Indices:
    """Columns that would better the restricted relaxation: the two best of each account, the best few thousand of all."""
    gain = _gains(model, prices, is_phase_one=is_phase_one)
    have = np.full(gain.shape, -np.inf)
    have.ravel()[columns] = gain.ravel()[columns]
    reached = have.max(axis=1)
    floor = np.where(model.must & np.isfinite(reached), reached, np.maximum(reached, 0.0))
    over = gain - floor[:, None]
    managers = np.argsort(-over, axis=1, kind="stable")[:, : min(2, model.manager_count)]
    best = np.take_along_axis(over, managers, axis=1)
    candidates = (np.arange(model.account_count)[:, None] * model.manager_count + managers).ravel()
    order = np.argsort(-best.ravel(), kind="stable")[:BATCH]
    return np.setdiff1d(candidates[order[best.ravel()[order] > GAP]], columns)


def _seed(model: Model) -> Indices:
    """Columns to begin with: the best manager of the best accounts, each manager's best by worth and by worth per hour, and
    per row the accounts that help it most."""
    worth = np.where(model.barred[:, None], -np.inf, model.worth)
    manager = worth.argmax(axis=1)
    best = worth.max(axis=1)
    accounts = [np.argsort(-best, kind="stable")[:SEED_ACCOUNTS], np.flatnonzero(model.must)]
    for row in model.limit_rows:
        helping = np.flatnonzero((row < 0.0) & np.isfinite(best))
        accounts += [helping[np.argsort(row[helping], kind="stable")[:SEED_PER_ROW]], helping[:SEED_PER_ROW]]
    chosen = np.concatenate(accounts)
    columns = [chosen * model.manager_count + manager[chosen]]
    per_hour = worth / np.maximum(model.hours, 1e-6)[:, None]
    for m in range(model.manager_count):
        for score in (worth[:, m], per_hour[:, m]):
            columns.append(np.argsort(-score, kind="stable")[:SEED_PER_ROW] * model.manager_count + m)
    seed = np.unique(np.concatenate(columns))
    return seed[np.isfinite(worth.ravel()[seed])]
