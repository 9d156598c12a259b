"""The search by whole loads, made to do what the search by columns does for small models."""

import numpy as np
import pytest
from benchmarks.selection_speed import speed_problem

from openkam.analytics.selection import optimum
from openkam.analytics.selection.explain import explain_selection
from openkam.analytics.selection.model import build_model
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.search import Watch
from openkam.analytics.selection.solve import solve_selection


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("for_many", [False, True])
def test_loads_find_the_optimum_that_columns_find(monkeypatch: pytest.MonkeyPatch, seed: int, for_many: bool):
    model = build_model(speed_problem(100, 3, 9, "tight", seed))
    by_columns = maximise(model, Watch())
    monkeypatch.setattr(optimum, "FEW_COLUMNS", 0)
    by_loads = maximise(model, Watch(), for_many=for_many)
    assert by_columns is not None
    assert by_loads is not None
    assert by_loads.value == pytest.approx(by_columns.value, abs=1e-9)
    assert model.is_feasible(by_loads.columns)


def test_explanations_by_loads_are_those_by_columns(monkeypatch: pytest.MonkeyPatch):
    problem = speed_problem(60, 3, 7, "tight", 5)
    solution = solve_selection(problem)
    by_columns = explain_selection(problem, solution, nearest=4, with_needs=False)
    monkeypatch.setattr(optimum, "FEW_COLUMNS", 0)
    by_loads = explain_selection(problem, solution, nearest=4, with_needs=False)
    regrets = [[why.regret for why in found.why_out] for found in (by_columns, by_loads)]
    assert np.allclose(regrets[0], regrets[1], atol=1e-9)
    assert [why.account for why in by_loads.why_in] == [why.account for why in by_columns.why_in]
