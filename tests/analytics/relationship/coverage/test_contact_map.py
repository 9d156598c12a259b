"""The map of contacts: what it refuses, and what is left when people go."""

from dataclasses import replace

import numpy as np
import pytest
from tests.factories.contact_maps import small_map

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.terms import OpenKamError


def test_who_goes_takes_the_ties_along():
    left = small_map().without(["Anna", "Gus"])
    assert [person.key for person in (*left.ours, *left.theirs)] == ["Ben", "Dora", "Eva", "Finn"]
    assert left.across.tolist() == [[0.0, 0.2, 0.9]]
    assert left.among_theirs is not None
    assert left.among_theirs[0].tolist() == [0.0, 0.0, 0.6]
    assert small_map(knows_theirs=False).without(["Eva"]).among_theirs is None


def test_a_tie_is_warm_from_its_strength_on():
    assert small_map(warm_at=0.6).warm.tolist() == [[True, True, False, False], [False, False, True, False]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"across": np.zeros((2, 3))}, "2 × 3 for 2 × 4"),
        ({"across": np.full((2, 4), 1.5)}, "outside 0 to 1"),
        ({"across": np.full((2, 4), np.nan)}, "outside 0 to 1"),
        ({"among_ours": np.array([[0.0, 0.7], [0.1, 0.0]])}, "not symmetric"),
        ({"warm_at": 0.0}, "warm from 0"),
        ({"ours": (ContactPerson("Dora"), ContactPerson("Ben"))}, "Dora stands on the map more than once"),
    ],
)
def test_what_cannot_be_a_map_is_refused(change, says):
    with pytest.raises(OpenKamError, match=says):
        replace(small_map(), **change)


def test_people_must_be_on_it_and_leave_with_a_probability():
    with pytest.raises(OpenKamError, match="Zoe is not on the map"):
        small_map().without(["Zoe"])
    with pytest.raises(OpenKamError, match="between 0 and 1"):
        ContactPerson("Zoe", yearly_turnover=12.0)


def test_an_empty_map_is_one():
    empty = ContactMap((), (), np.zeros((0, 0)), np.zeros((0, 0)))
    assert empty.warm.size == 0
