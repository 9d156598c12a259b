"""The selection over a part of its columns, as a linear or a 0/1 programme for HiGHS.

One thread and a fixed seed: the same numbers give the same answer. The solver keeps rows to a tolerance of its own; an
answer that breaks a row in exact sums is cut off by a cover cut (not the same accounts again on that row) and the search goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import highspy
import numpy as np
from scipy import sparse

from openkam.analytics.selection.model import TOLERANCE, Flags, Indices, Model, Vector
from openkam.analytics.solver import SilentHighs

SOLVER_TOLERANCE = 1e-9
STOPPED_STATUS = {
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kInterrupt,
}


class Outcome(Enum):
    """How a search over some columns ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Prices:
    """Dual prices: utility per unit of each scaled row (limits, then pairs), and per unit of each manager's scaled hours;
    all ≥ 0."""

    rows: Vector
    hours: Vector


@dataclass(frozen=True, slots=True)
class LinearOptimum:
    """Optimum of the linear relaxation over some columns, its dual prices and the amount taken of each column."""

    value: float
    prices: Prices
    columns: Indices
    amounts: Vector


@dataclass(frozen=True, slots=True)
class IntegerOptimum:
    """Answer of a 0/1 search over some columns: the chosen columns (empty unless found), and a proven upper bound."""

    outcome: Outcome
    columns: Indices
    value: float
    bound: float


class _Rows:
    """Rows of the restricted problem, in the order limits, pairs, managers with finite hours, accounts."""

    def __init__(self, model: Model, columns: Indices, fixed_in: Flags) -> None:
        self.accounts, managers = np.divmod(columns, model.manager_count)
        self.finite = np.flatnonzero(np.isfinite(model.capacity))
        row_of_manager = np.full(model.manager_count, -1)
        row_of_manager[self.finite] = np.arange(len(self.finite))
        has_row = row_of_manager[managers] >= 0
        count = len(columns)
        position = np.arange(count)
        per_account = np.bincount(self.accounts, minlength=model.account_count)
        self.with_row = np.flatnonzero((per_account > 1) | fixed_in)
        row_of_account = np.full(model.account_count, -1)
        row_of_account[self.with_row] = np.arange(len(self.with_row))
        in_row = row_of_account[self.accounts] >= 0
        hours = sparse.csc_array(
            (model.hours[self.accounts[has_row]], (row_of_manager[managers[has_row]], position[has_row])),
            shape=(len(self.finite), count),
        )
        once = sparse.csc_array(
            (np.ones(int(in_row.sum())), (row_of_account[self.accounts[in_row]], position[in_row])),
            shape=(len(self.with_row), count),
        )
        parts = [sparse.csc_array(model.limit_rows[:, self.accounts])]
        if model.pair_count:
            parts.append(sparse.csc_array(model.pair_rows[:, self.accounts]))
        self.matrix = sparse.csc_array(sparse.vstack([*parts, hours, once], format="csc"))
        must = fixed_in[self.with_row]
        self.upper = np.concatenate([model.bounds, model.capacity[self.finite], np.ones(len(self.with_row))])
        self.lower = np.concatenate([np.full(len(model.bounds) + len(self.finite), -np.inf), np.where(must, 1.0, -np.inf)])


def new_solver() -> highspy.Highs:
    """A silent, single-threaded, seeded HiGHS."""
    solver = SilentHighs()
    options: dict[str, bool | int | float | str] = {
        "parallel": "off",
        "random_seed": 0,
        "primal_feasibility_tolerance": SOLVER_TOLERANCE,
        "dual_feasibility_tolerance": SOLVER_TOLERANCE,
        "mip_feasibility_tolerance": SOLVER_TOLERANCE,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "mip_allow_restart": False,
        # With bounds as small as the tolerance this heuristic never ends (HiGHS 1.16).
        "mip_heuristic_run_feasibility_jump": False,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def solver_outcome(solver: highspy.Highs) -> Outcome:
    """What the solver's status means; raises `RuntimeError` where it gave up."""
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return Outcome.OPTIMAL
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Outcome.INFEASIBLE
    if status in STOPPED_STATUS:
        return Outcome.STOPPED
    raise RuntimeError(f"HiGHS gave up: {solver.modelStatusToString(status)}")


def pass_rows(
    solver: highspy.Highs,
    gain: Vector,
    upper: Vector,
    matrix: sparse.csc_array,
    *,
    row_range: tuple[Vector, Vector],
    integers: int,
) -> None:
    """Load max gain·z, lower ≤ matrix z ≤ upper of the row range, 0 ≤ z ≤ upper into the solver; the first `integers` columns are
    whole."""
    rows, columns = len(row_range[0]), len(gain)
    solver.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        gain,
        np.zeros(columns),
        upper,
        *row_range,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        np.asarray(matrix.data, dtype=np.float64),
        np.repeat(np.array([1, 0], dtype=np.int32), [integers, columns - integers]),
    )


