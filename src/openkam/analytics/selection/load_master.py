"""Selections put together from whole loads: the master problem, by generating loads, and its exact 0/1 solution."""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from openkam.analytics.selection.loads import Grid, Load, LoadPrices, best_load, load_gains, price_loads
from openkam.analytics.selection.model import Flags, Indices, Model, Vector
from openkam.analytics.selection.relaxation import Bounds
from openkam.analytics.selection.restricted import new_solver, pass_rows

ROUNDS = 400
NEW_LOAD = 1e-7
NARROW = 15_000
CLOSE = 1e-7


@dataclass(frozen=True, slots=True)
class MasterOptimum:
    """Optimum of the linear master over some loads."""

    value: float
    prices: LoadPrices
    managers: Vector


class _Master:
    """Rows of the master over some loads, in the order limits, pairs, managers, accounts that occur."""

    def __init__(self, model: Model, loads: list[Load], fixed_in: Flags) -> None:
        load_of = np.repeat(np.arange(len(loads)), [len(load.accounts) for load in loads])
        accounts = np.array([account for load in loads for account in load.accounts], dtype=np.int64)
        managers = np.array([load.manager for load in loads], dtype=np.int64)
        member = sparse.csc_array((np.ones(len(accounts)), (accounts, load_of)), shape=(model.account_count, len(loads)))
        self.present = np.flatnonzero((np.bincount(accounts, minlength=model.account_count) > 0) | fixed_in)
        parts = [sparse.csr_array(model.limit_rows) @ member]
        if model.pair_rows.shape[0]:
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


def solve_master(model: Model, loads: list[Load]) -> MasterOptimum | None:
    """Linear optimum over some loads; None where they cannot keep the rows."""
    master = _Master(model, loads, model.must)
    solver = new_solver()
    pass_rows(solver, master.gain, np.full(len(loads), np.inf), master.matrix, master.lower, master.upper, integers=0)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    duals = np.array(solver.getSolution().row_dual)
    rows = len(model.bounds)
    accounts = np.zeros(model.account_count)
    accounts[master.present] = duals[rows + model.manager_count :]
    accounts = np.where(model.must, accounts, np.maximum(accounts, 0.0))
    prices = LoadPrices(np.maximum(duals[:rows], 0.0), accounts)
    return MasterOptimum(float(solver.getInfo().objective_function_value), prices, duals[rows : rows + model.manager_count])


def split_into_loads(model: Model, columns: Indices) -> list[Load]:
    """A selection's columns as one load per manager."""
    accounts, managers = np.divmod(np.sort(columns), model.manager_count)
    return [Load(int(m), tuple(accounts[managers == m].tolist())) for m in np.unique(managers)]


def generate_loads(model: Model, grid: Grid, start: Indices, prices: LoadPrices, lower: float) -> tuple[LoadPrices, Bounds, list[Load]]:
    """Prices of the master by column generation from a feasible selection and some first prices, with the bounds they prove.

    Loads are sought among the most promising columns first and among all at the end. Prices are smoothed (Wentges 1997): half way
    between the best so far and the master's.
    """
    loads = {load: None for load in split_into_loads(model, start)}
    center = prices
    bounds = price_loads(model, grid, center)
    active = _narrow(bounds)
    for _ in range(ROUNDS):
        master = solve_master(model, list(loads))
        assert master is not None, "the start is a selection, so its loads keep every row"
        if bounds.bound - master.value <= CLOSE * max(1.0, abs(master.value)):
            break
        smooth = LoadPrices((center.rows + master.prices.rows) / 2, (center.accounts + master.prices.accounts) / 2)
        before = len(loads)
        total, misprice = 0.0, master.value
        for trial in (smooth, master.prices):
            gain = np.where(active, load_gains(model, trial), -np.inf)
            total = float(trial.rows @ model.bounds + trial.accounts.sum())
            for manager, room in enumerate(grid.room):
                table, accounts = best_load(gain[:, manager], grid.weight, int(room), with_accounts=True)
                total += float(table[-1])
                if accounts and model.hours[list(accounts)].sum() <= model.capacity[manager]:
                    loads.setdefault(Load(manager, accounts))
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
            if (wider == active).all() or full.bound - master.value <= CLOSE * max(1.0, abs(master.value)):
                break
            active = wider
    return center, bounds, list(loads)


def _narrow(bounds: Bounds) -> Flags:
    flat = bounds.loss.ravel()
    if len(flat) <= NARROW:
        return np.isfinite(bounds.loss)
    return bounds.loss <= np.partition(flat, NARROW)[NARROW]


def solve_loads(
    model: Model, loads: list[Load], fixed_in: Flags, *, relative_gap: float = 0.0, time_limit_seconds: float | None = None
) -> tuple[bool, Indices, float]:
    """The best selection made of these loads: whether it is proven, its columns (empty where there is none) and the bound."""
    master = _Master(model, loads, fixed_in | model.must)
    solver = new_solver()
    solver.setOptionValue("mip_rel_gap", relative_gap)
    if time_limit_seconds is not None:
        solver.setOptionValue("time_limit", time_limit_seconds)
    pass_rows(solver, master.gain, np.ones(len(loads)), master.matrix, master.lower, master.upper, integers=len(loads))
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return True, np.zeros(0, dtype=np.int64), -np.inf
    columns: list[int] = []
    if info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible):
        for at in np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5):
            columns += [account * model.manager_count + loads[at].manager for account in loads[at].accounts]
    return status == highspy.HighsModelStatus.kOptimal, np.array(sorted(columns), dtype=np.int64), float(info.mip_dual_bound)
