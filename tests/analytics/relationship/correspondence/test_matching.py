"""Whose addresses took part, and which accounts it concerns."""

from datetime import UTC, date, datetime

import pytest

from openkam.analytics.relationship.correspondence.items import Correspondence, Involved, Part
from openkam.analytics.relationship.correspondence.matching import Directory, Outcome, Post, match

KAYLA, ANNA, BEN, MOVER = 1, 11, 12, 13
OWN, FOREIGN = 100, 200
DIRECTORY = Directory(
    users={"kayla@ours.example": KAYLA, "hudson@gmail.com": 2},
    posts={
        "anna@theirs.example": [Post(ANNA, OWN, None, None)],
        "anna@gmail.com": [Post(ANNA, OWN, date(2020, 1, 1), None)],
        "ben@others.example": [Post(BEN, FOREIGN, None, None)],
        "mover@others.example": [Post(MOVER, OWN, None, date(2016, 4, 30)), Post(MOVER, FOREIGN, date(2016, 5, 1), None)],
        "info@theirs.example": [Post(ANNA, OWN, None, None), Post(16, OWN, None, None)],
        "x@shared.example": [Post(14, OWN, None, None)],
        "y@shared.example": [Post(15, FOREIGN, None, None)],
    },
    editable=frozenset({OWN}),
)


def mail(*addresses: str, at: datetime = datetime(2016, 5, 2, tzinfo=UTC), is_appointment: bool = False) -> Correspondence:
    parts = [Part.FROM, *[Part.TO] * (len(addresses) - 1)]
    people = [Involved(address, "", part) for address, part in zip(addresses, parts, strict=True)]
    return Correspondence("1", at, True, people, is_appointment=is_appointment)


def matched(*addresses: str, **more):
    found = match(mail(*addresses, **more), DIRECTORY, importer=KAYLA)
    people = {
        account: [(one.person.address, one.user, one.contact, one.is_ours) for one in shown]
        for account, shown in found.by_account.items()
    }
    return found.outcome, people


US = ("kayla@ours.example", KAYLA, None, True)


@pytest.mark.parametrize(
    ("addresses", "outcome"),
    [
        (["kayla@ours.example", "colleague@ours.example"], Outcome.INTERNAL),
        (["kayla@ours.example", "somebody@gmail.com"], Outcome.NO_ACCOUNT),
        (["kayla@ours.example", "z@shared.example"], Outcome.NO_ACCOUNT),
        (["kayla@ours.example", "ben@others.example"], Outcome.NOT_YOURS),
        (["anna@theirs.example", "lawyer@law.example"], Outcome.NONE_OF_OURS),
    ],
)
def test_what_is_not_taken_says_why_and_names_nobody(addresses, outcome):
    assert matched(*addresses) == (outcome, {})


def test_users_contacts_and_domains():
    outcome, people = matched(
        "anna@theirs.example", "kayla@ours.example", "new@theirs.example", "a@ours.example", "ben@others.example"
    )
    assert outcome == Outcome.TAKEN
    # Who writes for another account is not told to this one's readers, and the other account is somebody else's.
    assert people == {
        OWN: [
            US,
            ("a@ours.example", None, None, True),
            ("anna@theirs.example", None, ANNA, False),
            ("new@theirs.example", None, None, False),
        ]
    }


def test_a_contact_counts_once_and_at_the_post_of_the_day():
    assert matched("kayla@ours.example", "anna@theirs.example", "anna@gmail.com")[1] == {
        OWN: [US, ("anna@theirs.example", None, ANNA, False)]
    }
    assert matched("kayla@ours.example", "mover@others.example")[0] == Outcome.NOT_YOURS
    before = datetime(2016, 4, 2, tzinfo=UTC)
    assert matched("kayla@ours.example", "mover@others.example", at=before)[1] == {
        OWN: [US, ("mover@others.example", None, MOVER, False)]
    }


def test_an_address_that_contacts_share_is_none_of_theirs_alone():
    assert matched("kayla@ours.example", "info@theirs.example")[1] == {OWN: [US, ("info@theirs.example", None, None, False)]}


def test_an_appointment_without_any_of_ours_was_the_importers_own():
    outcome, people = matched("anna@theirs.example", is_appointment=True)
    assert outcome == Outcome.TAKEN
    assert people[OWN][0][1:] == (KAYLA, None, True)
