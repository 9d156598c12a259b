from dataclasses import replace

import numpy as np
import pytest
from benchmarks.selection_speed import speed_problem
from hypothesis import given, settings

from openkam.analytics.selection.explain import explain_exclusion, explain_selection
from openkam.analytics.selection.infeasible import InfeasibleSelectionError
from openkam.analytics.selection.problem import Limit, Pair, Pin, SelectionProblem, Sense, WhyOut
from openkam.analytics.selection.search import Cancelled
from openkam.analytics.selection.solve import solve_selection
from openkam.analytics.terms import OpenKamError
from tests.analytics.selection.small_problems import best_by_trying, small_problems


@settings(max_examples=30, deadline=None)
@given(small_problems(most_accounts=5))
def test_every_price_is_what_trying_everything_finds(problem: SelectionProblem) -> None:
    try:
        solution = solve_selection(problem)
    except InfeasibleSelectionError:
        return
    pinned = {pin.account for pin in problem.pins}
    scale = 100 / max(solution.objective, 1e-12)

    found = explain_selection(problem, solution, nearest=len(problem.accounts))

    assert {why.account for why in found.why_in} == set(np.flatnonzero(solution.chosen).tolist())
    assert {why.account for why in found.why_out} == set(np.flatnonzero(~solution.chosen).tolist()) - pinned
    for why in found.why_in:
        if why.account in pinned:
            continue
        without = best_by_trying(problem, {why.account: False})
        if without is None:
            assert why.loss_percent is None
        else:
            assert why.loss_percent == pytest.approx((solution.objective - without) * scale, abs=1e-6)
    for why in found.why_out:
        best = best_by_trying(problem, {why.account: True})
        assert (why.regret is None) == (best is None)
        if best is not None:
            assert why.regret == pytest.approx(solution.objective - best, abs=1e-8)
    regrets = [np.inf if why.regret is None else why.regret for why in found.why_out]
    assert regrets == sorted(regrets)
    for why in found.why_out[:2]:
        again = explain_exclusion(problem, solution, why.account)
        assert (again.regret is None) == (why.regret is None)


def changed(knapsack: SelectionProblem, **changes: object) -> SelectionProblem:
    return replace(knapsack, **changes)


def why_out_of(problem: SelectionProblem, account: int) -> WhyOut:
    return explain_exclusion(problem, solve_selection(problem), account)


def test_a_pin_or_gate_is_named_without_a_price(knapsack: SelectionProblem) -> None:
    why = why_out_of(changed(knapsack, pins=(Pin(1, False, "pays late (late share 0.6)"),)), 1)

    assert (why.regret, why.regret_percent, why.binding, why.needs) == (None, None, "pinned out: pays late (late share 0.6)", ())


def test_what_holds_a_pinned_account_is_lifted_to_ask_what_it_costs(knapsack: SelectionProblem) -> None:
    problem = changed(knapsack, pins=(Pin(0, True, "board"),))
    found = explain_selection(problem, solve_selection(problem), with_needs=False)

    why = next(why for why in found.why_in if why.account == 0)
    assert why.loss_percent == 0.0
    assert why.displaces == (1, 2)
    assert all(why.needs == () for why in found.why_out)


def test_an_account_that_excludes_a_chosen_one_says_so(knapsack: SelectionProblem) -> None:
    why = why_out_of(changed(knapsack, conflicts=(Pair(3, 4, "rivals"),)), 3)

    assert why.binding == "out because it excludes Litware, which is in (rivals)"


def test_an_account_that_needs_another_says_so(knapsack: SelectionProblem) -> None:
    why = why_out_of(changed(knapsack, coherence=(Pair(3, 0, "one group"),)), 3)

    assert why.binding == "out because it goes only with Wingtip, which is out (one group)"


def test_two_utilities_show_as_many_decimals_as_tell_them_apart(knapsack: SelectionProblem) -> None:
    count = Limit("accounts", "Accounts", "accounts", Sense.AT_MOST, np.ones(5), 2.0, 1.0)
    utility = np.array([0.9, 0.60004, 0.1, 0.60001, 0.2])
    why = why_out_of(changed(knapsack, limits=(count,), utility=utility, value=utility[:, None].repeat(2, axis=1)), 3)

    assert why.binding.startswith("out on merit: utility 0.60001 against 0.60004 of what")


