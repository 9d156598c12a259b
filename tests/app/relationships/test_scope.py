"""A contact is seen by who sees an account where they work or worked, and by nobody else."""

from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse
from tests.factories.contacts import role
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.audit.queries import entries
from openkam.app.people.terms import Role
from openkam.app.relationships.operations.employments import PostDetails, begin_employment, end_employment
from openkam.app.relationships.queries.contacts import buying_role, contact, contact_page, employment, visible_contacts

DAY = date(2016, 5, 31)


def test_a_colleagues_contact_is_not_there(world, signed_in):
    secret_role = role(world.secret, world.foreign)
    client = signed_in(world.manager)
    for found, pk in (
        (contact, world.secret.pk),
        (employment, world.secret.employments.get().pk),
        (buying_role, secret_role.pk),
    ):
        with pytest.raises(Http404):
            found(world.manager, pk)
    assert list(visible_contacts(world.manager)) == [world.anna]
    for name in ("contact", "edit_contact", "begin_post", "assign_role"):
        assert client.get(reverse(f"relationships:{name}", args=[world.secret.pk])).status_code == 404
    for name in ("archive_contact", "restore_contact"):
        assert client.post(reverse(f"relationships:{name}", args=[world.secret.pk])).status_code == 404
    assert client.get(reverse("relationships:people", args=[world.foreign.pk])).status_code == 404
    assert client.post(reverse("relationships:add_contact", args=[world.foreign.pk]), {"name": "Mole"}).status_code == 404
    post = world.secret.employments.get()
    assert client.post(reverse("relationships:end_post", args=[post.pk]), {"until_on": "2016-05-31"}).status_code == 404
    assert client.post(reverse("relationships:end_role", args=[secret_role.pk])).status_code == 404
    assert visible_contacts(world.stranger).get().employments.get().until_on is None


def test_who_left_for_a_colleagues_account_is_seen_without_it(world, signed_in):
    """The other way round as well: the colleague meets the person, not where they were before."""
    end_employment(actor=world.manager, employment=world.anna.employments.get(), until_on=DAY)
    begin_employment(
        actor=user(Role.ADMINISTRATOR), contact=world.anna, account=world.foreign, details=PostDetails("Secret desk")
    )
    role(world.anna, world.foreign, category="Secret category")

    for person, seen, hidden in (
        (world.manager, "Chief buyer", ("Secret desk", "Unseen Bay", "Secret category")),
        (world.stranger, "Secret desk", ("Chief buyer", "Tailspin")),
    ):
        page = signed_in(person).get(world.anna.get_absolute_url()).content.decode()
        assert seen in page
        assert [word for word in hidden if word in page] == []
        assert len([*contact_page(person, world.anna.pk).current, *contact_page(person, world.anna.pk).former]) == 1


def test_the_audit_opens_only_what_the_page_does(world):
    role(world.secret, world.foreign)
    room = Entry.objects.filter(record_type__startswith="relationships.")

    seen = entries(world.manager).filter(record_type__startswith="relationships.")
    assert {entry.record_type.partition(".")[2] for entry in seen} == {"contact", "contactpoint", "employment"}
    assert not [entry for entry in seen if "Secret" in f"{entry.record_name}{entry.after}"]
    assert entries(world.stranger).filter(record_type="relationships.buyingrole").count() == 1
    assert entries(user(Role.HEAD)).filter(record_type__startswith="relationships.").count() == room.count()


def test_a_post_cannot_be_begun_at_an_account_out_of_scope(world, signed_in):
    client = signed_in(world.manager)
    for named in ("Unseen Bay", f"#{world.foreign.pk}"):
        answer = client.post(reverse("relationships:begin_post", args=[world.anna.pk]), {"account": named, "job_title": "Mole"})
        assert answer.status_code == 422
    sent = {"account": world.foreign.pk, "role": "decider", "from_on": "2016-05-31"}
    assert client.post(reverse("relationships:assign_role", args=[world.anna.pk]), sent).status_code == 422
    assert world.anna.employments.count() == 1
