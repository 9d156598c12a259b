import pytest
from benchmarks.selection_speed import speed_problem
from hypothesis import given, settings

from openkam.analytics.selection.bound_walk import Walk, bounds_of_problem
from openkam.analytics.selection.displacement import Case, open_case
from openkam.analytics.selection.infeasible import InfeasibleSelectionError
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.problem import SelectionProblem
from openkam.analytics.selection.search import Watch
from openkam.analytics.selection.solve import solve_selection
from tests.analytics.selection.small_problems import small_problems

STEPS = 6


def opened(problem: SelectionProblem) -> Case:
    return open_case(problem, solve_selection(problem), Watch())


@settings(max_examples=30, deadline=None)
@given(small_problems(most_accounts=5))
def test_every_step_is_worth_what_a_search_of_its_own_finds(problem: SelectionProblem) -> None:
    try:
        case = opened(problem)
    except InfeasibleSelectionError:
        return
    for bound in bounds_of_problem(case).values():
        last = max((k for k in range(1, STEPS + 1) if bound.step > 0 or bound.value_at(k) >= 0), default=0)
        walk = Walk(case, bound, last)
        for steps in range(1, last + 1):
            walk.look_ahead(steps)
        for steps in range(1, last + 1):
            model = bound.model_at(bound.value_at(steps))
            alone = maximise(model, Watch())
            assert alone is not None
            assert model.is_feasible(walk.optimum(steps))
            assert model.value(walk.optimum(steps)) == pytest.approx(alone.value, abs=1e-8)


def test_a_bound_that_does_not_bind_is_walked_in_a_few_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    case = opened(speed_problem(60, 3, 6, "loose", 1))
    searched: list[int] = []
    solve = Case.solve

    def counted(self: Case, *given: object, **named: object) -> object:
        searched.append(1)
        return solve(self, *given, **named)  # pyright: ignore[reportArgumentType] - handed on as it came

    monkeypatch.setattr(Case, "solve", counted)
    roomy = max(bounds_of_problem(case).values(), key=lambda bound: bound.from_value if bound.unit == "hours/year" else 0.0)
    walk = Walk(case, roomy, 40)
    for steps in range(1, 41):
        walk.look_ahead(steps)
    assert walk.optimum(40).tolist() == case.columns.tolist()
    assert len(searched) <= 3
