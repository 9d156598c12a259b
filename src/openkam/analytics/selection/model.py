"""The selection problem as arrays in one canonical order, ready for the solver.

Accounts are sorted by falling utility and then by name, managers, limits and pairs by name, so that the solver sees the same
numbers whatever the row order of the input: that is what makes ties fall the same way every time. A column is one (account,
manager) pair, numbered account · managers + manager; without managers there is one nameless manager whose hours never run out.

Every limit is a row Σ_i coefficient_i x_i ≤ bound, scaled so that its largest coefficient is 1. A row holds when its exactly
summed left side exceeds the bound by no more than `TOLERANCE` of that scale: 0.1 + 0.2 ≤ 0.3 must hold for a reader, though
not for a float.
"""

from dataclasses import dataclass, replace
from math import fsum

import numpy as np
import numpy.typing as npt
from scipy import sparse

from openkam.analytics.selection.problem import Limit, Pair, SelectionProblem, Sense, Vector
from openkam.analytics.terms import OpenKamError

TOLERANCE = 1e-9
"""Share of a row's largest coefficient by which a sum may pass its bound; it is part of the model, so optimality is exact."""

Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Model:
    """Arrays of one selection problem; n accounts, M ≥ 1 managers, L limits, P pairs.

    `order[i]` is the problem's position of canonical account i (`manager_order`, `limit_order` likewise). `worth` (n × M) is
    what a pair adds to the objective, −inf where the pair cannot be. `limit_rows` (L × n) and `pair_rows` (P × n) are
    scaled; `bounds` (L + P) and `capacity` (M, of hours scaled by `hours_scale`) already include the tolerance.
    """

    names: tuple[str, ...]
    order: Indices
    manager_order: Indices
    limit_order: Indices
    has_managers: bool
    worth: npt.NDArray[np.float64]
    hours: Vector
    hours_scale: float
    capacity: Vector
    limit_rows: npt.NDArray[np.float64]
    limit_scale: Vector
    pair_rows: sparse.csr_array
    bounds: Vector
    must: Flags
    barred: Flags

    @property
    def account_count(self) -> int:
        """Number of accounts."""
        return len(self.names)

    @property
    def manager_count(self) -> int:
        """Number of managers, at least one."""
        return len(self.capacity)

    @property
    def pair_count(self) -> int:
        """Number of pairs."""
        return len(self.bounds) - len(self.limit_rows)

    def open_columns(self) -> Indices:
        """Every column that may be 1."""
        return np.flatnonzero((np.isfinite(self.worth) & ~self.barred[:, None]).ravel())

    def value(self, columns: Indices) -> float:
        """Exactly summed objective of a set of columns."""
        return fsum(self.worth.ravel()[columns].tolist())

    @property
    def least_value(self) -> float:
        """A value that no selection falls below."""
        return float(np.minimum(np.where(np.isfinite(self.worth), self.worth, 0.0), 0.0).min(axis=1).sum())

    def violations(self, columns: Indices) -> list[int]:
        """Rows that a set of columns breaks, by exact sums: limits and pairs first (0 … L+P−1), then managers (L+P …)."""
        accounts, managers = np.divmod(columns, self.manager_count)
        used = self.limit_rows[:, accounts]
        broken = [row for row in range(len(used)) if fsum(used[row].tolist()) > self.bounds[row]]
        if self.pair_count:
            chosen = np.zeros(self.account_count)
            chosen[accounts] = 1.0
            over = self.pair_rows @ chosen > self.bounds[len(used) :]
            broken += (np.flatnonzero(over) + len(used)).tolist()
        for manager in np.flatnonzero(np.isfinite(self.capacity)):
            if fsum(self.hours[accounts[managers == manager]].tolist()) > self.capacity[manager]:
                broken.append(len(self.bounds) + int(manager))
        return broken

    def is_feasible(self, columns: Indices) -> bool:
        """Whether a set of columns keeps every row, every pin and one manager per account."""
        accounts = columns // self.manager_count
        chosen = np.zeros(self.account_count, dtype=bool)
        chosen[accounts] = True
        if len(np.unique(accounts)) != len(accounts) or (chosen & self.barred).any() or (self.must & ~chosen).any():
            return False
        return bool(np.isfinite(self.worth.ravel()[columns]).all()) and not self.violations(columns)

    def forced(self, account: int, *, is_in: bool) -> "Model":
        """The same model with one account (canonical position) pinned in or out."""
        flags = (self.must if is_in else self.barred).copy()
        flags[account] = True
        return replace(self, must=flags) if is_in else replace(self, barred=flags)