def solve_linear(model: Model, columns: Indices, *, is_phase_one: bool = False) -> LinearOptimum | None:
    """The linear relaxation over some columns; None where they cannot keep the rows.

    Phase one leaves the worth aside and minimises what the floors and pins in lack: value 0 means that they can be kept.
    """
    if not len(columns):
        nothing = Prices(np.zeros(len(model.bounds)), np.zeros(model.manager_count))
        return LinearOptimum(0.0, nothing, columns, np.zeros(0)) if model.is_feasible(columns) else None
    rows = _Rows(model, columns, model.must)
    gain = np.zeros(len(columns)) if is_phase_one else model.worth.ravel()[columns]
    matrix, upper = rows.matrix, np.full(len(columns), np.inf)
    alone = np.ones(model.account_count, dtype=bool)
    alone[rows.with_row] = False
    upper[alone[rows.accounts]] = 1.0
    if is_phase_one:
        floors = np.flatnonzero((rows.upper < 0.0) | (rows.lower == 1.0))
        signs = np.where(rows.upper[floors] < 0.0, -1.0, 1.0)
        lack = sparse.csc_array((signs, (floors, np.arange(len(floors)))), shape=(len(rows.lower), len(floors)))
        matrix = sparse.csc_array(sparse.hstack([matrix, lack], format="csc"))
        gain = np.concatenate([gain, np.full(len(floors), -1.0)])
        upper = np.concatenate([upper, np.full(len(floors), np.inf)])
    solver = new_solver()
    pass_rows(solver, gain, upper, matrix, row_range=(rows.lower, rows.upper), integers=0)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    duals = np.array(solution.row_dual)
    first, last = len(model.bounds), len(model.bounds) + len(rows.finite)
    hours = np.zeros(model.manager_count)
    hours[rows.finite] = np.maximum(duals[first:last], 0.0)
    prices = Prices(rows=np.maximum(duals[:first], 0.0), hours=hours)
    value = float(solver.getInfo().objective_function_value)
    return LinearOptimum(value, prices, columns, np.array(solution.col_value)[: len(columns)])


def solve_integer(
    model: Model,
    columns: Indices,
    fixed_in: Flags,
    *,
    start: Indices | None = None,
    time_limit_seconds: float | None = None,
    most_nodes: int | None = None,
    relative_gap: float = 0.0,
    is_stopped: Callable[[], bool] | None = None,
) -> IntegerOptimum:
    """The 0/1 programme over some columns, `fixed_in` accounts taken: the proven best of them, kept in exact sums.

    `start` is a feasible set of columns to improve on. `is_stopped` is asked now and then and ends the search when it says so.
    """
    if not len(columns):
        outcome = Outcome.OPTIMAL if not fixed_in.any() and model.is_feasible(columns) else Outcome.INFEASIBLE
        value = 0.0 if outcome is Outcome.OPTIMAL else -np.inf
        return IntegerOptimum(outcome, columns, value, value)
    rows = _Rows(model, columns, fixed_in | model.must)
    gain = model.worth.ravel()[columns]
    matrix, lower, upper = rows.matrix, rows.lower, rows.upper
    none = np.zeros(0, dtype=np.int64)
    while True:
        solver = new_solver()
        solver.setOptionValue("mip_rel_gap", relative_gap)
        if time_limit_seconds is not None:
            solver.setOptionValue("time_limit", max(time_limit_seconds, 0.0))
        if most_nodes is not None:
            solver.setOptionValue("mip_max_nodes", most_nodes)
        pass_rows(solver, gain, np.ones(len(columns)), matrix, row_range=(lower, upper), integers=len(columns))
        if start is not None:
            _pass_start(solver, columns, start)
        if is_stopped is not None:
            _stop_when(solver, is_stopped)
        solver.run()
        outcome, info = solver_outcome(solver), solver.getInfo()
        if outcome is Outcome.INFEASIBLE:
            return IntegerOptimum(Outcome.INFEASIBLE, none, -np.inf, -np.inf)
        has_answer = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        taken = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5) if has_answer else none
        broken = model.violations(columns[taken]) if has_answer else []
        if not broken:
            value = model.value(columns[taken]) if has_answer else -np.inf
            if outcome is Outcome.STOPPED:
                return IntegerOptimum(Outcome.STOPPED, columns[taken], value, float(info.mip_dual_bound))
            return IntegerOptimum(
                Outcome.OPTIMAL, columns[taken], value, value if relative_gap == 0.0 else float(info.mip_dual_bound)
            )
        covers = [_cover(_row_over_columns(matrix, row, model, rows), taken) for row in broken]
        matrix = sparse.csc_array(
            sparse.vstack([matrix, sparse.csr_array(np.array([cover for cover, _ in covers]))], format="csc")
        )
        lower = np.concatenate([lower, np.full(len(covers), -np.inf)])
        upper = np.concatenate([upper, np.array([bound for _, bound in covers])])


