"""The same model with one thing changed: a bound, a manager's hours, one account's worth or its own use of a limit."""

from dataclasses import replace

import numpy as np

from openkam.analytics.selection.model import TOLERANCE, Model, Vector, limit_row
from openkam.analytics.selection.problem import SelectionProblem


def with_bound(model: Model, problem: SelectionProblem, row: int, bound: float) -> Model:
    """Limit number `row` of the model with another bound; the row keeps its scale."""
    coefficients, right = limit_row(replace(problem.limits[model.limit_order[row]], bound=bound))
    rows, bounds = model.limit_rows, model.bounds.copy()
    if problem.limits[model.limit_order[row]].denominator is not None:
        rows = rows.copy()
        rows[row] = coefficients[model.order] / model.limit_scale[row]
    bounds[row] = right / model.limit_scale[row] + TOLERANCE
    return replace(model, limit_rows=rows, bounds=bounds)


def with_manager_hours(model: Model, manager: int, hours: float) -> Model:
    """Manager number `manager` of the model with other hours a year."""
    capacity = model.capacity.copy()
    capacity[manager] = hours / model.hours_scale + TOLERANCE
    return replace(model, capacity=capacity)


def with_utility(model: Model, problem: SelectionProblem, account: int, utility: float) -> Model:
    """One account (canonical position) with another utility."""
    worth = model.worth.copy()
    fit = problem.fit[model.order[account]][model.manager_order] if model.has_managers else np.ones(1)
    worth[account] = np.where(fit > 0.0, utility * fit, -np.inf)
    return replace(model, worth=worth)


def with_utilities(model: Model, problem: SelectionProblem, utility: Vector) -> Model:
    """Every account with another utility, given in canonical order; the order itself stays."""
    fit = problem.fit[np.ix_(model.order, model.manager_order)] if model.has_managers else np.ones((model.account_count, 1))
    return replace(model, worth=np.where(fit > 0.0, utility[:, None] * fit, -np.inf))


def with_own_hours(model: Model, account: int, hours: float) -> Model:
    """One account needing other hours of its manager."""
    changed = model.hours.copy()
    changed[account] = hours / model.hours_scale
    return replace(model, hours=changed)


def with_own_numerator(model: Model, problem: SelectionProblem, row: int, account: int, numerator: float) -> Model:
    """One account with another numerator in limit number `row` of the model."""
    limit = problem.limits[model.limit_order[row]]
    changed = limit.numerator.astype(np.float64)
    changed[model.order[account]] = numerator
    coefficients, _ = limit_row(replace(limit, numerator=changed))
    rows = model.limit_rows.copy()
    rows[row] = coefficients[model.order] / model.limit_scale[row]
    return replace(model, limit_rows=rows)
