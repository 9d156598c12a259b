"""What leaves and what comes when one account is forced in or out, and what that costs, each by solving again."""

from dataclasses import dataclass, replace

import numpy as np

from openkam.analytics.selection.loads import LoadPrices, hours_grid, price_loads
from openkam.analytics.selection.model import Indices, Model, build_model
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.problem import SelectionProblem, Solution, WhyIn
from openkam.analytics.selection.relaxation import Bounds, price
from openkam.analytics.selection.restricted import Outcome, Prices
from openkam.analytics.selection.search import SAME_VALUE, Optimum, Watch
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class Case:
    """A solved selection under explanation: its model, its columns, their value, the prices that prove it, and what those
    bound."""

    problem: SelectionProblem
    model: Model
    columns: Indices
    value: float
    prices: Prices | LoadPrices
    bounds: Bounds
    watch: Watch

    @property
    def chosen(self) -> Indices:
        """Chosen accounts, canonical positions."""
        return self.columns // self.model.manager_count

    def solve(self, model: Model, *, start: Indices | None = None, floor: float = -np.inf) -> Optimum | None:
        """The proven optimum of a like model."""
        found = maximise(model, self.watch, prices=self.prices, start=start, floor=floor)
        self.watch.check()
        if found is not None and found.outcome is Outcome.STOPPED:
            raise RuntimeError("a search without a time limit stopped by itself")
        return found

    def percent(self, loss: float) -> float:
        """A loss of utility as percent of the optimum."""
        return 100.0 * max(loss, 0.0) / max(abs(self.value), 1e-12)

    def changes(self, columns: Indices, but: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Accounts of the problem that leave and that come between the optimum and another selection, apart from `but`."""
        old, new = set(self.chosen.tolist()), set((columns // self.model.manager_count).tolist())
        leaves = tuple(int(self.model.order[i]) for i in sorted(old - new - {but}))
        return leaves, tuple(int(self.model.order[i]) for i in sorted(new - old - {but}))


def open_case(problem: SelectionProblem, solution: Solution, watch: Watch) -> Case:
    """Take up a solved selection; raises `OpenKamError` where it is not proven."""
    if solution.status != "optimal":
        raise OpenKamError("Only a proven selection can be explained. Solve it again with more time.")
    model = build_model(problem)
    rank = np.argsort(model.manager_order)
    accounts = np.flatnonzero(solution.chosen[model.order])
    managers = rank[solution.manager[model.order[accounts]]] if model.has_managers else np.zeros(len(accounts), dtype=np.int64)
    columns = accounts * model.manager_count + managers
    if not model.is_feasible(columns):
        raise OpenKamError("The solution breaks a limit of this problem: explain a solution with the problem it was solved for.")
    proof = maximise(model, watch, start=columns, for_many=True)
    if proof is None or proof.value > model.value(columns) + 10 * SAME_VALUE:
        raise OpenKamError("The solution is not the best of this problem: explain a solution with the problem it was solved for.")
    return Case(problem, model, columns, model.value(columns), proof.prices, bounds_of(model, proof.prices), watch)


def bounds_of(model: Model, prices: Prices | LoadPrices) -> Bounds:
    """What prices of either kind prove of a model."""
    if isinstance(prices, Prices):
        return price(model, prices)
    grid = hours_grid(model)
    if grid is None:
        raise ValueError("prices of loads need managers whose hours are finite")
    return price_loads(model, grid, prices)


def least_losses(bounds: Bounds) -> np.ndarray:
    """The least loss of each account over its managers (n long, inf where it cannot be)."""
    return bounds.loss.min(axis=1)


def force_in(case: Case, model: Model, account: int, *, start: Indices | None = None, floor: float = -np.inf) -> Optimum | None:
    """The optimum of a like model that takes one account; None where there is none, or none worth the floor."""
    forced = model.forced(account, is_in=True)
    prices = case.prices
    if isinstance(prices, LoadPrices):
        loss = float(case.bounds.loss[account].min())
        if not np.isfinite(loss):
            loss = 0.0
        accounts = prices.accounts.copy()
        accounts[account] -= loss
        prices = LoadPrices(prices.rows, accounts)
    return replace(case, prices=prices).solve(forced, start=start, floor=floor)


def why_in(case: Case, account: int) -> WhyIn:
    """What would come in the place of a chosen account, and what that would cost; a pin that holds it is lifted for the
    question."""
    must = case.model.must.copy()
    must[account] = False
    without = replace(case.model, must=must).forced(account, is_in=False)
    kept = case.columns[case.chosen != account]
    found = case.solve(without, start=best_repair(without, kept))
    position = int(case.model.order[account])
    if found is None:
        return WhyIn(position, (), None)
    _, comes = case.changes(found.columns, account)
    return WhyIn(position, comes, case.percent(case.value - found.value))


def entry_start(case: Case, model: Model, account: int) -> Indices | None:
    """A good selection with an account in, from the optimum: with none, one or two of the others left out."""
    managers = np.flatnonzero(np.isfinite(model.worth[account]))
    best: Indices | None = None
    value = -np.inf
    others = case.columns[case.chosen != account]
    worth = model.worth.ravel()[others]
    drops = [(), *((a,) for a in range(len(others)))]
    if len(others) <= 40:
        drops += [(a, b) for a in range(len(others)) for b in range(a)]
    total = float(worth.sum())
    for drop in sorted(drops, key=lambda d: (float(worth[list(d)].sum()), d)):
        if total - float(worth[list(drop)].sum()) + float(model.worth[account, managers].max(initial=-np.inf)) <= value:
            break
        rest = np.delete(others, list(drop))
        for manager in managers:
            trial = np.sort(np.append(rest, account * model.manager_count + manager))
            if model.value(trial) > value and fits(model, trial):
                best, value = trial, model.value(trial)
    return best


def best_repair(model: Model, rest: Indices) -> Indices | None:
    """A selection from some columns and the one other column that adds most; None where none of these is feasible."""
    best = rest if fits(model, rest) else None
    value = model.value(rest) if best is not None else -np.inf
    taken = np.zeros(model.account_count, dtype=bool)
    taken[rest // model.manager_count] = True
    open_columns = model.open_columns()
    open_columns = open_columns[~taken[open_columns // model.manager_count]]
    order = open_columns[np.argsort(-model.worth.ravel()[open_columns], kind="stable")][:200]
    for column in order:
        trial = np.sort(np.append(rest, column))
        if model.value(trial) <= value:
            break
        if fits(model, trial):
            return trial
    return best


def fits(model: Model, columns: Indices) -> bool:
    """A quick look with plain sums before the exact one."""
    accounts, managers = np.divmod(columns, model.manager_count)
    limits = len(model.limit_rows)
    if (model.limit_rows[:, accounts].sum(axis=1) > model.bounds[:limits] + 1e-9).any():
        return False
    if (np.bincount(managers, model.hours[accounts], minlength=model.manager_count) > model.capacity + 1e-9).any():
        return False
    return model.is_feasible(columns)
