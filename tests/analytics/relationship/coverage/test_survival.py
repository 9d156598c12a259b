"""Survival of a role: the known formula, trying every fate by hand, and simulated departures."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.contact_maps import made_map, small_map

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.relationship.coverage.survival import role_survival
from openkam.analytics.terms import OpenKamError


def test_one_sure_person_of_ours_gives_the_plain_product():
    ours = (ContactPerson("a", yearly_turnover=0.0),)
    theirs = tuple(
        ContactPerson(f"t{number}", roles=frozenset({"decider"}), yearly_turnover=turnover)
        for number, turnover in enumerate((0.1, 0.4))
    )
    contacts = ContactMap(ours, theirs, np.array([[0.9, 0.5]]), np.zeros((1, 1)))
    assert role_survival(contacts, "decider").probability == pytest.approx(1 - (1 - 0.9 * 0.9) * (1 - 0.6 * 0.5))


def every_fate(contacts: ContactMap, role: str, months: float) -> float:
    """Probability by going through who stays and which tie carries on, one by one."""
    theirs = [place for place, person in enumerate(contacts.theirs) if role in person.roles]
    people = [*contacts.ours, *(contacts.theirs[place] for place in theirs)]
    stay = [(1 - (person.yearly_turnover or 0.0)) ** (months / 12) for person in people]
    kept = 0.0
    for fate in product((0, 1), repeat=len(people)):
        weight = np.prod([one if stays else 1 - one for one, stays in zip(stay, fate, strict=True)])
        lost = 1.0
        for row, column in product(range(len(contacts.ours)), range(len(theirs))):
            if fate[row] and fate[len(contacts.ours) + column]:
                lost *= 1 - contacts.across[row, theirs[column]]
        kept += float(weight) * (1 - lost)
    return kept


@given(st.integers(0, 300), st.sampled_from([1.0, 12.0, 30.0]))
def test_it_is_as_going_through_every_fate(seed, months):
    contacts = made_map(seed, 3, 4)
    for role in ("buyer", "decider"):
        assert role_survival(contacts, role, months).probability == pytest.approx(every_fate(contacts, role, months), abs=1e-12)


def test_simulated_departures_agree():
    contacts, random, draws = made_map(21, 5, 8, 0.7), np.random.default_rng(4), 40_000
    theirs = [place for place, person in enumerate(contacts.theirs) if "buyer" in person.roles]
    our_stay = random.random((draws, 5)) > [person.yearly_turnover for person in contacts.ours]
    their_stay = random.random((draws, len(theirs))) > [contacts.theirs[place].yearly_turnover for place in theirs]
    holds = random.random((draws, 5, len(theirs))) < contacts.across[:, theirs]
    kept = (holds & our_stay[:, :, None] & their_stay[:, None, :]).any(axis=(1, 2)).mean()
    assert role_survival(contacts, "buyer").probability == pytest.approx(kept, abs=0.01)


def test_it_falls_with_time_and_nobody_known_is_nobody_left():
    contacts = small_map()
    chances = [role_survival(contacts, "decider", months).probability for months in (0, 6, 12, 60)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == pytest.approx(0.8)
    assert role_survival(contacts, "gatekeeper").probability == 0
    assert role_survival(contacts, "approver").probability == 0


def test_unknown_turnover_is_told_by_name():
    contacts = small_map()
    found = role_survival(replace(contacts, ours=(ContactPerson("Anna"), contacts.ours[1])), "decider")
    assert (found.probability, found.unknown) == (None, ("Anna",))


def test_what_cannot_be_reckoned_is_refused():
    with pytest.raises(OpenKamError, match="horizon"):
        role_survival(small_map(), "buyer", -1)
    crowd = tuple(ContactPerson(f"o{number}", yearly_turnover=0.1) for number in range(15))
    theirs = (ContactPerson("t", roles=frozenset({"buyer"}), yearly_turnover=0.1),)
    with pytest.raises(OpenKamError, match="up to 14"):
        role_survival(ContactMap(crowd, theirs, np.full((15, 1), 0.5), np.zeros((15, 15))), "buyer")
