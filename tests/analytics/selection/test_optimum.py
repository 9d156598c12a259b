"""Every road to the optimum, also those that only large or hard problems take, gives the same answer."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.selection_speed import speed_problem
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.selection import column_optimum, exhaustive, load_optimum, optimum, relaxation, restricted
from openkam.analytics.selection.column_optimum import search_columns
from openkam.analytics.selection.displacement import bounds_of
from openkam.analytics.selection.loads import LoadPrices
from openkam.analytics.selection.model import build_model
from openkam.analytics.selection.optimum import maximise
from openkam.analytics.selection.problem import Limit, SelectionProblem, Sense
from openkam.analytics.selection.relaxation import relax
from openkam.analytics.selection.restricted import Outcome, solve_integer
from openkam.analytics.selection.search import Incumbent, Watch
from tests.analytics.selection.small_problems import best_by_trying, small_problems

ROADS = {
    "the solver over columns": [(column_optimum, "FEW_COLUMNS", -1), (optimum, "SCARCE", np.inf)],
    "the solver over loads": [(column_optimum, "FEW_COLUMNS", -1), (optimum, "SCARCE", -1.0), (load_optimum, "MOST_STATES", -1)],
    "columns after too many loads": [
        (column_optimum, "FEW_COLUMNS", -1),
        (optimum, "SCARCE", -1.0),
        (load_optimum, "FEW_LOADS", -1),
        (load_optimum, "MOST_LOADS", -1),
    ],
    "trying loads": [(column_optimum, "FEW_COLUMNS", -1), (optimum, "SCARCE", -1.0)],
    "narrow trying": [(exhaustive, "MOST_CELLS", 30), (optimum, "SCARCE", -1.0)],
    "column generation": [
        (relaxation, "DIRECT_COLUMNS", 0),
        (relaxation, "SEED_ACCOUNTS", 1),
        (relaxation, "SEED_PER_ROW", 0),
        (relaxation, "BATCH", 2),
    ],
}


@settings(max_examples=150, deadline=None)
@given(small_problems(most_accounts=6), st.sampled_from(sorted(ROADS)))
def test_every_road_ends_at_what_trying_everything_finds(problem: SelectionProblem, road: str) -> None:
    expected = best_by_trying(problem)

    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in ROADS[road]:
            patch.setattr(module, name, value)
        found = maximise(build_model(problem), Watch())

    assert (found is None) == (expected is None)
    if found is not None:
        assert found.outcome is Outcome.OPTIMAL
        assert found.value == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("road", sorted(ROADS))
def test_every_road_finds_the_same_selection_at_middle_size(road: str) -> None:
    model = build_model(speed_problem(150, 4, 14, "tight", 7))
    expected = maximise(model, Watch())
    assert expected is not None

    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in ROADS[road]:
            patch.setattr(module, name, value)
        found = maximise(model, Watch())

    assert found is not None
    assert found.value == pytest.approx(expected.value, abs=1e-9)


def test_a_floor_that_nothing_reaches_gives_nothing() -> None:
    model = build_model(speed_problem(80, 3, 8, "tight", 1))
    found = maximise(model, Watch())
    assert found is not None

    assert maximise(model, Watch(), floor=found.value + 1e-6) is None
    again = maximise(model, Watch(), prices=found.prices, floor=found.value - 1e-6)
    assert again is not None
    assert again.columns.tolist() == found.columns.tolist()


def test_an_answer_that_breaks_a_row_in_exact_sums_is_cut_off() -> None:
    cost = np.array([5.0, 5.002, 3.0, 2.0])
    problem = SelectionProblem(
        accounts=("A", "B", "C", "D"),
        utility=np.array([0.9, 0.9, 0.5, 0.1]),
        criteria=("one",),
        weight=np.ones(1),
        value=np.array([[0.9], [0.9], [0.5], [0.1]]),
        hours=np.ones(4),
        limits=(Limit("cost", "Cost", "USD/year", Sense.AT_MOST, cost, 10.0, 1.0),),
    )
    model = build_model(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restricted, "SOLVER_TOLERANCE", 1e-3)
        found = solve_integer(model, model.open_columns(), model.must)

    assert found.outcome is Outcome.OPTIMAL
    assert found.value == pytest.approx(1.5)
    assert model.is_feasible(found.columns)


def test_a_broken_off_search_keeps_the_best_it_knows_and_a_bound() -> None:
    model = build_model(speed_problem(150, 4, 14, "tight", 7))
    best = maximise(model, Watch())
    relaxed = relax(model)
    assert best is not None
    assert relaxed is not None
    known = Incumbent(model, best.columns)

    found = search_columns(model, Watch(time_limit_seconds=0.0), relaxed[1], relaxed[0].prices, known)

    assert found is not None
    assert found.outcome is Outcome.STOPPED
    assert found.columns.tolist() == best.columns.tolist()
    assert found.bound >= best.value


def test_prices_of_loads_need_hours_that_end() -> None:
    endless = build_model(speed_problem(80, 0, 8, "tight", 1))
    with pytest.raises(ValueError, match="finite"):
        bounds_of(endless, LoadPrices(np.zeros(len(endless.bounds)), np.zeros(endless.account_count)))


def test_hours_that_are_no_whole_numbers_are_counted_on_a_grid() -> None:
    problem = speed_problem(120, 3, 10, "tight", 2)
    problem = replace(problem, hours=problem.hours * 1.0371, manager_hours=problem.manager_hours * 1.0371)
    model = build_model(problem)

    found = maximise(model, Watch(), for_many=True)

    plain = solve_integer(model, model.open_columns(), model.must)
    assert found is not None
    assert found.value == pytest.approx(plain.value, abs=1e-9)
