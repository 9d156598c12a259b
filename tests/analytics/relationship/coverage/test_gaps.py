"""Levels and functions without a warm contact, by hand."""

from dataclasses import replace

import pytest
from tests.factories.contact_maps import small_map

from openkam.analytics.relationship.coverage.contact_map import ContactPerson
from openkam.analytics.relationship.coverage.gaps import contact_gaps


def test_levels_functions_and_unlike_ties():
    found = contact_gaps(small_map())
    assert [(level.name, level.people, level.warm, level.is_gap) for level in found.levels] == [
        ("4", 1, 1, False),
        ("2", 2, 1, False),
        ("1", 1, 1, False),
    ]
    assert [(one.name, one.people, one.warm) for one in found.functions] == [
        ("engineering", 1, 1),
        ("management", 1, 1),
        ("purchasing", 2, 1),
    ]
    # warm ties: Anna-Dora (3, 4), Anna-Eva (3, 2), Ben-Finn (1, 1), the last in one function
    assert found.level_difference == pytest.approx(2 / 3)
    assert found.function_match == pytest.approx(1 / 3)
    assert found.top_gap == 0


def test_the_top_is_out_of_reach_once_its_only_contact_has_gone():
    found = contact_gaps(small_map().without(["Anna"]))
    assert [level.name for level in found.levels if level.is_gap] == ["4", "2"]
    assert found.top_gap == 3


def test_what_is_not_known_is_counted_and_no_gap():
    contacts = small_map()
    unknown = replace(contacts, theirs=(ContactPerson("Dora"), *contacts.theirs[1:]))
    found = contact_gaps(unknown)
    assert (found.people_without_level, found.people_without_function) == (1, 1)
    assert found.level_difference == pytest.approx(0.5)
    cold = contact_gaps(small_map(warm_at=1.0))
    assert (cold.top_gap, cold.level_difference, cold.function_match) == (None, None, None)
