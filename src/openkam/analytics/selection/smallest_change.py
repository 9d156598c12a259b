"""The smallest change of an account's own figures that brings it in: one criterion, its own share of a limit, its own hours."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from openkam.analytics.selection.displacement import Case, entry_start, force_in
from openkam.analytics.selection.model import Model
from openkam.analytics.selection.nearest import Exclusion
from openkam.analytics.selection.problem import Change, Sense
from openkam.analytics.selection.search import SAME_VALUE
from openkam.analytics.selection.variants import with_own_hours, with_own_numerator, with_utility

VALUE_GRAIN = 1e-6
"""Levels of a value function are given to a millionth, rounded up."""
STRICTLY = 1e-8


def criterion_changes(case: Case, exclusion: Exclusion) -> list[Change]:
    """For each criterion alone, the level of its value function at which the account comes in, where even 1 is not too little."""
    rise = utility_rise(case, exclusion)
    if rise is None:
        return []
    account = int(case.model.order[exclusion.account])
    found: list[Change] = []
    for at, criterion in enumerate(case.problem.criteria):
        weight, level = float(case.problem.weight[at]), float(case.problem.value[account, at])
        if weight <= 0.0:
            continue
        needed = ceil((level + rise / weight) / VALUE_GRAIN - 1e-9) * VALUE_GRAIN
        if needed <= 1.0:
            found.append(Change(f"criterion:{criterion}", criterion, "value in [0, 1]", level, round(needed, 6), True))
    return found


def utility_rise(case: Case, exclusion: Exclusion) -> float | None:
    """How much more utility the account needs to be in, verified by solving again; None where no utility up to its most helps.

    What the selections with the account are worth is the greatest of straight lines in its utility (slope: the fit of its
    manager), what those without are worth stays the same. Newton's step from a selection with the account meets the crossing
    from above, so it ends at the smallest rise.
    """
    if exclusion.columns is None:
        return None
    model, account = case.model, exclusion.account
    base = float(case.problem.utility[model.order[account]])
    room = float((case.problem.weight * (1.0 - case.problem.value[model.order[account]])).max(initial=0.0))
    columns, rise = exclusion.columns, np.inf
    while True:
        manager = int(columns[columns // model.manager_count == account][0] % model.manager_count)
        slope = float(case.problem.fit[model.order[account], model.manager_order[manager]]) if model.has_managers else 1.0
        better = max(0.0, case.value - model.value(columns)) / slope
        if better >= rise - SAME_VALUE:
            break
        rise = better
        if rise > room and not model.has_managers:
            return None
        raised = with_utility(model, case.problem, account, base + rise)
        found = force_in(case, raised, account, start=columns)
        if found is None or not model.has_managers:
            break
        columns = found.columns
    if rise > room:
        return None
    rise += STRICTLY
    raised = with_utility(model, case.problem, account, base + rise)
    verified = case.solve(raised, start=columns)
    is_in = verified is not None and bool((verified.columns // model.manager_count == account).any())
    return rise if is_in else None


@dataclass(frozen=True, slots=True)
class _Own:
    """One figure of the account that can shrink: where it stands, its step, and the model with another value."""

    change_name: str
    label: str
    unit: str
    from_value: float
    step: float
    model_at: Callable[[float], Model]


def own_changes(case: Case, exclusion: Exclusion, names: tuple[str, ...]) -> list[Change]:
    """The account's own share of each limit that it would break, and its own hours: the fewest steps that bring it in.

    Only selections with the account gain by it, and the more the further it goes, so the first step that works is found by
    halving and every step beyond works too.
    """
    found: list[Change] = []
    for own in _own_figures(case, exclusion.account, names):
        steps = _fewest_steps(case, exclusion, own)
        if steps is not None:
            to_value = (
                round(max(0.0, own.from_value - steps * own.step), 10)
                if own.step > 0
                else round(own.from_value - steps * own.step, 10)
            )
            found.append(Change(own.change_name, own.label, own.unit, own.from_value, to_value, True))
    return found


def _own_figures(case: Case, account: int, names: tuple[str, ...]) -> list[_Own]:
    problem, model = case.problem, case.model
    position = int(model.order[account])
    found: list[_Own] = []
    hours_done = not any(name.startswith("manager:") for name in names)
    for row, at in enumerate(model.limit_order):
        limit = problem.limits[at]
        is_hours = model.has_managers and limit.denominator is None and np.array_equal(limit.numerator, problem.hours)
        if not limit.own_label or not (limit.name in names or (is_hours and not hours_done)):
            continue
        per = 1.0 if limit.denominator is None else float(limit.denominator[position])
        if per <= 0.0:
            continue

        def model_at(value: float, row: int = row, per: float = per, is_hours: bool = is_hours) -> Model:
            changed = with_own_numerator(model, problem, row, account, value * per)
            return with_own_hours(changed, account, value) if is_hours else changed

        hours_done |= is_hours
        step = limit.step if limit.sense is Sense.AT_MOST else -limit.step
        found.append(
            _Own(f"own:{limit.name}", limit.own_label, limit.unit, float(limit.numerator[position]) / per, step, model_at)
        )
    if not hours_done:
        hours = float(problem.hours[position])
        found.append(
            _Own("own:hours", "its own hours", "hours/year", hours, 1.0, lambda value: with_own_hours(model, account, value))
        )
    return found


def _fewest_steps(case: Case, exclusion: Exclusion, own: _Own) -> int | None:
    """The fewest steps at which a selection with the account beats the best without it; None where even the last does not."""
    last = ceil(own.from_value / own.step - 1e-9) if own.step > 0 else ceil(own.from_value / -own.step)

    def works(steps: int) -> bool:
        value = own.from_value - steps * own.step
        model = own.model_at(max(0.0, value) if own.step > 0 else value)
        trial = entry_start(case, model, exclusion.account)
        if trial is not None and model.value(trial) > case.value + STRICTLY:
            return True
        return force_in(case, model, exclusion.account, start=exclusion.columns, floor=case.value + STRICTLY) is not None

    if last < 1 or not works(last):
        return None
    low, high = 0, 1
    while high < last and not works(high):
        low, high = high, min(2 * high, last)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high
