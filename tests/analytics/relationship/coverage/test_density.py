"""Densities, centralisation and concentration: by hand, and the warning that both are high."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tests.factories.contact_maps import made_map, small_map

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.relationship.coverage.density import contact_density
from openkam.analytics.terms import OpenKamError


def team(ties: np.ndarray) -> ContactMap:
    ours = tuple(ContactPerson(f"o{number}") for number in range(len(ties)))
    return ContactMap(ours, (ContactPerson("t"),), np.zeros((len(ties), 1)), ties)


def test_densities_and_concentration_by_hand():
    found = contact_density(small_map())
    assert (found.across, found.within, found.centralisation) == (3 / 8, 1.0, None)
    assert found.our_concentration is not None
    assert found.our_concentration.hhi == pytest.approx((1.4**2 + 1.1**2) / 2.5**2)
    assert found.their_concentration is not None
    assert found.their_concentration.effective_number == pytest.approx(2.5**2 / (0.8**2 + 0.8**2 + 0.9**2))
    assert not found.both_high


def test_a_star_is_all_central_and_a_ring_is_not():
    star, ring = np.zeros((5, 5)), np.zeros((5, 5))
    star[0, 1:] = star[1:, 0] = 1.0
    for place in range(5):
        ring[place, (place + 1) % 5] = ring[(place + 1) % 5, place] = 1.0
    assert contact_density(team(star)).centralisation == pytest.approx(1)
    assert contact_density(team(ring)).centralisation == pytest.approx(0)
    assert contact_density(team(ring)).within == pytest.approx(0.5)


def test_it_warns_where_both_are_high():
    dense = replace(small_map(), across=np.full((2, 4), 0.9))
    assert contact_density(dense).both_high
    assert not contact_density(replace(dense, among_ours=np.zeros((2, 2)))).both_high
    with pytest.raises(OpenKamError, match="high from 0"):
        contact_density(dense, 0)


def test_nothing_possible_is_not_known():
    empty = contact_density(ContactMap((), (), np.zeros((0, 0)), np.zeros((0, 0))))
    assert (empty.across, empty.within, empty.our_concentration, empty.both_high) == (None, None, None, False)


@pytest.mark.parametrize("seed", range(5))
def test_density_within_is_twice_the_edges_over_ordered_pairs(seed):
    """Wasserman and Faust (1994): 2m / (n (n - 1)) of an undirected graph, edges counted one by one."""
    contacts = made_map(seed, our_count=6)
    edges = [pair for pair in combinations(range(6), 2) if contacts.among_ours[pair] >= contacts.warm_at]
    assert contact_density(contacts).within == pytest.approx(2 * len(edges) / (6 * 5))


def test_it_leaves_the_map_as_it_was():
    contacts = made_map(3)
    before = contacts.among_ours.copy()
    contact_density(contacts)
    assert (contacts.among_ours == before).all()
