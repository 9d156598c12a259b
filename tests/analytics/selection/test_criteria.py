import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.selection.criteria import (
    Criterion,
    MissingRule,
    Points,
    Shape,
    fault_of_points,
    level_for,
    shape_of,
    value_of,
)

LEVELS = st.floats(-1e6, 1e6, allow_nan=False)
RISING: Points = ((0.0, 0.0), (10.0, 0.5), (30.0, 1.0))
FALLING: Points = ((0.0, 1.0), (10.0, 0.5), (30.0, 0.0))
PEAKED: Points = ((0.0, 0.0), (10.0, 1.0), (20.0, 1.0), (40.0, 0.0))


@st.composite
def value_functions(draw: st.DrawFn) -> Points:
    levels = sorted(draw(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=8, unique=True)))
    steps = st.lists(st.integers(0, 1000), min_size=len(levels), max_size=len(levels))
    values = sorted(v / 1000 for v in draw(steps.filter(lambda v: max(v) - min(v) > 0)))
    return tuple(zip(map(float, levels), values if draw(st.booleans()) else values[::-1], strict=True))


def test_it_reads_straight_lines_between_points() -> None:
    assert value_of(RISING, [0, 5, 10, 20, 30]).tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_it_is_flat_beyond_the_ends() -> None:
    assert value_of(RISING, [-1e9, 1e9]).tolist() == [0, 1]


def test_a_missing_level_has_no_value() -> None:
    assert np.isnan(value_of(RISING, [np.nan])[0])


def test_it_reads_matrices_and_single_numbers() -> None:
    assert value_of(RISING, [[0.0, 10.0], [20.0, 30.0]]).shape == (2, 2)
    assert float(value_of(RISING, 5.0)) == 0.25
    assert float(level_for(RISING, 0.25)) == 5.0


@given(value_functions(), st.lists(LEVELS, min_size=2, max_size=20))
def test_values_keep_to_the_direction_and_the_range(points: Points, levels: list[float]) -> None:
    values = value_of(points, sorted(levels))
    direction = 1 if points[0][1] < points[-1][1] else -1
    assert np.all(np.diff(values) * direction >= -1e-12)
    assert np.all((values >= min(v for _, v in points)) & (values <= max(v for _, v in points)))


@given(value_functions())
def test_it_meets_every_point(points: Points) -> None:
    assert np.allclose(value_of(points, [x for x, _ in points]), [v for _, v in points], atol=1e-12)


@given(value_functions(), st.floats(0, 1))
def test_the_inverse_reaches_the_value_and_no_nearer_level_does(points: Points, share: float) -> None:
    values = [v for _, v in points]
    wanted = min(values) + share * (max(values) - min(values))
    level = float(level_for(points, wanted))
    assert value_of(points, level) >= wanted - 1e-9
    is_rising = points[0][1] < points[-1][1]
    worst = points[0][0] if is_rising else points[-1][0]
    if level != worst and wanted > min(values) + 1e-9:
        nearer = level + (worst - level) * 0.01
        assert value_of(points, nearer) < wanted + 1e-12


@given(value_functions())
def test_no_level_reaches_more_than_the_best_value(points: Points) -> None:
    assert np.isnan(level_for(points, max(v for _, v in points) + 0.001))


def test_the_inverse_of_a_flat_stretch_is_its_near_end() -> None:
    assert level_for(((0, 0), (10, 0.5), (20, 0.5), (30, 1)), [0.5, 0.75]).tolist() == [10, 25]
    assert level_for(((0, 1), (10, 0.5), (20, 0.5), (30, 0)), [0.5, 0.75]).tolist() == [20, 5]


def test_the_inverse_of_what_every_level_reaches_is_the_bad_end() -> None:
    assert level_for(RISING, [0, -1]).tolist() == [0, 0]
    assert level_for(FALLING, [0, -1]).tolist() == [30, 30]


def test_the_inverse_of_a_missing_value_is_missing() -> None:
    assert np.isnan(level_for(RISING, [np.nan]))[0]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (((0, 0),), "needs at least two points [level, value]: add one"),
        (((0, 0), (0, 1)), "levels must rise from point to point, but 0 follows 0: put the points in rising order"),
        (((0, 0), (1, 1.5)), "a value must lie between 0 and 1, but one is 1.5: the best level has value 1, the worst 0"),
        (
            ((0, 1), (1, 0), (2, 0.5)),
            "values may rise to one peak and fall from it, but at 2 they rise again to 0.5: keep one peak",
        ),
        (
            ((0, 1), (1, 1)),
            "all values are equal, so the criterion tells no account from another: change a value or remove the criterion",
        ),
        (
            ((0, 0), (1, 1), (2, 0.5), (3, 0.5), (4, 0.75)),
            "values may rise to one peak and fall from it, but at 4 they rise again to 0.75: keep one peak",
        ),
        (RISING, None),
        (PEAKED, None),
    ],
)
def test_it_says_what_is_wrong_with_points(points: Points, words: str | None) -> None:
    assert fault_of_points(points) == words


def test_a_missing_measure_takes_the_worst_value_or_the_one_given() -> None:
    high: Points = ((0.0, 0.2), (1.0, 0.9))
    assert Criterion("a", "A", 1, high).missing_value == 0.2
    assert Criterion("a", "A", 1, high, missing=MissingRule.EXCLUDE).missing_value == 0.2
    assert Criterion("a", "A", 1, high, missing=0.5).missing_value == 0.5
    assert Criterion("a", "A", 1, PEAKED).missing_value == 0


def test_it_knows_which_way_a_function_goes() -> None:
    assert [shape_of(points) for points in (RISING, FALLING, PEAKED)] == [Shape.RISING, Shape.FALLING, Shape.PEAKED]
    assert shape_of(((0, 0), (1, 0), (2, 1), (3, 1))) is Shape.RISING


def test_a_peak_has_a_value_on_either_side() -> None:
    assert value_of(PEAKED, [-5, 5, 15, 30, 50]).tolist() == [0, 0.5, 1, 0.5, 0]


def test_the_inverse_of_a_peak_is_on_the_side_where_the_account_stands() -> None:
    assert level_for(PEAKED, 0.5, [2.0, 38.0, np.nan, 15.0]).tolist() == [5, 30, 5, 15]
    assert np.isnan(level_for(PEAKED, 1.1, [2.0, 38.0])).all()


@given(st.floats(0.01, 1), st.floats(-20, 60))
def test_the_inverse_of_a_peak_reaches_the_value_by_the_shorter_way(wanted: float, own: float) -> None:
    level = float(level_for(PEAKED, wanted, own))
    assert value_of(PEAKED, level) >= wanted - 1e-9
    for share in (0.25, 0.5, 0.99):
        between = own + (level - own) * share
        assert level == own or value_of(PEAKED, between) < wanted + 1e-9
