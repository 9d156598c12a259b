"""Selections put together from whole loads: the master problem, by generating loads, and its exact 0/1 solution."""

from dataclasses import dataclass
from math import fsum

import highspy
import numpy as np
from scipy import sparse

from openkam.analytics.selection.loads import Grid, Load, LoadPrices, best_load, load_gains, price_loads
from openkam.analytics.selection.model import Flags, Indices, Model
from openkam.analytics.selection.relaxation import Bounds
from openkam.analytics.selection.restricted import Outcome, new_solver, pass_rows, solver_outcome
from openkam.analytics.selection.search import Watch

ROUNDS = 400
LACK_PRICE = 20.0
NARROW = 15_000
CLOSE = 1e-7


@dataclass(frozen=True, slots=True)
class MasterOptimum:
    """Optimum of the linear master over some loads."""

    value: float
    prices: LoadPrices


class _Master:
    """Rows of the master over some loads, in the order limits, pairs, managers, accounts that occur."""

    def __init__(self, model: Model, loads: list[Load], fixed_in: Flags) -> None:
        load_of = np.repeat(np.arange(len(loads)), [len(load.accounts) for load in loads])
        accounts = np.array([account for load in loads for account in load.accounts], dtype=np.int64)
        managers = np.array([load.manager for load in loads], dtype=np.int64)
        member = sparse.csc_array((np.ones(len(accounts)), (accounts, load_of)), shape=(model.account_count, len(loads)))
        self.present = np.flatnonzero((np.bincount(accounts, minlength=model.account_count) > 0) | fixed_in)
        parts = [sparse.csr_array(model.limit_rows) @ member]
        if model.pair_count:
            parts.append(model.pair_rows @ member)
        each = sparse.csc_array((np.ones(len(loads)), (managers, np.arange(len(loads)))), shape=(model.manager_count, len(loads)))
        once = sparse.csr_array(member)[self.present]
        self.matrix = sparse.csc_array(sparse.vstack([*parts, each, once], format="csc"))
        self.gain = np.zeros(len(loads))
        flat = model.worth[accounts, managers[load_of]]
        np.add.at(self.gain, load_of, flat)
        rows = len(model.bounds)
        self.upper = np.concatenate([model.bounds, np.ones(model.manager_count + len(self.present))])
        self.lower = np.full(len(self.upper), -np.inf)
        self.lower[rows + model.manager_count :][fixed_in[self.present]] = 1.0


def solve_master(model: Model, loads: list[Load]) -> MasterOptimum:
    """Linear optimum over some loads. What floors and pins in lack may be bought at a price above any account's worth."""
    master = _Master(model, loads, model.must)
    lacking = np.flatnonzero((master.upper < 0.0) | (master.lower == 1.0))
    signs = np.where(master.upper[lacking] < 0.0, -1.0, 1.0)
    lack = sparse.csc_array((signs, (lacking, np.arange(len(lacking)))), shape=(len(master.upper), len(lacking)))
    dear = LACK_PRICE * float(np.abs(model.worth[np.isfinite(model.worth)]).max(initial=1e-9))
    solver = new_solver()
    pass_rows(
        solver,
        np.concatenate([master.gain, np.full(len(lacking), -dear)]),
        np.full(len(loads) + len(lacking), np.inf),
        sparse.csc_array(sparse.hstack([master.matrix, lack], format="csc")),
        row_range=(master.lower, master.upper),
        integers=0,
    )
    solver.run()
    duals = np.array(solver.getSolution().row_dual)
    rows = len(model.bounds)
    accounts = np.zeros(model.account_count)
    accounts[master.present] = duals[rows + model.manager_count :]
    accounts = np.where(model.must, accounts, np.maximum(accounts, 0.0))
    return MasterOptimum(float(solver.getInfo().objective_function_value), LoadPrices(np.maximum(duals[:rows], 0.0), accounts))


