from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.selection.infeasible import InfeasibleSelectionError
from openkam.analytics.selection.problem import SelectionProblem
from openkam.analytics.selection.solve import solve_selection
from tests.analytics.selection.small_problems import best_by_trying, is_allowed, small_problems


@settings(max_examples=200, deadline=None)
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


@settings(max_examples=60, deadline=None)
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
