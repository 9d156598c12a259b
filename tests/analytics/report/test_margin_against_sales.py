"""What changes when margin replaces volume."""

import itertools

from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.margin_against_sales import margin_against_sales
from openkam.analytics.valuation.margin_against_sales import Quadrant


def test_as_many_gain_as_lose() -> None:
    comparison = margin_against_sales(make_review())
    assert comparison is not None
    gains, loses = comparison.of(Quadrant.GAINS), comparison.of(Quadrant.LOSES)
    assert len(gains) == len(loses) > 0
    assert len(comparison.of(Quadrant.BOTH)) + len(loses) == comparison.cut == 14


def test_ranks_are_a_permutation_by_value() -> None:
    comparison = margin_against_sales(make_review())
    assert comparison is not None
    places = comparison.places
    assert [p.sales_rank for p in places] == list(range(1, len(places) + 1))
    assert sorted(p.margin_rank for p in places) == list(range(1, len(places) + 1))
    by_margin = sorted(places, key=lambda p: p.margin_rank)
    assert all(a.margin >= b.margin for a, b in itertools.pairwise(by_margin))
    assert len(places) + comparison.missing_count == 280


def test_quadrants_follow_the_cut() -> None:
    comparison = margin_against_sales(make_review())
    assert comparison is not None
    for place in comparison.places:
        is_in = (place.sales_rank <= comparison.cut, place.margin_rank <= comparison.cut)
        expected = {(True, True): Quadrant.BOTH, (True, False): Quadrant.LOSES, (False, True): Quadrant.GAINS}
        assert place.quadrant is expected.get(is_in, Quadrant.NEITHER)
        assert place.margin_share is not None


def test_nothing_chosen_or_nothing_known_is_no_comparison() -> None:
    assert margin_against_sales(make_empty_review()) is None