def build_model(problem: SelectionProblem) -> Model:
    """Arrays of a problem; raises `OpenKamError` where its shapes or numbers make no sense."""
    check_problem(problem)
    order = np.array(
        sorted(range(len(problem.accounts)), key=lambda i: (-problem.utility[i], problem.accounts[i])), dtype=np.int64
    )
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    manager_order = np.array(sorted(range(len(problem.managers)), key=lambda m: problem.managers[m]), dtype=np.int64)
    limit_order = np.array(sorted(range(len(problem.limits)), key=lambda k: problem.limits[k].name), dtype=np.int64)
    must, barred = np.zeros((2, len(order)), dtype=bool)
    for pin in problem.pins:
        (must if pin.is_in else barred)[rank[pin.account]] = True
    worth = problem.utility[order][:, None] * np.ones((1, 1))
    hours, hours_scale, capacity = np.zeros(len(order)), 1.0, np.array([np.inf])
    if problem.managers:
        fit = problem.fit[np.ix_(order, manager_order)]
        worth = np.where(fit > 0.0, worth * fit, -np.inf)
        hours = problem.hours[order]
        hours_scale = _scale(hours)
        hours = hours / hours_scale
        capacity = problem.manager_hours[manager_order] / hours_scale + TOLERANCE
    rows = [limit_row(problem.limits[k]) for k in limit_order]
    scales = np.array([_scale(coefficients) for coefficients, _ in rows])
    pair_rows, pair_bounds = _pair_rows(problem, rank)
    return Model(
        names=tuple(problem.accounts[i] for i in order),
        order=order,
        manager_order=manager_order,
        limit_order=limit_order,
        has_managers=bool(problem.managers),
        worth=worth,
        hours=hours,
        hours_scale=hours_scale,
        capacity=capacity,
        limit_rows=np.array([row[0][order] for row in rows]).reshape(len(rows), len(order)) / scales[:, None],
        limit_scale=scales,
        pair_rows=pair_rows,
        bounds=np.concatenate([np.array([row[1] for row in rows]) / scales, pair_bounds]) + TOLERANCE,
        must=must,
        barred=barred,
    )


def limit_row(limit: Limit) -> tuple[Vector, float]:
    """A limit as Σ coefficient x ≤ bound, unscaled: a ratio's denominator moves to the left, a floor changes its sign."""
    coefficients, bound = limit.numerator.astype(np.float64), float(limit.bound)
    if limit.denominator is not None:
        coefficients, bound = coefficients - bound * limit.denominator, 0.0
    return (coefficients, bound) if limit.sense is Sense.AT_MOST else (-coefficients, -bound)


def _scale(coefficients: Vector) -> float:
    return float(np.abs(coefficients).max(initial=0.0)) or 1.0


def _pair_rows(problem: SelectionProblem, rank: Indices) -> tuple[sparse.csr_array, Vector]:
    """Conflicts x_first + x_second ≤ 1, then coherence x_first − x_second ≤ 0, each sorted and without doubles."""
    conflicts = sorted({tuple(sorted((int(rank[pair.first]), int(rank[pair.second])))) for pair in problem.conflicts})
    coherence = sorted({(int(rank[pair.first]), int(rank[pair.second])) for pair in problem.coherence})
    pairs = np.array([*conflicts, *coherence], dtype=np.int64).reshape(-1, 2)
    signs = np.array([[1.0, 1.0]] * len(conflicts) + [[1.0, -1.0]] * len(coherence)).reshape(-1, 2)
    row = np.repeat(np.arange(len(pairs)), 2)
    matrix = sparse.csr_array((signs.ravel(), (row, pairs.ravel())), shape=(len(pairs), len(problem.accounts)))
    return matrix, np.array([1.0] * len(conflicts) + [0.0] * len(coherence))


def check_problem(problem: SelectionProblem) -> None:
    """Raise `OpenKamError` where lengths disagree, a name repeats, or a number is not finite or has the wrong sign."""
    accounts, managers = len(problem.accounts), len(problem.managers)
    shapes: list[tuple[str, npt.NDArray[np.float64], tuple[int, ...]]] = [("utility", problem.utility, (accounts,))]
    shapes.append(("hours", problem.hours, (accounts,)))
    if managers:
        shapes += [("manager hours", problem.manager_hours, (managers,)), ("fit", problem.fit, (accounts, managers))]
    for limit in problem.limits:
        shapes.append((f"limit {limit.name}", limit.numerator, (accounts,)))
        shapes.append((f"bound of limit {limit.name}", np.array([limit.bound]), (1,)))
        if limit.denominator is not None:
            shapes.append((f"denominator of limit {limit.name}", limit.denominator, (accounts,)))
    for what, array, shape in shapes:
        if array.shape != shape:
            raise OpenKamError(f"Selection: {what} has shape {array.shape} where {shape} is needed.")
        if not np.isfinite(array).all():
            raise OpenKamError(
                f"Selection: {what} holds a value that is missing or infinite. Fill or leave out those accounts first."
            )
    if (problem.hours < 0).any() or (problem.fit < 0).any():
        raise OpenKamError("Selection: hours and fit must not be negative.")
    if not accounts:
        raise OpenKamError(
            "Selection: there is no account to choose from. Import customers, or loosen the programme's candidates."
        )
    for what, names in (
        ("account", problem.accounts),
        ("manager", problem.managers),
        ("limit", tuple(limit.name for limit in problem.limits)),
    ):
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise OpenKamError(f"Selection: the {what} {twice!r} is given twice. Every {what} needs its own name.")
    _check_positions(problem.conflicts + problem.coherence, accounts)


def _check_positions(pairs: tuple[Pair, ...], accounts: int) -> None:
    for pair in pairs:
        if pair.first == pair.second or not (0 <= pair.first < accounts and 0 <= pair.second < accounts):
            raise OpenKamError(
                f"Selection: a pair binds accounts {pair.first} and {pair.second} ({pair.reason}); it needs two different ones."
            )
