"""An administrator's pages about teams."""

import pytest
from tests.factories.people import team, user

from openkam.app.people.models import Membership, Team
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


def test_no_team_yet_says_what_to_do(signed_in):
    assert "No team yet" in signed_in(user()).get("/people/teams/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(signed_in, django_assert_num_queries, number: int):
    client = signed_in(user())
    for _ in range(number):
        team(user(name="Ann"), user(name="Bob"))

    with django_assert_num_queries(6):  # session, person, count, teams, memberships, people
        assert b"Ann" in client.get("/people/teams/").content


def test_a_team_is_made_changed_and_deleted(signed_in):
    ann, bob = user(Role.MANAGER, name="Ann"), user(Role.MANAGER, name="Bob")
    client = signed_in(user())

    client.post("/people/teams/create/", {"name": "North", "members": [ann.pk], "leads": [bob.pk]})
    made = Team.objects.get()
    assert set(made.memberships.values_list("user__name", "is_lead")) == {("Ann", False), ("Bob", True)}

    form = client.get(f"/people/teams/{made.pk}/").context["form"]
    assert (set(form.initial["members"]), form.initial["leads"]) == ({ann.pk, bob.pk}, [bob.pk])
    client.post(f"/people/teams/{made.pk}/", {"name": "South", "members": [ann.pk]})
    assert list(made.memberships.values_list("user__name", "team__name")) == [("Ann", "South")]

    assert client.get(f"/people/teams/{made.pk}/delete/").status_code == 200
    client.post(f"/people/teams/{made.pk}/delete/")
    assert not Team.objects.exists()


def test_a_name_taken_is_said_beside_the_field(signed_in):
    team(name="North")
    other = team(name="South")
    client = signed_in(user())

    for address in ("/people/teams/create/", f"/people/teams/{other.pk}/"):
        response = client.post(address, {"name": "North"})
        assert (response.status_code, "name" in response.context["form"].errors) == (422, True)


def test_whoever_left_stays_until_taken_out(signed_in):
    gone = user(Role.MANAGER, name="Gone", is_active=False)
    north = team(gone)

    form = signed_in(user()).get(f"/people/teams/{north.pk}/").context["form"]

    assert gone in form.fields["members"].queryset
    assert gone not in signed_in(user()).get("/people/teams/create/").context["form"].fields["members"].queryset


@pytest.mark.parametrize("role", [Role.HEAD, Role.MANAGER, Role.READ_ONLY])
def test_nobody_else_writes_teams(signed_in, role: Role):
    person, north = user(role), team(name="North")
    client = signed_in(person)

    for address in ("/people/teams/create/", f"/people/teams/{north.pk}/", f"/people/teams/{north.pk}/delete/"):
        assert client.post(address, {"name": "Mine", "members": [person.pk]}).status_code == 403
    assert (Team.objects.get().name, Membership.objects.count()) == ("North", 0)
