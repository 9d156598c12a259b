"""Matrices from single ties, and the largest share of them."""

import pytest

from openkam.analytics.relationship.coverage.tie_matrices import largest_share, ties_across, ties_among_theirs, ties_within


def test_ties_stand_in_their_rows_and_the_stronger_of_two_holds():
    assert ties_across((2, 3), [(0, 2, 0.4), (1, 0, 1.0)]).tolist() == [[0, 0, 0.4], [1.0, 0, 0]]
    assert ties_within(2, [(0, 1, 0.2), (1, 0, 0.7)]).tolist() == [[0, 0.7], [0.7, 0]]
    theirs = ties_among_theirs(3, [(0, 1, 1), (1, 0, 3)], [(2, 1), (0, 1)])
    assert theirs.tolist() == [[0, 1, 0], [1, 0, 0.5], [0, 0.5, 0]]


def test_the_largest_share_has_its_name():
    assert largest_share(["a", "b", "c"], [1.0, 3.0, 0.0]) == ("b", pytest.approx(0.75))
    assert largest_share(["a"], [0.0]) is None
    assert largest_share([], []) is None
