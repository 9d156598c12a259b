from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from openkam.analytics.selection import infeasible
from openkam.analytics.selection.infeasible import InfeasibleSelectionError, can_hold
from openkam.analytics.selection.problem import Limit, Pair, Pin, SelectionProblem, Sense
from openkam.analytics.selection.requirement import RequirementKind, only, without_managers
from openkam.analytics.selection.search import Watch
from openkam.analytics.selection.solve import solve_selection
from tests.analytics.selection.small_problems import best_by_trying, small_problems


def refused(problem: SelectionProblem) -> InfeasibleSelectionError:
    with pytest.raises(InfeasibleSelectionError) as caught:
        solve_selection(problem)
    return caught.value


def firm(**changes: object) -> SelectionProblem:
    """Five accounts, two of them in the West, at most three chosen."""
    utility = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    west = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    problem = SelectionProblem(
        accounts=("Alfa", "Beta", "Gamma", "Delta", "Epsilon"),
        utility=utility,
        criteria=("worth",),
        weight=np.ones(1),
        value=utility[:, None],
        hours=np.array([10.0, 20.0, 30.0, 40.0, 50.0]),
        limits=(
            Limit("accounts", "Accounts", "accounts", Sense.AT_MOST, np.ones(5), 3.0, 1.0),
            Limit("floor:region:West", "Accounts in region West", "accounts", Sense.AT_LEAST, west, 1.0, 1.0),
        ),
    )
    return replace(problem, **changes)


def with_bound(problem: SelectionProblem, name: str, bound: float) -> SelectionProblem:
    return replace(problem, limits=tuple(replace(item, bound=bound) if item.name == name else item for item in problem.limits))


def test_it_names_the_floor_and_the_pin_that_clash_and_by_how_much() -> None:
    error = refused(replace(with_bound(firm(), "floor:region:West", 2.0), pins=(Pin(0, False, "in dispute"),)))

    assert str(error) == (
        "These cannot hold together: Alfa pinned out (in dispute); at least 2 accounts in region West. "
        "Nearest: at least 1 account in region West instead of 2 (1 less)."
    )
    assert {item.kind for item in error.conflict} == {RequirementKind.PIN, RequirementKind.LIMIT}
    (found,) = error.alone
    assert (found.name, found.from_value, found.to_value, found.is_alone, found.is_smallest) == (
        "floor:region:West",
        2.0,
        1.0,
        True,
        True,
    )


def test_each_limit_of_the_conflict_is_a_remedy_of_its_own() -> None:
    hours = Limit("hours", "Hours in all", "hours/year", Sense.AT_MOST, firm().hours, 25.0, 1.0)
    error = refused(with_bound(firm(limits=(*firm().limits, hours)), "floor:region:West", 2.0))

    assert {found.name: found.to_value for found in error.alone} == {"hours": 30.0, "floor:region:West": 1.0}
    assert "Any one of these would do: " in str(error)
    assert "hours in all at most 30 hours/year instead of 25 (5 more)" in str(error)


def test_a_ratio_is_loosened_to_its_nearest_share() -> None:
    sales = np.array([50.0, 30.0, 40.0, 10.0, 20.0])
    west = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    cap = Limit("cap:region:West", "Region West", "share of sales", Sense.AT_MOST, west * sales, 0.2, 0.01, sales)
    error = refused(firm(limits=(*firm().limits, cap)))

    found = next(item for item in error.alone if item.name == "cap:region:West")
    assert found.to_value == pytest.approx(0.34)  # Beta alone with Gamma and Epsilon: 30 of 90
    assert "region West at most 34 % of sales instead of 20 % (14 % more)" in str(error)


def test_where_two_conflicts_stand_the_limits_give_way_together() -> None:
    budget = Limit("budget", "Budget", "USD/year", Sense.AT_LEAST, np.full(5, 100.0), 600.0, 10.0)
    error = refused(with_bound(firm(limits=(*firm().limits, budget)), "floor:region:West", 4.0))

    assert not any(found.is_alone for found in error.alone)
    assert {found.name for found in error.together} >= {"floor:region:West"}
    assert "There are more conflicts than this one. Nearest: " in str(error)
    limits = {found.name: found.to_value for found in error.together}
    mended = with_bound(firm(limits=(*firm().limits, budget)), "floor:region:West", 4.0)
    for name, bound in limits.items():
        mended = with_bound(mended, name, bound)
    assert solve_selection(mended).status == "optimal"


