import numpy as np
import pytest
from hypothesis import given, settings

from openkam.analytics.selection.explain import explain_exclusion, explain_selection
from openkam.analytics.selection.infeasible import InfeasibleSelectionError
from openkam.analytics.selection.problem import SelectionProblem
from openkam.analytics.selection.solve import solve_selection
from tests.analytics.selection.small_problems import best_by_trying, small_problems


@settings(max_examples=60, deadline=None)
@given(small_problems(most_accounts=6))
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