def test_lower_utility_is_called_merit(knapsack: SelectionProblem) -> None:
    count = Limit("accounts", "Accounts", "accounts", Sense.AT_MOST, np.ones(5), 2.0, 1.0)
    why = why_out_of(changed(knapsack, limits=(count,)), 3)

    assert why.binding == "out on merit: utility 0.260 against 0.780 of what it would displace; 2 of 2 accounts are taken"
    accounts = next(change for change in why.needs if change.name == "accounts")
    assert (accounts.to_value, accounts.is_stable) == (5.0, True)


def test_scarce_managers_are_named_with_what_they_have_left(knapsack: SelectionProblem) -> None:
    problem = changed(
        knapsack, limits=(), managers=("Ada", "Bo"), manager_hours=np.array([12.0, 9.0]), fit=np.full((5, 2), 1.0) * [1.0, 0.9]
    )
    solution = solve_selection(problem)
    outside = int(np.flatnonzero(~solution.chosen)[0])

    why = explain_exclusion(problem, solution, outside)

    assert "not merit" in why.binding or "on merit" in why.binding
    assert "no manager who fits it has the hours left" in why.binding
    assert why.binding_limits == ("manager:Ada",)
    assert {change.name for change in why.needs} >= {"own:hours"}


def test_one_fitting_manager_is_named_and_none_is_said(knapsack: SelectionProblem) -> None:
    fit = np.array([[1.0], [1.0], [0.0], [1.0], [1.0]])
    problem = changed(knapsack, limits=(), managers=("Ada",), manager_hours=np.array([12.0]), fit=fit)
    solution = solve_selection(problem)

    assert explain_exclusion(problem, solution, 2).binding == "out because no manager fits it"
    assert "it needs 11 hours and Ada, who fits best, has" in explain_exclusion(problem, solution, 0).binding


def test_what_no_selection_can_contain_says_which_limit_forbids_it(knapsack: SelectionProblem) -> None:
    problem = changed(knapsack, limits=(replace(knapsack.limits[0], bound=10.0),))

    why = why_out_of(problem, 0)

    assert why.regret is None
    assert why.binding == (
        "no selection under these limits can contain it: its 11 hours/year alone exceed hours in all at most 10 hours/year"
    )


def test_an_account_worth_nothing_adds_nothing(knapsack: SelectionProblem) -> None:
    utility = np.array([0.73, 0.78, 0.65, 0.0, 0.87])
    problem = changed(knapsack, utility=utility, limits=(replace(knapsack.limits[0], bound=100.0),))
    solution = solve_selection(problem)
    solution = replace(solution, chosen=solution.chosen & (utility > 0))

    assert explain_exclusion(problem, solution, 3).binding == "out because it adds nothing: its utility is 0"


def test_only_a_proven_solution_of_this_problem_is_explained(knapsack: SelectionProblem) -> None:
    solution = solve_selection(knapsack)
    with pytest.raises(OpenKamError, match="Only a proven selection"):
        explain_selection(knapsack, replace(solution, status="time limit"))
    with pytest.raises(OpenKamError, match="breaks a limit"):
        explain_selection(knapsack, replace(solution, chosen=np.ones(5, dtype=bool)))
    with pytest.raises(OpenKamError, match="not the best"):
        explain_selection(knapsack, replace(solution, chosen=np.zeros(5, dtype=bool)))
    with pytest.raises(OpenKamError, match="is in the selection"):
        explain_exclusion(knapsack, solution, 4)


def test_the_nearest_are_the_nearest_of_all_and_explaining_can_be_cancelled() -> None:
    problem = speed_problem(60, 2, 6, "tight", 3)
    solution = solve_selection(problem)

    few = explain_selection(problem, solution, nearest=5, with_needs=False).why_out
    every = explain_selection(problem, solution, nearest=60, with_needs=False).why_out

    assert [why.account for why in few] == [why.account for why in every[:5]]
    with pytest.raises(Cancelled):
        explain_selection(problem, solution, progress=lambda stage, _done: "displaces" not in stage)
