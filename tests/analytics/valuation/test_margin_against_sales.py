import numpy as np

from openkam.analytics.valuation.margin_against_sales import Quadrant, compare_rankings


def test_who_loses_and_who_gains_when_margin_replaces_volume():
    found = compare_rankings(np.array([900, 500, 400, 10, np.nan]), np.array([-50, 60, 70, 1, 9.0]), 2)
    assert found is not None
    assert found.rows.tolist() == [0, 1, 2, 3]
    assert found.sales_rank.tolist() == [1, 2, 3, 4]
    assert found.margin_rank.tolist() == [4, 2, 1, 3]
    assert found.quadrants == (Quadrant.LOSES, Quadrant.BOTH, Quadrant.GAINS, Quadrant.NEITHER)
    assert found.missing_count == 1


def test_equal_figures_rank_by_row():
    found = compare_rankings(np.array([5.0, 5.0, 5.0]), np.array([1.0, 1.0, 1.0]), 1)
    assert found is not None
    assert found.sales_rank.tolist() == found.margin_rank.tolist() == [1, 2, 3]


def test_without_a_choice_there_is_nothing_to_compare():
    sales = np.array([1.0, 2.0])
    assert compare_rankings(sales, sales, 0) is None
    assert compare_rankings(sales, sales, 2) is None
