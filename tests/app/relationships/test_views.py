"""The pages of people: what they show, what they find, what their forms do."""

import pytest
from django.urls import reverse
from tests.factories.contacts import contact, role
from tests.factories.people import user

from openkam.app.people.terms import Role
from openkam.app.relationships.models import BuyingRole, Contact, Employment
from openkam.app.relationships.operations.contacts import archive_contact
from openkam.app.relationships.operations.employments import end_employment
from openkam.app.relationships.terms import BuyingCenterRole


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.manager)


def people(client, world, **asked):
    answer = client.get(reverse("relationships:people", args=[world.own.pk]), asked)
    assert answer.status_code == 200
    return [row.record.contact.name for row in answer.context["table"].rows], answer.content.decode()


def test_the_list_shows_post_roles_and_reach(client, world):
    role(world.anna, world.own, category="Packaging")
    names, page = people(client, world)

    assert names == ["Anna Berg"]
    for word in ("Chief buyer", "Purchasing", "Head of department", "Main plant", "Decider, Packaging", "mailto:", "1 Mar 2015"):
        assert word in page.replace("\N{NO-BREAK SPACE}", " ")


def test_filters_and_search(client, world):
    role(world.anna, world.own)
    ben = contact(world.own, "Bén Çelik")
    gone, filed = contact(world.own, "Gone"), contact(world.own, "Filed")
    end_employment(actor=world.manager, employment=gone.employments.get(), until_on=gone.employments.get().from_on)
    archive_contact(actor=world.manager, contact=filed)

    assert people(client, world)[0] == ["Anna Berg", ben.name]
    assert people(client, world, name="celik BEN")[0] == [ben.name]
    assert people(client, world, role="decider")[0] == ["Anna Berg"]
    assert people(client, world, function="finance")[0] == []
    assert people(client, world, state="former")[0] == ["Gone"]
    assert people(client, world, state="archived")[0] == ["Filed"]
    assert len(people(client, world, state="all")[0]) == 4
    assert people(client, world, sort="-contact")[0] == [ben.name, "Anna Berg"]


def test_an_account_without_people_says_what_to_do(client, world):
    Contact.objects.all().delete()
    assert "Nobody is known there yet" in people(client, world)[1]


def test_a_person_is_added_with_their_post(client, world):
    address = reverse("relationships:add_contact", args=[world.own.pk])
    assert client.get(address).status_code == 200
    sent = {
        "name": "Dora Lind", "job_title": "Director", "function": "management", "level": "4", "from_on": "2016-01-15",
        "mails": "dora@example.org, assistant\n\nlind@example.org", "phones": "+46 8 1, mobile", "time_zone": "Europe/Stockholm",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302

    made = Contact.objects.get(name="Dora Lind")
    assert [str(point) for point in made.points.all()] == ["dora@example.org (assistant)", "lind@example.org", "+46 8 1 (mobile)"]
    assert made.employments.get().level == 4
    assert "Dora Lind" in people(client, world)[0]


def test_what_is_wrong_stands_at_its_field(client, world):
    address = reverse("relationships:add_contact", args=[world.own.pk])
    answer = client.post(address, {"name": "Dora", "mails": "nowhere"})
    assert answer.status_code == 422
    assert "nowhere is no e-mail address." in answer.context["form"].errors["mails"]
    assert client.post(address, {}).context["form"].errors["name"]


def test_a_contact_is_changed_archived_and_restored(client, world):
    edit = reverse("relationships:edit_contact", args=[world.anna.pk])
    form = client.get(edit).context["form"]
    assert form["phones"].value().endswith(", mobile")
    client.post(edit, {"name": "Anna Berg-Lund", "mails": form["mails"].value()})
    client.post(reverse("relationships:archive_contact", args=[world.anna.pk]))

    found = Contact.objects.get(pk=world.anna.pk)
    assert (found.name, found.points.count(), found.archived_by) == ("Anna Berg-Lund", 1, world.manager)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "archived" in page
    client.post(reverse("relationships:restore_contact", args=[world.anna.pk]))
    assert Contact.objects.get(pk=world.anna.pk).archived_at is None


def test_a_post_ends_and_another_begins(client, world):
    post = world.anna.employments.get()
    client.post(reverse("relationships:edit_post", args=[post.pk]), {"job_title": "Buyer", "from_on": "2015-03-01"})
    early = client.post(reverse("relationships:end_post", args=[post.pk]), {"until_on": "2014-01-01"})
    assert early.status_code == 422
    client.post(reverse("relationships:end_post", args=[post.pk]), {"until_on": "2016-05-31"})
    sent = {"account": f"Tailspin Toys (#{world.own.pk})", "job_title": "Head of buying", "from_on": "2016-06-01"}
    assert client.post(reverse("relationships:begin_post", args=[world.anna.pk]), sent).status_code == 302

    assert list(Employment.objects.filter(contact=world.anna).values_list("job_title", flat=True)) == ["Head of buying", "Buyer"]


def test_a_role_is_assigned_and_ended(client, world):
    sent = {"account": world.own.pk, "role": "gatekeeper", "category": "Toys", "from_on": "2016-05-31"}
    address = reverse("relationships:assign_role", args=[world.anna.pk])
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 422
    held = BuyingRole.objects.get()
    assert "Gatekeeper, Toys" in client.get(world.anna.get_absolute_url()).content.decode()
    for _ in range(2):
        assert client.post(reverse("relationships:end_role", args=[held.pk])).status_code == 302
    assert BuyingRole.objects.get().until_on is not None


def test_a_reader_is_offered_no_form_and_may_send_none(world, signed_in):
    reader = signed_in(user(Role.READ_ONLY, scope="all"))
    page = reader.get(reverse("relationships:people", args=[world.own.pk])).content.decode()
    assert "Add a person" not in page
    assert reader.post(reverse("relationships:add_contact", args=[world.own.pk]), {"name": "X"}).status_code == 403
    assert reader.post(reverse("relationships:archive_contact", args=[world.anna.pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_people_as_for_one(client, world, django_assert_num_queries, count):
    for _ in range(count - 1):
        contact(world.own)
    for person in Contact.objects.filter(employments__account=world.own):
        role(person, world.own, BuyingCenterRole.BUYER)
    address = reverse("relationships:people", args=[world.own.pk])
    with django_assert_num_queries(7):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_a_contact_takes_as_many_queries_for_three_roles_as_for_one(client, world, django_assert_num_queries, count):
    for kind in list(BuyingCenterRole)[:count]:
        role(world.anna, world.own, kind)
    with django_assert_num_queries(6):
        client.get(world.anna.get_absolute_url())
