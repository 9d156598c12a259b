"""How levels spread over a value function."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.selection.criteria import Points, Shape, fault_of_points, shape_of
from openkam.analytics.selection.level_spread import any_known, rated_levels, spread_levels, suggested_points, two_figures
from openkam.analytics.selection.programme_terms import Rating
from openkam.analytics.terms import OpenKamError

POINTS: Points = ((0.0, 0.0), (100.0, 1.0))


def test_it_counts_every_account_once() -> None:
    found = spread_levels(POINTS, np.array([-50, 0, 50, 100, 1e6, np.nan, np.inf]), bin_count=4)
    assert (found.low, found.high, found.below, found.above, found.without) == (-6, 106, 1, 1, 2)
    assert sum(found.counts) == 3
    assert (found.known, found.at_worst, found.at_best) == (5, 2, 2)
    assert found.mean_value == pytest.approx((0 + 0 + 0.5 + 1 + 1) / 5)


def test_it_reads_values_at_the_quantiles() -> None:
    found = spread_levels(POINTS, np.arange(101, dtype=float))
    assert found.quantiles[2] == (0.5, 50.0, 0.5)
    assert [share for share, _, _ in found.quantiles] == [0.05, 0.25, 0.5, 0.75, 0.95]


def test_nobody_has_a_level() -> None:
    found = spread_levels(POINTS, np.array([np.nan, np.nan]))
    assert (found.known, found.without, found.quantiles, found.mean_value) == (0, 2, (), None)
    assert [any_known(np.array(levels)) for levels in ([np.nan], [np.nan, 1.0], [])] == [False, True, False]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_the_order_of_the_accounts_changes_nothing(levels: list[float]) -> None:
    one, other = (spread_levels(POINTS, np.array(order)) for order in (levels, levels[::-1]))
    assert (one.counts, one.below, one.above, one.quantiles) == (other.counts, other.below, other.above, other.quantiles)
    assert one.mean_value == pytest.approx(other.mean_value)


@pytest.mark.parametrize("shape", list(Shape))
def test_drafted_points_are_a_faultless_function_of_that_shape(shape: Shape) -> None:
    points = suggested_points(np.arange(1, 1001, dtype=float), shape)
    assert [level for level, _ in points] == [51.0, 500.0, 950.0]
    assert shape_of(points) is shape


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=2, max_size=40), st.sampled_from(Shape))
def test_what_differs_can_be_drafted(levels: list[float], shape: Shape) -> None:
    if min(levels) == max(levels):
        with pytest.raises(OpenKamError, match="do not differ"):
            suggested_points(np.array(levels), shape)
        return
    points = suggested_points(np.array(levels), shape)
    assert fault_of_points(points) is None
    assert shape_of(points) is shape


def test_nothing_known_drafts_nothing() -> None:
    with pytest.raises(OpenKamError, match="write its points yourself"):
        suggested_points(np.array([np.nan]), Shape.RISING)


def test_ratings_are_averaged_per_account() -> None:
    day = date(2026, 1, 1)
    ratings = [
        Rating("a", "reference", 1, "x", "Ada", day),
        Rating("a", "reference", 4, "x", "Max", day),
        Rating("b", "reference", 2, "x", "Ada", day),
        Rating("b", "other", 0, "x", "Ada", day),
    ]
    assert rated_levels(ratings, "reference").tolist() == [2.5, 2.0]


@pytest.mark.parametrize(("number", "rounded"), [(0, 0), (1234, 1200), (-0.0456, -0.046), (9.99, 10)])
def test_two_figures_are_kept(number: float, rounded: float) -> None:
    assert two_figures(number) == pytest.approx(rounded)
