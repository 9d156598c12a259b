"""The shortest warm way: by hand, and against trying every way."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.contact_maps import made_map, small_map

from openkam.analytics.relationship.coverage.contact_map import ContactMap
from openkam.analytics.relationship.coverage.warm_path import warm_path


def test_the_way_leads_by_introductions_over_warm_ties():
    found = warm_path(small_map(), {"Ben"}, {"Dora"})
    assert found is not None
    # by Anna (0.7 · 0.8), which beats Finn (0.9 · 0.6)
    assert (found.people, found.introductions) == (("Ben", "Anna", "Dora"), 1)
    assert found.strength == pytest.approx(0.56)
    direct = warm_path(small_map(), {"Anna", "Ben"}, {"Dora"})
    assert direct is not None
    assert (direct.people, direct.introductions) == (("Anna", "Dora"), 0)


def test_no_warm_way_is_none():
    assert warm_path(small_map(knows_theirs=False), {"Anna", "Ben"}, {"Gus"}) is None
    assert warm_path(small_map(), {"Anna"}, set()) is None


def best_by_trying(contacts: ContactMap, start: str, target: str) -> tuple[int, float] | None:
    """Fewest ties and the largest product over all ways without a person twice."""
    keys = [person.key for person in (*contacts.ours, *contacts.theirs)]
    ours = len(contacts.ours)
    ties = np.zeros((len(keys), len(keys)))
    ties[:ours, ours:], ties[ours:, :ours] = contacts.across, contacts.across.T
    ties[:ours, :ours] = contacts.among_ours
    ties[ours:, ours:] = 0 if contacts.among_theirs is None else contacts.among_theirs
    begin, end = keys.index(start), keys.index(target)
    others = [place for place in range(len(keys)) if place not in {begin, end}]
    for between in range(len(others) + 1):
        strengths = []
        for way in permutations(others, between):
            steps = [ties[one, other] for one, other in zip((begin, *way), (*way, end), strict=True)]
            if min(steps) >= contacts.warm_at:
                strengths.append(float(np.prod(steps)))
        if strengths:
            return between + 1, max(strengths)
    return None


@given(st.integers(0, 500))
def test_it_is_the_best_of_all_ways(seed):
    contacts = made_map(seed, 3, 4, 0.5)
    found, best = warm_path(contacts, {"o0"}, {"t3"}), best_by_trying(contacts, "o0", "t3")
    assert (found is None) == (best is None)
    if found is not None and best is not None:
        assert (found.introductions + 1, found.strength) == (best[0], pytest.approx(best[1]))
