from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from openkam.analytics.selection.explain import explain_selection
from openkam.analytics.selection.infeasible import InfeasibleSelectionError
from openkam.analytics.selection.problem import Change, SelectionProblem, Sense
from openkam.analytics.selection.solve import solve_selection
from tests.analytics.selection.small_problems import best_by_trying, small_problems

TIE = 1e-6


def changed(problem: SelectionProblem, account: int, change: Change, value: float) -> SelectionProblem:
    """The problem with the changed quantity at `value`."""
    kind, _, name = change.name.partition(":")
    if kind == "criterion":
        at = problem.criteria.index(name)
        utility = problem.utility.copy()
        utility[account] += (value - problem.value[account, at]) * problem.weight[at]
        return replace(problem, utility=utility)
    if kind == "manager":
        hours = problem.manager_hours.copy()
        hours[problem.managers.index(name)] = value
        return replace(problem, manager_hours=hours)
    if kind == "own":
        limits, own_hours = list(problem.limits), problem.hours.copy()
        for at, limit in enumerate(limits):
            if limit.name == name:
                numerator = limit.numerator.copy()
                numerator[account] = value
                limits[at] = replace(limit, numerator=numerator)
        if name == "hours":
            own_hours[account] = value
        return replace(problem, limits=tuple(limits), hours=own_hours)
    limits = tuple(replace(limit, bound=value) if limit.name == change.name else limit for limit in problem.limits)
    return replace(problem, limits=limits)


def advantage(problem: SelectionProblem, account: int) -> float:
    """How much more the best selection with the account is worth than the best without it."""
    inside, outside = best_by_trying(problem, {account: True}), best_by_trying(problem, {account: False})
    return (-np.inf if inside is None else inside) - (-np.inf if outside is None else outside)


def step_of(problem: SelectionProblem, change: Change) -> float:
    name = change.name.removeprefix("own:")
    limit = next((limit for limit in problem.limits if limit.name == name), None)
    if limit is None:
        return -1.0 if change.name.startswith("own:") else 1.0
    step = limit.step if limit.sense is Sense.AT_MOST else -limit.step
    return -step if change.name.startswith("own:") else step


@settings(max_examples=40, deadline=None)
@given(small_problems(most_accounts=5))
def test_a_change_is_enough_and_nothing_smaller_is(problem: SelectionProblem) -> None:
    try:
        solution = solve_selection(problem)
    except InfeasibleSelectionError:
        return

    found = explain_selection(problem, solution, nearest=3)

    for why in found.why_out:
        for change in why.needs:
            assert advantage(changed(problem, why.account, change, change.to_value), why.account) >= -TIE
            if change.name.startswith("criterion:"):
                short = change.to_value - 1e-4
                if short > change.from_value:
                    assert advantage(changed(problem, why.account, change, short), why.account) <= TIE
                continue
            step = step_of(problem, change)
            steps = round((change.to_value - change.from_value) / step)
            for k in range(1, min(steps, 6)):
                assert advantage(changed(problem, why.account, change, change.from_value + k * step), why.account) <= TIE


def test_it_says_that_one_more_hour_brings_it_in_and_three_put_it_out_again(knapsack: SelectionProblem) -> None:
    solution = solve_selection(knapsack)
    assert not solution.chosen[0]

    why = next(why for why in explain_selection(knapsack, solution).why_out if why.account == 0)

    hours = next(change for change in why.needs if change.name == "hours")
    assert (hours.from_value, hours.to_value) == (21.0, 22.0)
    assert not hours.is_stable
    assert hours.note == "at 24 hours/year it is out again, at 25 hours/year back in"
    inside = [bool(solve_selection(changed(knapsack, 0, hours, 21.0 + k)).chosen[0]) for k in range(6)]
    assert inside == [False, True, True, False, True, True]


def test_its_own_hours_bring_it_in_and_a_criterion_that_cannot_is_left_out(knapsack: SelectionProblem) -> None:
    why = next(why for why in explain_selection(knapsack, solve_selection(knapsack)).why_out if why.account == 0)

    found = {change.name: change for change in why.needs}
    assert set(found) == {"hours", "own:hours"}
    assert (found["own:hours"].from_value, found["own:hours"].to_value, found["own:hours"].is_stable) == (11.0, 10.0, True)
    assert why.regret == pytest.approx(2.30 - 1.86)
    assert why.regret_percent == pytest.approx(100 * 0.44 / 2.30)
    assert (why.displaces, why.brings_in) == ((1, 2), (3,))
    assert why.binding_limits == ("hours",)
    assert why.binding == "out because of hours in all, not merit: 21 of 21 hours/year are used"


def test_a_criterion_is_raised_to_the_level_that_brings_it_in(knapsack: SelectionProblem) -> None:
    weight = np.array([0.9, 0.1])
    value = np.stack([knapsack.utility * 0.5, knapsack.utility * 0.5], axis=1)
    problem = replace(knapsack, weight=weight, value=value, utility=value @ weight)

    why = next(why for why in explain_selection(problem, solve_selection(problem)).why_out if why.account == 0)

    one = next(change for change in why.needs if change.name == "criterion:one")
    assert one.from_value == pytest.approx(0.365)
    assert one.to_value == pytest.approx(0.365 + 0.22 / 0.9, abs=2e-6)
    assert solve_selection(changed(problem, 0, one, one.to_value)).chosen[0]
    assert not solve_selection(changed(problem, 0, one, one.to_value - 1e-5)).chosen[0]
    assert "criterion:two" not in {change.name for change in why.needs}
