"""Solve a selection to proven optimality."""

import numpy as np

from openkam.analytics.selection.infeasible import infeasible_error
from openkam.analytics.selection.model import Model, build_model
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.problem import SelectionProblem, Solution
from openkam.analytics.selection.quick_selection import quick_selection
from openkam.analytics.selection.relaxation import relax
from openkam.analytics.selection.restricted import LinearOptimum, Outcome
from openkam.analytics.selection.search import Optimum, Progress, Watch
from openkam.analytics.terms import OpenKamError


def solve_selection(
    problem: SelectionProblem, *, time_limit_seconds: float | None = None, progress: Progress | None = None
) -> Solution:
    """The selection of greatest utility under every limit, proven (gap 0) unless a time limit ends the search first.

    Under a time limit a good selection is looked for first, so that there is one when it ends. The same problem with its rows in
    another order gives the same selection. Raises `InfeasibleSelectionError` where the limits
    cannot hold together, `Cancelled` where `progress` returns False, `OpenKamError` where the time limit passes before any
    selection is found.
    """
    watch = Watch(time_limit_seconds, progress)
    watch.tell("weighing every account against every manager", 0.0)
    model = build_model(problem)
    relaxed = relax(model)
    start = None if relaxed is None or time_limit_seconds is None else quick_selection(model, *relaxed, watch)
    optimum = None if relaxed is None else maximise(model, watch, relaxed=relaxed, start=start)
    if relaxed is None or optimum is None:
        watch.tell("finding which limits conflict", 0.5)
        raise infeasible_error(problem, watch, is_relaxation_infeasible=relaxed is None)
    if not np.isfinite(optimum.value):
        raise OpenKamError(f"No selection was found within {time_limit_seconds:g} seconds. Give the search more time.")
    watch.tell("done", 1.0)
    return _solution(problem, model, optimum, relaxed[0], watch.seconds)


def _solution(problem: SelectionProblem, model: Model, optimum: Optimum, linear: LinearOptimum, seconds: float) -> Solution:
    accounts, managers = np.divmod(optimum.columns, model.manager_count)
    chosen = np.zeros(len(problem.accounts), dtype=bool)
    chosen[model.order[accounts]] = True
    manager = np.full(len(problem.accounts), -1, dtype=np.int64)
    if model.has_managers:
        manager[model.order[accounts]] = model.manager_order[managers]
    is_proven = optimum.outcome is Outcome.OPTIMAL
    return Solution(
        status="optimal" if is_proven else "time limit",
        objective=optimum.value,
        bound=optimum.bound,
        gap=0.0 if is_proven else (optimum.bound - optimum.value) / max(abs(optimum.value), 1e-12),
        chosen=chosen,
        manager=manager,
        relaxation_objective=linear.value,
        shadow_price=_shadow_prices(problem, model, linear),
        seconds=seconds,
    )


def _shadow_prices(problem: SelectionProblem, model: Model, linear: LinearOptimum) -> dict[str, float]:
    """Utility that the linear relaxation gains per unit by which a bound is loosened (so never below zero).

    A ratio's bound moves its row by the denominator's sum over the relaxation's selection.
    """
    accounts = linear.columns // model.manager_count
    amount = np.zeros(model.account_count)
    np.add.at(amount, accounts, linear.amounts)
    price: dict[str, float] = {}
    for row, at in enumerate(model.limit_order):
        limit = problem.limits[at]
        moved = 1.0 if limit.denominator is None else float(limit.denominator[model.order] @ amount)
        price[limit.name] = float(linear.prices.rows[row] / model.limit_scale[row] * moved)
    for column, at in enumerate(model.manager_order):
        price[f"manager:{problem.managers[at]}"] = float(linear.prices.hours[column] / model.hours_scale)
    return price
