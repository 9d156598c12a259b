from dataclasses import replace

import numpy as np
import pytest
from benchmarks.selection_speed import speed_problem
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.selection import relaxation
from openkam.analytics.selection.infeasible import InfeasibleSelectionError
from openkam.analytics.selection.model import build_model
from openkam.analytics.selection.problem import Limit, Pair, SelectionProblem, Sense
from openkam.analytics.selection.restricted import Outcome, solve_integer
from openkam.analytics.selection.search import Cancelled
from openkam.analytics.selection.solve import solve_selection
from openkam.analytics.terms import OpenKamError
from tests.analytics.selection.small_problems import best_by_trying, is_allowed, small_problems


@settings(max_examples=100, deadline=None)
@given(small_problems())
def test_it_finds_what_trying_everything_finds(problem: SelectionProblem) -> None:
    expected = best_by_trying(problem)
    if expected is None:
        with pytest.raises(InfeasibleSelectionError):
            solve_selection(problem)
        return

    solution = solve_selection(problem)

    assert solution.status == "optimal"
    assert solution.gap == 0.0
    assert solution.objective == pytest.approx(expected, abs=1e-8)
    assert is_allowed(problem, solution.chosen)
    assert (solution.manager[~solution.chosen] == -1).all()
    assert solution.relaxation_objective >= solution.objective - 1e-8
    assert all(price >= 0 for price in solution.shadow_price.values())


@settings(max_examples=40, deadline=None)
@given(small_problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(problem: SelectionProblem, random: object) -> None:
    order = np.array(random.sample(range(len(problem.accounts)), len(problem.accounts)))  # type: ignore[attr-defined]
    try:
        solution = solve_selection(problem)
    except InfeasibleSelectionError:
        return

    other = solve_selection(shuffled(problem, order))

    assert (other.chosen == solution.chosen[order]).all()
    assert (other.manager == solution.manager[order]).all()
    assert other.objective == solution.objective
    assert other.shadow_price == solution.shadow_price


def shuffled(problem: SelectionProblem, order: np.ndarray) -> SelectionProblem:
    """The same problem with account order[k] in row k, and limits reversed."""
    rank = np.argsort(order)
    return replace(
        problem,
        accounts=tuple(problem.accounts[i] for i in order),
        utility=problem.utility[order],
        value=problem.value[order],
        hours=problem.hours[order],
        fit=problem.fit[order] if problem.managers else problem.fit,
        limits=tuple(
            replace(
                limit,
                numerator=limit.numerator[order],
                denominator=None if limit.denominator is None else limit.denominator[order],
            )
            for limit in reversed(problem.limits)
        ),
        conflicts=tuple(replace(p, first=int(rank[p.first]), second=int(rank[p.second])) for p in problem.conflicts),
        coherence=tuple(replace(p, first=int(rank[p.first]), second=int(rank[p.second])) for p in problem.coherence),
        pins=tuple(replace(p, account=int(rank[p.account])) for p in problem.pins),
    )


def test_it_equals_the_plain_model_of_every_pair() -> None:
    for managers, tightness, seed in ((0, "tight", 1), (4, "loose", 2), (4, "tight", 3), (6, "tight", 4)):
        problem = speed_problem(120, managers, 12, tightness, seed)
        model = build_model(problem)

        plain = solve_integer(model, model.open_columns(), model.must)

        assert plain.outcome is Outcome.OPTIMAL
        assert solve_selection(problem).objective == pytest.approx(plain.value, abs=1e-9)


def test_many_managers_are_solved_by_loads_and_few_columns_by_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = speed_problem(400, 12, 40, "tight", 5)
    expected = solve_selection(problem)
    monkeypatch.setattr(relaxation, "DIRECT_COLUMNS", 100)
    monkeypatch.setattr(relaxation, "SEED_ACCOUNTS", 20)
    monkeypatch.setattr(relaxation, "SEED_PER_ROW", 2)
    monkeypatch.setattr(relaxation, "BATCH", 50)

    solution = solve_selection(problem)

    assert solution.objective == pytest.approx(expected.objective, abs=1e-9)
    assert solution.relaxation_objective == pytest.approx(expected.relaxation_objective, abs=1e-6)


def test_alike_accounts_are_taken_by_name() -> None:
    problem = SelectionProblem(
        accounts=("D", "B", "A", "C"),
        utility=np.full(4, 0.5),
        criteria=("one",),
        weight=np.ones(1),
        value=np.full((4, 1), 0.5),
        hours=np.ones(4),
        limits=(Limit("accounts", "Accounts", "accounts", Sense.AT_MOST, np.ones(4), 2.0, 1.0),),
    )
    assert solve_selection(problem).chosen.tolist() == [False, True, True, False]


def test_a_sum_that_only_a_float_finds_too_large_is_allowed() -> None:
    cost = np.array([0.1, 0.2, 0.7])
    problem = SelectionProblem(
        accounts=("A", "B", "C"),
        utility=np.array([0.5, 0.5, 0.2]),
        criteria=("one",),
        weight=np.ones(1),
        value=np.array([[0.5], [0.5], [0.2]]),
        hours=np.ones(3),
        limits=(Limit("cost", "Cost", "USD/year", Sense.AT_MOST, cost, 0.3, 0.1),),
    )
    assert 0.1 + 0.2 > 0.3
    assert solve_selection(problem).chosen.tolist() == [True, True, False]


def test_shadow_prices_are_per_unit_of_each_bound(knapsack: SelectionProblem) -> None:
    solution = solve_selection(knapsack)
    more = solve_selection(replace(knapsack, limits=(replace(knapsack.limits[0], bound=21.5),)))

    gained = more.relaxation_objective - solution.relaxation_objective
    assert solution.shadow_price == {"hours": pytest.approx(gained / 0.5)}


def test_progress_is_told_and_can_cancel() -> None:
    problem = speed_problem(120, 4, 12, "tight", 3)
    told: list[tuple[str, float]] = []

    solve_selection(problem, progress=lambda stage, done: told.append((stage, done)))

    assert told[0] == ("weighing every account against every manager", 0.0)
    assert told[-1] == ("done", 1.0)
    with pytest.raises(Cancelled, match="cancelled"):
        solve_selection(problem, progress=lambda _stage, _done: False)


def test_without_time_it_says_so_or_keeps_what_it_has() -> None:
    with pytest.raises(OpenKamError, match="Give the search more time"):
        solve_selection(speed_problem(700, 5, 15, "tight", 2), time_limit_seconds=0.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"utility": np.array([0.1, np.nan, 0.3, 0.4, 0.5])}, "utility holds a value that is missing"),
        ({"hours": np.ones(4)}, r"hours has shape \(4,\) where \(5,\) is needed"),
        ({"hours": -np.ones(5)}, "must not be negative"),
        ({"accounts": ("A", "A", "B", "C", "D")}, "the account 'A' is given twice"),
        ({"conflicts": (Pair(1, 1, "self"),)}, "it needs two different ones"),
        ({"managers": ("Ada",), "manager_hours": np.ones(1), "fit": np.ones((5, 2))}, "fit has shape"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(knapsack: SelectionProblem, changes: dict[str, object], words: str) -> None:
    with pytest.raises(OpenKamError, match=words):
        solve_selection(replace(knapsack, **changes))


def test_no_account_at_all_is_refused(knapsack: SelectionProblem) -> None:
    nothing = replace(
        knapsack, accounts=(), utility=np.zeros(0), value=np.zeros((0, 2)), hours=np.zeros(0), limits=(), fit=np.zeros((0, 0))
    )
    with pytest.raises(OpenKamError, match="no account to choose from"):
        solve_selection(nothing)
