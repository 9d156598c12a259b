"""Evidence from the map: for, against, or none where it is not known."""

from dataclasses import replace

import numpy as np
import pytest
from tests.factories.contact_maps import small_map
from tests.factories.stage_evidence import TODAY

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.relationship.lifecycle_stage.contact_evidence import ContactBounds, contact_evidence
from openkam.analytics.relationship.lifecycle_stage.stages import GATES

FUNCTIONS = ("sales", "finance", "technology", "sales", "sales")


def broad(functions=FUNCTIONS, levels=(1, 2, 1, 1, 1)) -> ContactMap:
    """Five on each side, everybody warm with one of the other."""
    sides = [
        tuple(
            ContactPerson(f"{side}{place}", level, function)
            for place, (level, function) in enumerate(zip(levels, functions, strict=True))
        )
        for side in "ot"
    ]
    return ContactMap(sides[0], sides[1], np.eye(5), np.zeros((5, 5)))


def holds(contacts: ContactMap, reciprocity: float | None = None, bounds: ContactBounds | None = None) -> dict[str, bool]:
    return {one.criterion: one.holds for one in contact_evidence(contacts, reciprocity, TODAY, bounds)}


def test_every_criterion_is_one_of_the_gates_and_dated():
    found = contact_evidence(broad(), 0.5, TODAY)
    assert {one.criterion for one in found} <= {criterion.name for gate in GATES for criterion in gate.criteria}
    assert {(one.on, one.is_claim) for one in found} == {(TODAY, False)}


def test_a_small_map_has_a_contact_and_roles_and_is_not_broad():
    assert holds(small_map(), 0.2) == {"contact": True, "roles_named": True, "contacts_broad": False, "two_way": False}
    assert holds(small_map(warm_at=1.0)) == {"contact": False, "roles_named": True, "contacts_broad": False}


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        (broad(), True),
        (broad(levels=(1, 1, 1, 1, 1)), False),
        (broad(functions=("sales",) * 5), False),
        (broad(levels=(1, 1, 1, 1, None)), None),
        (broad(functions=("sales", "sales", "sales", "sales", None)), False),
        (broad(functions=("sales", "finance", None, "sales", "sales")), None),
        (replace(broad(), across=np.eye(5) * [1, 1, 1, 1, 0.2]), False),
    ],
)
def test_broad_needs_people_functions_and_levels_on_both_sides(contacts, expected):
    assert holds(contacts).get("contacts_broad") is expected


def test_bounds_are_the_firms_own():
    few = ContactBounds(people=2, functions=2, levels=2, roles=5, reciprocity=0.1)
    assert holds(small_map(), 0.2, few) == {"contact": True, "roles_named": True, "contacts_broad": True, "two_way": True}
