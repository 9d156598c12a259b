from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.selection.infeasible import InfeasibleSelectionError
from openkam.analytics.selection.problem import Limit, Pin, SelectionProblem, Sense
from openkam.analytics.selection.robustness import (
    Robustness,
    Weightings,
    bringing_in,
    drawn_weights,
    selection_robustness,
)
from openkam.analytics.selection.search import Cancelled
from openkam.analytics.selection.solve import solve_selection
from openkam.analytics.terms import OpenKamError
from tests.analytics.selection.small_problems import best_by_trying, small_problems
from tests.analytics.selection.test_solve import shuffled

DRAWS = 1_000


def one_of(value: list[list[float]], weight: list[float], *, at_most: float = 1, pins: tuple[Pin, ...] = ()) -> SelectionProblem:
    """Accounts by the value of their criteria, of which so many can be key."""
    worth, weights = np.array(value), np.array(weight)
    count = len(worth)
    limit = Limit("accounts", "Accounts", "accounts", Sense.AT_MOST, np.ones(count), at_most, 1.0)
    return SelectionProblem(
        accounts=tuple("ABCDEFGH"[:count]),
        utility=worth @ weights,
        criteria=tuple(f"c{n}" for n in range(len(weights))),
        weight=weights,
        value=worth,
        hours=np.zeros(count),
        limits=(limit,),
        pins=pins,
    )


def robustness_of(problem: SelectionProblem, **given_: object) -> Robustness:
    return selection_robustness(problem, solve_selection(problem), **given_)  # type: ignore[arg-type]


def test_shares_are_those_of_the_simplex():
    # A is best where w1 > 0.6, B where w1 < 0.4, C between: w1 is uniform on [0, 1].
    problem = one_of([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]], [0.7, 0.3])
    found = robustness_of(problem, draws=DRAWS, weightings=Weightings.ANY)

    assert found.share == pytest.approx([0.4, 0.4, 0.2], abs=0.05)
    assert found.central_weight[:, 0] == pytest.approx([0.8, 0.2, 0.5], abs=0.02)
    assert (found.lower <= [0.4, 0.4, 0.2]).all()
    assert (found.upper >= [0.4, 0.4, 0.2]).all()
    assert found.same_share == found.share[0]
    assert found.overlap == found.share[0]
    assert found.unproven_count == 0


def test_weightings_in_order_keep_what_the_firm_said():
    # w1 is uniform on [0.5, 1] where the first criterion weighs more, so B is never best.
    found = robustness_of(one_of([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]], [0.7, 0.3]), draws=DRAWS)

    assert found.share == pytest.approx([0.8, 0.0, 0.2], abs=0.05)
    assert np.isnan(found.central_weight[1]).all()
    assert found.lower[1] == 0.0 < found.upper[1] < 0.005


@pytest.mark.parametrize(
    ("count", "centroid"),
    [
        (2, [0.75, 0.25]),
        (3, [0.6111, 0.2778, 0.1111]),
        (5, [0.4567, 0.2567, 0.1567, 0.09, 0.04]),  # Barron and Barrett 1996, table 1
    ],
)
def test_their_mean_is_the_rank_order_centroid(count: int, centroid: list[float]):
    weight = np.arange(count, 0, -1) / 10
    drawn = drawn_weights(weight, 40_000, Weightings.IN_ORDER, np.random.default_rng(1))

    assert drawn.mean(axis=0) == pytest.approx(centroid, abs=0.005)
    assert (np.diff(drawn, axis=1) <= 0).all()
    assert drawn.sum(axis=1) == pytest.approx(1.0)


def test_criteria_that_weigh_the_same_are_in_no_order_and_those_that_weigh_nothing_stay_out():
    drawn = drawn_weights(np.array([0.25, 0.5, 0.0, 0.25]), 20_000, Weightings.IN_ORDER, np.random.default_rng(2))

    assert (drawn[:, 2] == 0).all()
    assert (drawn[:, 1] >= drawn[:, [0, 3]].max(axis=1)).all()
    assert (drawn[:, 0] > drawn[:, 3]).mean() == pytest.approx(0.5, abs=0.02)
    assert drawn[:, 0].mean() == pytest.approx((0.2778 + 0.1111) / 2, abs=0.005)


@settings(max_examples=15, deadline=None)
@given(small_problems(), st.sampled_from(Weightings))
def test_every_draw_chooses_what_trying_everything_finds(problem: SelectionProblem, weightings: Weightings) -> None:
    try:
        own = solve_selection(problem)
    except InfeasibleSelectionError:
        return
    single = [selection_robustness(problem, own, draws=1, weightings=weightings, seed=seed) for seed in range(2)]

    for found in single:
        chosen = found.share == 1.0
        utility = problem.value @ found.weights[0]
        assert found.unproven_count == 0
        assert worth_of(replace(problem, utility=utility), chosen) == pytest.approx(
            best_by_trying(replace(problem, utility=utility)), abs=1e-8
        )


def worth_of(problem: SelectionProblem, chosen: np.ndarray) -> float:
    """The best that exactly these accounts can be worth, over who looks after them."""
    pins = tuple(Pin(at, bool(is_in), "") for at, is_in in enumerate(chosen))
    return solve_selection(replace(problem, pins=pins)).objective


@settings(max_examples=15, deadline=None)
@given(small_problems(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing_and_shares_add_up(problem: SelectionProblem, random: object) -> None:
    order = np.array(random.sample(range(len(problem.accounts)), len(problem.accounts)))  # type: ignore[attr-defined]
    try:
        own = solve_selection(problem)
    except InfeasibleSelectionError:
        return
    found = selection_robustness(problem, own, draws=12)
    other_problem = shuffled(problem, order)
    other = selection_robustness(other_problem, solve_selection(other_problem), draws=12)

    assert (other.share == found.share[order]).all()
    assert ((found.lower <= found.share) & (found.share <= found.upper)).all()
    known = found.share > 0
    assert found.central_weight[known].sum(axis=1) == pytest.approx(1.0)
    assert found.same_share <= found.overlap <= 1.0


def test_a_pin_holds_under_every_weighting():
    found = robustness_of(
        one_of([[1.0, 0.0], [0.0, 1.0], [0.1, 0.1]], [0.7, 0.3], pins=(Pin(2, is_in=True, reason="promised"),)), draws=50
    )

    assert found.share.tolist() == [0.0, 0.0, 1.0]
    assert found.same_share == 1.0


def test_what_brings_an_account_in_weighs_well_above_its_mean():
    assert bringing_in([0.5, 0.3, 0.2], [0.4, 0.35, 0.25]) == 0
    assert bringing_in([0.41, 0.34, 0.25], [0.4, 0.35, 0.25]) is None


def test_it_says_what_it_needs_and_can_be_cancelled():
    problem = one_of([[1.0], [0.5]], [1.0])
    with pytest.raises(OpenKamError, match="at least one draw"):
        robustness_of(problem, draws=0)
    with pytest.raises(Cancelled):
        robustness_of(problem, progress=lambda _, done: done < 0.5)
    assert robustness_of(problem, draws=5).share.tolist() == [1.0, 0.0]


def test_the_same_seed_draws_the_same():
    problem = one_of([[1.0, 0.0, 0.2], [0.0, 1.0, 0.3], [0.6, 0.6, 0.1]], [0.5, 0.3, 0.2])
    one, same, other = (robustness_of(problem, draws=40, seed=seed) for seed in (3, 3, 4))

    assert (one.weights == same.weights).all()
    assert (one.share == same.share).all()
    assert (one.weights != other.weights).any()