def _row_over_columns(matrix: sparse.csc_array, row: int, model: Model, rows: _Rows) -> Vector:
    """Coefficients of a row of `Model.violations` over the columns; managers without a limit on hours have no row."""
    over = row - len(model.bounds)
    at = row if over < 0 else len(model.bounds) + int(np.searchsorted(rows.finite, over))
    return matrix[[at], :].toarray().ravel()


def _cover(coefficients: Vector, taken: Indices) -> tuple[Vector, float]:
    """Cut off every answer with at least the taken adverse columns and at most the taken helping ones: it breaks the row too."""
    is_taken = np.zeros(len(coefficients), dtype=bool)
    is_taken[taken] = True
    adverse, helping = is_taken & (coefficients > 0), ~is_taken & (coefficients < 0)
    return adverse.astype(np.float64) - helping, float(adverse.sum()) - 1.0


def _pass_start(solver: highspy.Highs, columns: Indices, start: Indices) -> None:
    solution = highspy.HighsSolution()
    solution.col_value = np.isin(columns, start).astype(np.float64).tolist()
    solver.setSolution(solution)


def _stop_when(solver: highspy.Highs, is_stopped: Callable[[], bool]) -> None:
    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        if is_stopped():
            event.interrupt()

    solver.cbMipInterrupt.subscribe(ask)


def solve_elastic(model: Model, columns: Indices, most_nodes: int | None) -> tuple[Indices, bool] | None:
    """Columns that keep pins and pairs, and break limits and managers' hours by the smallest total share of their bounds.

    The flag tells whether that is proven. The share of a bound of 0 (a ratio's row) counts in the row's largest coefficient.
    """
    rows = _Rows(model, columns, model.must)
    limits, pairs = len(model.limit_rows), model.pair_count
    elastic = np.concatenate([np.arange(limits), limits + pairs + np.arange(len(rows.finite))])
    give = sparse.csc_array(
        (np.full(len(elastic), -1.0), (elastic, np.arange(len(elastic)))), shape=(len(rows.lower), len(elastic))
    )
    size = np.abs(rows.upper[elastic])
    cost = -1.0 / np.where(size > 2 * TOLERANCE, size, 1.0)
    solver = new_solver()
    if most_nodes is not None:
        solver.setOptionValue("mip_max_nodes", most_nodes)
    count = len(columns)
    pass_rows(
        solver,
        np.concatenate([np.zeros(count), cost]),
        np.concatenate([np.ones(count), np.full(len(elastic), np.inf)]),
        sparse.csc_array(sparse.hstack([rows.matrix, give], format="csc")),
        row_range=(rows.lower, rows.upper),
        integers=count,
    )
    solver.run()
    if solver.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return None
    return columns[np.array(solver.getSolution().col_value)[:count] > 0.5], solver_outcome(solver) is Outcome.OPTIMAL
