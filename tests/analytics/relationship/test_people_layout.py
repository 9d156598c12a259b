"""Cards lie apart, and whoever reports stands below."""

from itertools import combinations

import numpy as np
import pytest

from openkam.analytics.relationship.people_layout import CARD_HEIGHT, CARD_WIDTH, people_layout
from openkam.analytics.terms import OpenKamError


@pytest.mark.parametrize("seed", range(8))
def test_no_two_cards_meet_and_whoever_reports_stands_below(seed):
    random = np.random.default_rng(seed)
    keys = [str(number) for number in range(300)]
    superior_of = {
        key: str(random.integers(0, number)) for number, key in enumerate(keys) if number and random.random() < seed / 7
    }
    places = people_layout(keys, superior_of)

    assert set(places) == set(keys)
    for one, other in combinations(places.values(), 2):
        assert abs(one.x - other.x) >= CARD_WIDTH or abs(one.y - other.y) >= CARD_HEIGHT
    assert all(places[key].y >= places[superior].y + CARD_HEIGHT for key, superior in superior_of.items())


def test_a_small_centre_is_laid_out_as_one_draws_it():
    places = people_layout(["boss", "a", "b", "c"], {"a": "boss", "b": "boss", "c": "a", "x": "boss", "boss": "gone"})

    assert places["boss"].y == 0
    assert places["a"].y == places["b"].y < places["c"].y
    assert places["a"].x == places["c"].x
    assert not any(place.hangs for place in places.values())


def test_many_below_one_make_a_grid_with_lines_from_the_side():
    keys = [str(number) for number in range(12)]
    places = people_layout(["boss", *keys], dict.fromkeys(keys, "boss"))

    assert len({place.y for place in places.values()}) > 2
    assert all(places[key].hangs for key in keys)


def test_three_hundred_in_six_levels_keep_the_shape_of_a_page():
    keys = [str(number) for number in range(300)]
    superior_of = {key: str((number - 1) // 6) for number, key in enumerate(keys) if number}
    places = people_layout(keys, superior_of)
    width = max(place.x for place in places.values()) + CARD_WIDTH
    height = max(place.y for place in places.values()) + CARD_HEIGHT

    assert 0.5 < width / height < 3
    reached_round = {key: place for key, place in places.items() if place.via}
    assert reached_round
    for key, place in reached_round.items():
        across, down = place.via
        assert places[superior_of[key]].y < down < place.y
        for other in places.values():  # the ways run where no card is
            assert not (other.x < across < other.x + CARD_WIDTH and other.y < down and other.y > places[superior_of[key]].y)
            assert not (other.y < down < other.y + CARD_HEIGHT and across < other.x < place.x)


def test_nobody_is_no_map_and_a_circle_is_refused():
    assert people_layout([], {}) == {}
    with pytest.raises(OpenKamError, match="circle"):
        people_layout(["a", "b"], {"a": "b", "b": "a"})


def test_a_long_chain_is_laid_out_too():
    keys = [str(number) for number in range(2000)]
    assert len(people_layout(keys, {key: str(number - 1) for number, key in enumerate(keys) if number})) == 2000
