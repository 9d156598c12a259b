import numpy as np
import pytest
from benchmarks.selection_speed import speed_problem

from openkam.analytics.selection.model import build_model
from openkam.analytics.selection.quick_selection import quick_selection
from openkam.analytics.selection.relaxation import relax
from openkam.analytics.selection.search import Cancelled, Watch
from openkam.analytics.selection.solve import solve_selection


@pytest.mark.parametrize("tightness", ["tight", "loose"])
@pytest.mark.parametrize("managers", [0, 4])
def test_it_keeps_every_limit_and_comes_close_to_the_best(tightness: str, managers: int) -> None:
    problem = speed_problem(120, managers, 12, tightness, 3)
    model = build_model(problem)
    relaxed = relax(model)
    assert relaxed is not None
    columns = quick_selection(model, *relaxed, Watch())
    assert columns is not None
    assert model.is_feasible(columns)
    assert model.value(columns) >= 0.98 * solve_selection(problem).objective


def test_it_can_be_cancelled_and_finds_nothing_without_time() -> None:
    model = build_model(speed_problem(200, 4, 15, "tight", 3))
    relaxed = relax(model)
    assert relaxed is not None
    with pytest.raises(Cancelled):
        quick_selection(model, *relaxed, Watch(progress=lambda _stage, _done: False))
    assert quick_selection(model, *relaxed, Watch(time_limit_seconds=0.0)) is None


def test_whoever_waits_gets_a_selection_and_how_far_at_most_it_is_from_the_best() -> None:
    problem = speed_problem(700, 8, 60, "tight", 2)
    for seconds in (0.6, 2.4, 9.6):  # whoever works on a busy machine waits longer for the same
        quick = solve_selection(problem, time_limit_seconds=seconds)
        assert quick.chosen.any()
        assert quick.gap == (0.0 if quick.status == "optimal" else pytest.approx(quick.bound / quick.objective - 1.0))
        if quick.gap < 0.05:
            break
    else:
        pytest.fail(f"after 9.6 seconds a selection may still be {quick.gap:.1%} from the best")
    used = np.bincount(quick.manager[quick.chosen], weights=problem.hours[quick.chosen], minlength=len(problem.managers))
    assert (used <= problem.manager_hours + 1e-6).all()