def split_into_loads(model: Model, columns: Indices) -> list[Load]:
    """A selection's columns as one load per manager."""
    accounts, managers = np.divmod(np.sort(columns), model.manager_count)
    return [Load(int(m), tuple(accounts[managers == m].tolist())) for m in np.unique(managers)]


def generate_loads(
    model: Model, grid: Grid, start: Indices | None, prices: LoadPrices, watch: Watch
) -> tuple[LoadPrices, Bounds, list[Load]]:
    """Prices of the master by generating loads, from a selection (or none) and some first prices, with the bounds they prove.

    Loads are sought among the most promising columns first and among all at the end. Prices are smoothed (Wentges 1997): half way
    between the best so far and the master's.
    """
    loads = {} if start is None else dict.fromkeys(split_into_loads(model, start))
    center, bounds = prices, price_loads(model, grid, prices)
    active = _narrow(bounds)
    for _ in range(ROUNDS):
        watch.check()
        if watch.remaining_seconds == 0.0:
            break
        master = solve_master(model, list(loads))
        if bounds.bound - master.value <= CLOSE * max(1.0, abs(master.value)):
            break
        before = len(loads)
        middle = LoadPrices((center.rows + master.prices.rows) / 2, (center.accounts + master.prices.accounts) / 2)
        for trial in (middle, master.prices):
            total = _price_active(model, grid, trial, active, loads)
            if total < bounds.bound - CLOSE:
                full = price_loads(model, grid, trial)
                if full.bound < bounds.bound:
                    bounds, center = full, trial
            if len(loads) > before:
                break
        if len(loads) == before:
            full = price_loads(model, grid, master.prices)
            if full.bound < bounds.bound:
                bounds, center = full, master.prices
            wider = _narrow(full) | active
            if (wider == active).all():
                break
            active = wider
    return center, bounds, list(loads)


def _price_active(model: Model, grid: Grid, prices: LoadPrices, active: Flags, loads: dict[Load, None]) -> float:
    """Add each manager's best load among the active columns; what the bound would be if no other column mattered."""
    gain = np.where(active, load_gains(model, prices), -np.inf)
    total = float(prices.rows @ model.bounds + prices.accounts.sum())
    for manager, room in enumerate(grid.room):
        table, accounts = best_load(gain[:, manager], grid.weight, int(room), with_accounts=True)
        total += float(table[-1])
        if accounts and fsum(model.hours[list(accounts)].tolist()) <= model.capacity[manager]:
            loads.setdefault(Load(manager, accounts))
    return total


def _narrow(bounds: Bounds) -> Flags:
    flat = bounds.loss.ravel()
    if len(flat) <= NARROW:
        return np.isfinite(bounds.loss)
    return bounds.loss <= np.partition(flat, NARROW)[NARROW]


def solve_loads(
    model: Model, loads: list[Load], fixed_in: Flags, *, relative_gap: float = 0.0, time_limit_seconds: float | None = None
) -> tuple[bool, Indices | None]:
    """The best selection made of these loads: whether it is proven, and its columns or None where there is none."""
    if not loads:
        nothing = np.zeros(0, dtype=np.int64)
        return True, nothing if not fixed_in.any() and model.is_feasible(nothing) else None
    master = _Master(model, loads, fixed_in | model.must)
    solver = new_solver()
    solver.setOptionValue("mip_rel_gap", relative_gap)
    if time_limit_seconds is not None:
        solver.setOptionValue("time_limit", time_limit_seconds)
    pass_rows(
        solver, master.gain, np.ones(len(loads)), master.matrix, row_range=(master.lower, master.upper), integers=len(loads)
    )
    solver.run()
    outcome, info = solver_outcome(solver), solver.getInfo()
    if outcome is Outcome.INFEASIBLE:
        return True, None
    if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return False, None
    columns: list[int] = []
    for at in np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5):
        columns += [account * model.manager_count + loads[at].manager for account in loads[at].accounts]
    return outcome is Outcome.OPTIMAL, np.array(sorted(columns), dtype=np.int64)
