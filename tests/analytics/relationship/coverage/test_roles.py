"""Coverage of roles and the bus factor: by hand, and against trying every group of people."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.contact_maps import ROLES, made_map, small_map

from openkam.analytics.relationship.coverage.contact_map import ContactMap
from openkam.analytics.relationship.coverage.roles import RoleState, bus_factor, coverage, role_cover
from openkam.analytics.terms import OpenKamError

WEIGHTS = {"decider": 3.0, "buyer": 2.0, "user": 1.0, "gatekeeper": 1.0, "approver": 1.0}


def test_roles_are_covered_cold_or_not_named():
    found = {cover.role: cover for cover in role_cover(small_map(), WEIGHTS)}
    assert {role: cover.state for role, cover in found.items()} == {
        "decider": RoleState.COVERED,
        "buyer": RoleState.COVERED,
        "user": RoleState.COVERED,
        "gatekeeper": RoleState.COLD,
        "approver": RoleState.NOT_NAMED,
    }
    assert (found["buyer"].holders, found["buyer"].warm_holders, found["buyer"].known_by) == (("Eva", "Gus"), ("Eva",), ("Anna",))
    assert coverage(tuple(found.values())) == pytest.approx(6 / 8)


def test_the_bus_factor_names_the_people_on_each_side():
    covers = role_cover(small_map(), WEIGHTS)
    theirs, ours = bus_factor(covers, on_our_side=False), bus_factor(covers, on_our_side=True)
    assert (theirs.count, theirs.people) == (1, ("Dora",))
    assert (ours.count, ours.people) == (1, ("Anna",))
    # at a floor of 35 % one of theirs is not enough: 3 of 8 are left without Dora
    assert bus_factor(covers, on_our_side=False, floor=0.35).people == ("Dora", "Eva")


def test_below_the_floor_nobody_needs_to_go():
    assert bus_factor(role_cover(small_map(warm_at=0.95), WEIGHTS), on_our_side=False).count == 0


def fewest_by_trying(contacts: ContactMap, weights: dict[str, float], *, on_our_side: bool, floor: float) -> int:
    """The smallest group of people after whose departure coverage, reckoned anew, is below the floor."""
    people = [person.key for person in (contacts.ours if on_our_side else contacts.theirs)]
    for count in range(len(people) + 1):
        for group in combinations(people, count):
            left = contacts.without(group)
            covered = sum(
                weight
                for role, weight in weights.items()
                if any(left.warm[:, place].any() for place, one in enumerate(left.theirs) if role in one.roles)
            )
            if covered < floor * sum(weights.values()) * (1 - 1e-12):
                return count
    raise AssertionError


@given(st.integers(0, 400), st.booleans(), st.sampled_from([0.25, 0.5, 0.75, 1.0]))
def test_the_bus_factor_is_that_of_trying_every_group(seed, on_our_side, floor):
    contacts, weights = made_map(seed), dict(zip(ROLES, (1.0, 2.0, 2.0, 3.0), strict=True))
    found = bus_factor(role_cover(contacts, weights), on_our_side=on_our_side, floor=floor)
    assert found.count == fewest_by_trying(contacts, weights, on_our_side=on_our_side, floor=floor)
    left = coverage(role_cover(contacts.without(found.people), weights))
    assert left < floor * (1 + 1e-12)


def test_weights_and_floors_must_make_sense():
    with pytest.raises(OpenKamError, match="weight above 0"):
        role_cover(small_map(), {"buyer": 0.0})
    covers = role_cover(small_map(), WEIGHTS)
    with pytest.raises(OpenKamError, match="must not fall below"):
        bus_factor(covers, on_our_side=True, floor=0)
    with pytest.raises(OpenKamError, match="up to 16"):
        bus_factor(covers * 4, on_our_side=True)
