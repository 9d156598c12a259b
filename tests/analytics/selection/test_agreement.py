"""How far raters agree."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.selection.agreement import Agreement, ordinal_agreement, spread_of

UNITS = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=5), min_size=1, max_size=12)


def test_who_agrees_wholly_has_one() -> None:
    assert ordinal_agreement([[0, 0], [3, 3, 3], [4, 4]]) == Agreement(1.0, 3, 7)


def test_what_cannot_differ_has_no_alpha() -> None:
    assert ordinal_agreement([[2, 2], [2, 2]]).alpha is None
    assert ordinal_agreement([[1], [4]]) == Agreement(None, 0, 0)
    assert ordinal_agreement([]).alpha is None


def test_who_always_says_the_opposite_is_below_chance() -> None:
    found = ordinal_agreement([[0, 4], [4, 0], [0, 4]])
    assert found.alpha is not None
    assert found.alpha < 0


def test_a_near_miss_weighs_less_than_a_far_one() -> None:
    rest = [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]
    near, far = (ordinal_agreement([*rest, [0, other]]).alpha for other in (1, 4))
    assert near is not None
    assert far is not None
    assert near > far


def test_a_unit_rated_once_says_nothing() -> None:
    units = [[1, 2], [3, 3], [0, 1]]
    assert ordinal_agreement([*units, [4], []]) == ordinal_agreement(units)


@given(UNITS, st.randoms())
def test_neither_the_order_of_raters_nor_of_accounts_counts(units: list[list[int]], chance: random.Random) -> None:
    shuffled = [chance.sample(unit, len(unit)) for unit in chance.sample(units, len(units))]
    one, other = ordinal_agreement(units), ordinal_agreement(shuffled)
    assert one.alpha == pytest.approx(other.alpha)
    assert one.alpha is None or one.alpha <= 1 + 1e-12


def test_random_ratings_agree_as_by_chance() -> None:
    chance = random.Random(11)
    found = ordinal_agreement([[chance.randrange(5), chance.randrange(5)] for _ in range(4000)])
    assert found.alpha == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize(("alpha", "reliable", "tentative"), [(0.81, True, False), (0.7, False, True), (0.5, False, False)])
def test_how_much_it_carries(alpha: float, reliable: bool, tentative: bool) -> None:
    found = Agreement(alpha, 9, 20)
    assert (found.is_reliable, found.is_tentative) == (reliable, tentative)


def test_the_ratings_of_one_account_have_a_spread() -> None:
    found = spread_of([1, 4, 4])
    assert found is not None
    assert (found.least, found.most, found.mean, found.count, found.distance) == (1, 4, 3.0, 3, 3)
    assert spread_of([]) is None
