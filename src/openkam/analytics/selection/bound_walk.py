"""Loosening one bound step by step, and who comes in at which step: by solving again, never by extrapolating.

An account may come in at one more hour and fall out again at three, because whole accounts must fit. So every step up to the
first that works is either solved or ruled out: prices bound what any selection with the account can be worth at that step,
and where that is less than a selection already known, the account stays out. Then some steps beyond are solved to see
whether it stays in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from openkam.analytics.selection.displacement import Case, bounds_of, least_losses
from openkam.analytics.selection.model import Indices, Model
from openkam.analytics.selection.problem import Change, Sense
from openkam.analytics.selection.search import SAME_VALUE
from openkam.analytics.selection.variants import with_bound, with_manager_hours
from openkam.analytics.selection.words import amount

MOST_STEPS = 40
BEYOND = 4


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound that can give way: its name, label and unit, where it stands, its signed step, and the model with another
    value."""

    name: str
    label: str
    unit: str
    from_value: float
    step: float
    model_at: Callable[[float], Model]

    def value_at(self, steps: int) -> float:
        """The bound after some steps, without the float's dust."""
        return round(self.from_value + steps * self.step, 10)


@dataclass(slots=True)
class Walk:
    """The optima along one bound, solved when asked for and kept: `columns[k]` after k steps, of `last` at most.

    A looser bound is never worth less. So what two steps have in common in value, every step between them has.
    """

    case: Case
    bound: Bound
    last: int
    columns: dict[int, Indices] = field(default_factory=dict)

    def optimum(self, steps: int) -> Indices:
        """The proven best columns after some steps; a later optimum that fits already is the best here too, and so is an earlier
        one that is worth no less than a later.
        """
        if steps not in self.columns:
            model = self.bound.model_at(self.bound.value_at(steps))
            earlier = max((k for k in self.columns if k < steps), default=None)
            start = self.case.columns if earlier is None else self.columns[earlier]
            later = self.columns.get(min((k for k in self.columns if k > steps), default=-1))
            if later is not None and model.is_feasible(later):
                self.columns[steps] = later
            elif later is not None and self._are_level(start, later):
                self.columns[steps] = start
            else:
                found = self.case.solve(model, start=start)
                self.columns[steps] = start if found is None else found.columns
        return self.columns[steps]

    def has(self, account: int, steps: int) -> bool:
        """Whether an account is in after some steps."""
        return bool((self.optimum(steps) // self.case.model.manager_count == account).any())

    def look_ahead(self, steps: int) -> None:
        """Where this step brought nothing, find by halving how far that goes: a bound that does not bind costs a few searches then, and
        not one for each step.
        """
        here = self.optimum(steps)
        if not self._are_level(here, self.columns.get(steps - 1, self.case.columns)):
            return
        ahead = self.last
        while ahead > steps + 1 and not self._are_level(here, self.optimum(ahead)):
            ahead = (steps + ahead) // 2

    def _are_level(self, one: Indices, other: Indices) -> bool:
        return abs(self.case.model.value(one) - self.case.model.value(other)) <= SAME_VALUE

    def best_known(self, steps: int) -> float:
        """The value of the best selection known to be feasible after some steps."""
        return max((self.case.model.value(self.columns[k]) for k in self.columns if k <= steps), default=self.case.value)


def bounds_of_problem(case: Case) -> dict[str, Bound]:
    """Every bound of the problem that can give way, by name; managers' hours are `manager:<name>`, in steps of an hour."""
    problem, model = case.problem, case.model
    found: dict[str, Bound] = {}
    for row, at in enumerate(model.limit_order):
        limit = problem.limits[at]
        step = limit.step if limit.sense is Sense.AT_MOST else -limit.step
        found[limit.name] = Bound(
            limit.name, limit.label, limit.unit, limit.bound, step, lambda value, row=row: with_bound(model, problem, row, value)
        )
    for column, at in enumerate(model.manager_order if model.has_managers else []):
        name = problem.managers[at]
        found[f"manager:{name}"] = Bound(
            f"manager:{name}",
            f"Hours of {name}",
            "hours/year",
            float(problem.manager_hours[at]),
            1.0,
            lambda value, column=column: with_manager_hours(model, column, value),
        )
    return found


def walk_bound(case: Case, bound: Bound, accounts: list[int]) -> dict[int, Change]:
    """The smallest change of one bound that brings in each of these accounts (canonical positions), where one of up to 40
    steps does."""
    walk = Walk(case, bound, max((k for k in range(1, MOST_STEPS + 1) if _makes_sense(bound, k)), default=0))
    entered: dict[int, int] = {}
    for steps in range(1, walk.last + 1):
        case.watch.check()
        waiting = [account for account in accounts if account not in entered]
        model = bound.model_at(bound.value_at(steps))
        bounds = bounds_of(model, case.prices)
        reach = bounds.bound - least_losses(bounds)
        known = walk.best_known(steps)
        waiting = [account for account in waiting if reach[account] >= known - SAME_VALUE]
        for account in waiting:
            if walk.has(account, steps):
                entered[account] = steps
        if waiting:
            walk.look_ahead(steps)
        if len(entered) == len(accounts):
            break
    return {account: _change(walk, account, steps) for account, steps in entered.items()}


def _change(walk: Walk, account: int, steps: int) -> Change:
    bound = walk.bound
    beyond = [k for k in range(steps + 1, steps + BEYOND + 1) if _makes_sense(bound, k)]
    inside = {k: walk.has(account, k) for k in beyond}
    out = next((k for k in beyond if not inside[k]), None)
    note = ""
    if out is not None:
        again = next((k for k in beyond if k > out and inside[k]), None)
        note = f"at {amount(bound.value_at(out), bound.unit)} it is out again"
        if again is not None:
            note += f", at {amount(bound.value_at(again), bound.unit)} back in"
    return Change(bound.name, bound.label, bound.unit, bound.from_value, bound.value_at(steps), out is None, note)


def _makes_sense(bound: Bound, steps: int) -> bool:
    """Whether a floor above nothing stays above nothing."""
    return bound.step > 0 or bound.value_at(steps) >= 0 or bound.from_value <= 0


def may_matter(case: Case, account: int, names: tuple[str, ...]) -> list[str]:
    """Bounds worth trying for an account: those that it would break, and those without any room left."""
    model = case.model
    used = model.limit_rows[:, case.chosen].sum(axis=1)
    smallest = np.array([np.abs(row[row != 0.0]).min(initial=np.inf) for row in model.limit_rows])
    tight = np.flatnonzero(model.bounds[: len(used)] - used < np.minimum(smallest, 1.0))
    return sorted({*names, *(case.problem.limits[model.limit_order[row]].name for row in tight)})
