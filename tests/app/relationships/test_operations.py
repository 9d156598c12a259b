"""People come, change posts and go; every step is checked and stands in the audit."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.factories.contacts import SINCE, contact, role
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role
from openkam.app.relationships.models import BuyingRole, Contact, Employment
from openkam.app.relationships.operations.buying_roles import assign_buying_role, end_buying_role
from openkam.app.relationships.operations.contacts import (
    ContactDetails,
    Reach,
    add_contact,
    archive_contact,
    change_contact,
    restore_contact,
)
from openkam.app.relationships.operations.employments import PostDetails, begin_employment, change_employment, end_employment
from openkam.app.relationships.terms import BuyingCenterRole, PointKind

DAY = date(2016, 5, 31)


def verbs(record_type):
    return list(Entry.objects.filter(record_type=f"relationships.{record_type}").order_by("pk").values_list("verb", flat=True))


def test_adding_a_person_records_them_their_post_and_how_to_reach_them(world):
    entries = Entry.objects.count()
    made = contact(world.own, "Ångström  Øre", actor=world.manager)

    assert (made.name, made.sort_name, made.initials) == ("Ångström Øre", "angstrom ore", "AO")
    assert [Contact(name=name).initials for name in ("Ada (illustrative)", "Ada of (x) Bérg", "(x)", "")] == [
        "A",
        "AB",
        "?",
        "?",
    ]
    assert Entry.objects.count() == entries + 4
    assert set(Entry.objects.order_by("-pk").values_list("actor", flat=True)[:4]) == {world.manager.pk}
    assert made.created_by == world.manager


@pytest.mark.parametrize(
    "details",
    [
        {"name": "  "},
        {"name": "!!"},
        {"name": "a" * 201},
        {"name": "Anna", "time_zone": "Mars/Crater"},
        {"name": "Anna", "reach": [Reach(PointKind.MAIL, "no address")]},
        {"name": "Anna", "reach": [Reach(PointKind.PHONE, "call me")]},
        {"name": "Anna", "reach": [Reach(PointKind.PHONE, "1" * 255)]},
    ],
)
def test_details_that_cannot_be_are_refused_whole(world, details):
    people = Contact.objects.count()
    with pytest.raises(ValidationError):
        add_contact(actor=world.manager, account=world.own, details=ContactDetails(**details), post=PostDetails())

    assert Contact.objects.count() == people


def test_changing_keeps_what_is_the_same_and_records_what_is_not(world):
    mail, phone = world.anna.points.all()
    kept = Reach(PointKind.MAIL, mail.value)
    change_contact(
        actor=world.manager, contact=world.anna, details=ContactDetails("Anna Berg", reach=[kept, Reach(PointKind.PHONE, "+1 2")])
    )

    points = list(world.anna.points.all())
    assert [point.value for point in points] == [mail.value, "+1 2"]
    assert points[0].pk == mail.pk
    assert Entry.objects.filter(record_type="relationships.contactpoint", record_key=str(phone.pk), verb="removed").exists()
    assert "changed" not in verbs("contact")


def test_the_person_outlives_the_post(world):
    first = world.anna.employments.get()
    role(world.anna, world.own)
    end_employment(actor=world.manager, employment=first, until_on=DAY, reason="Moved")
    begin_employment(
        actor=world.manager, contact=world.anna, account=world.own, details=PostDetails("Head", from_on=DAY + timedelta(days=1))
    )

    assert [(post.in_words, post.until_on) for post in world.anna.employments.all()] == [("Head", None), ("Chief buyer", DAY)]
    assert BuyingRole.objects.get().until_on == DAY
    assert Entry.objects.filter(verb="ended", reason="Moved").count() == 2


def test_a_role_lasts_while_another_post_at_the_account_does(world):
    begin_employment(actor=world.manager, contact=world.anna, account=world.own, details=PostDetails("Adviser"))
    role(world.anna, world.own)
    end_employment(actor=world.manager, employment=world.anna.employments.get(job_title="Chief buyer"), until_on=DAY)

    assert BuyingRole.objects.get().until_on is None


def test_a_post_ends_once_and_not_before_it_began(world):
    post = world.anna.employments.get()
    with pytest.raises(ValidationError):
        end_employment(actor=world.manager, employment=post, until_on=SINCE - timedelta(days=1))
    end_employment(actor=world.manager, employment=post, until_on=SINCE)
    with pytest.raises(ValidationError):
        end_employment(actor=world.manager, employment=post, until_on=DAY)
    with pytest.raises(ValidationError):
        change_employment(actor=world.manager, employment=post, details=PostDetails(from_on=DAY))

    assert Employment.objects.get(pk=post.pk).until_on == SINCE


def test_a_role_needs_a_post_and_is_given_once(world):
    given = {"actor": world.manager, "contact": world.anna, "role": BuyingCenterRole.BUYER, "from_on": DAY}
    with pytest.raises(ValidationError):
        assign_buying_role(account=world.foreign, **given)
    assign_buying_role(account=world.own, category="Packaging", **given)
    with pytest.raises(ValidationError):
        assign_buying_role(account=world.own, category="packaging", **given)
    assign_buying_role(account=world.own, **given)

    assert [str(found) for found in BuyingRole.objects.all()] == ["Buyer", "Buyer, Packaging"]


def test_a_role_ends_once_and_not_before_it_began(world):
    held = role(world.anna, world.own)
    with pytest.raises(ValidationError):
        end_buying_role(actor=world.manager, role=held, until_on=SINCE - timedelta(days=1))
    end_buying_role(actor=world.manager, role=held, until_on=DAY)
    with pytest.raises(ValidationError):
        end_buying_role(actor=world.manager, role=held, until_on=DAY)


def test_archiving_keeps_everything_and_is_undone(world):
    archive_contact(actor=world.manager, contact=world.anna)
    assert world.anna.archived_by == world.manager
    restore_contact(actor=world.manager, contact=world.anna)

    assert world.anna.employments.count() == 1
    assert verbs("contact")[-2:] == ["archived", "restored"]


def test_who_may_not_edit_writes_nothing(world):
    reader = user(Role.READ_ONLY)
    post, held = world.anna.employments.get(), role(world.anna, world.own)
    entries = Entry.objects.count()
    details, new = ContactDetails("Forged"), PostDetails("Forged")
    for write in (
        lambda: add_contact(actor=reader, account=world.own, details=details, post=new),
        lambda: change_contact(actor=reader, contact=world.anna, details=details),
        lambda: archive_contact(actor=reader, contact=world.anna),
        lambda: restore_contact(actor=reader, contact=world.anna),
        lambda: begin_employment(actor=reader, contact=world.anna, account=world.own, details=new),
        lambda: change_employment(actor=reader, employment=post, details=new),
        lambda: end_employment(actor=reader, employment=post, until_on=DAY),
        lambda: assign_buying_role(actor=reader, contact=world.anna, account=world.own, role=BuyingCenterRole.USER, from_on=DAY),
        lambda: end_buying_role(actor=reader, role=held, until_on=DAY),
    ):
        with pytest.raises(PermissionDenied):
            write()

    assert Entry.objects.count() == entries