def test_pins_and_pairs_alone_have_no_bound_to_loosen() -> None:
    error = refused(firm(pins=(Pin(0, True, "board"), Pin(2, True, "board")), conflicts=(Pair(0, 2, "rivals"),)))

    assert str(error).endswith("No bound mends this: give up one of the pins or pairs.")
    assert "Alfa not with Gamma (rivals)" in str(error)
    assert (error.alone, error.together) == ((), ())


def test_a_pin_in_against_a_pin_out_and_a_missing_partner() -> None:
    assert len(refused(firm(pins=(Pin(0, True, "a"), Pin(0, False, "b")))).conflict) == 2
    error = refused(firm(pins=(Pin(0, True, "a"), Pin(1, False, "b")), coherence=(Pair(0, 1, "one group"),)))
    assert "Alfa only with Beta (one group)" in str(error)


def test_an_account_pinned_in_that_no_manager_fits() -> None:
    fit = np.array([[0.0], [1.0], [1.0], [1.0], [1.0]])
    error = refused(firm(managers=("Ada",), manager_hours=np.array([100.0]), fit=fit, pins=(Pin(0, True, "board"),)))

    assert "Alfa pinned in (board); Alfa: no manager fits it" in str(error)


def test_a_manager_short_of_hours_is_named_with_the_hours_that_would_do() -> None:
    fit = np.ones((5, 1))
    error = refused(firm(managers=("Ada",), manager_hours=np.array([15.0]), fit=fit, pins=(Pin(1, True, "board"),)))

    assert "Ada at most 15 hours/year" in str(error)
    assert "hours of Ada at most 20 hours/year instead of 15 (5 more)" in str(error)


@settings(max_examples=80, deadline=None)
@given(small_problems(most_accounts=5))
def test_the_conflict_is_infeasible_and_irreducible_and_its_remedies_work(problem: SelectionProblem) -> None:
    if best_by_trying(problem) is not None:
        return

    error = refused(problem)

    plain = without_managers(problem)
    scope = plain if best_by_trying(plain) is None else problem
    assert best_by_trying(only(scope, error.conflict)) is None
    for item in error.conflict:
        rest = tuple(other for other in error.conflict if other is not item)
        assert best_by_trying(only(scope, rest)) is not None
    for found in error.alone:
        if not found.name.startswith("manager:") and found.is_alone:
            assert best_by_trying(with_bound(scope, found.name, found.to_value)) is not None


def test_it_can_be_asked_whether_requirements_hold() -> None:
    assert can_hold(firm(), Watch())
    assert not can_hold(with_bound(firm(), "floor:region:West", 3.0), Watch())


def test_under_a_time_limit_the_conflict_is_one_though_not_the_smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infeasible, "CONFLICT_SECONDS", 0.0)
    problem = replace(with_bound(firm(), "floor:region:West", 2.0), pins=(Pin(0, False, "in dispute"),))
    with pytest.raises(InfeasibleSelectionError, match="There was no time to find by how much") as caught:
        solve_selection(problem, time_limit_seconds=60.0)
    assert not can_hold(only(problem, caught.value.conflict), Watch())
    assert {item.kind for item in caught.value.conflict} >= {RequirementKind.PIN, RequirementKind.LIMIT}
    assert (caught.value.alone, caught.value.together) == ((), ())


def test_a_long_conflict_is_named_in_part_and_the_limits_first() -> None:
    count = 20
    many = replace(
        firm(),
        managers=tuple(f"Manager {number}" for number in range(count)),
        manager_hours=np.zeros(count),
        fit=np.ones((5, count)),
    )
    error = refused(with_bound(many, "floor:region:West", 1.0))
    assert len(error.conflict) == count + 1
    assert str(error).startswith("These cannot hold together: at least 1 account in region West; Manager 0 at most 0 hours/year;")
    assert f"and {count + 1 - infeasible.MOST_NAMED} more." in str(error)
