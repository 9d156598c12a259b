"""Writes to teams."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.factories.people import team, user

from openkam.app.audit.models import Entry
from openkam.app.people.models import Team
from openkam.app.people.operations.teams import change_team, create_team, delete_team
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


def members_of(a_team: Team) -> dict[str, bool]:
    return {str(membership.user): membership.is_lead for membership in a_team.memberships.select_related("user")}


def test_a_team_has_members_and_leads():
    administrator, ann, bob = user(), user(Role.MANAGER, name="Ann"), user(Role.MANAGER, name="Bob")

    made = create_team(actor=administrator, name="North", members=[bob], leads=[ann])

    assert members_of(made) == {"Ann": True, "Bob": False}
    assert [entry.verb for entry in Entry.objects.order_by("id")] == ["created", "added", "added"]


def test_a_change_keeps_who_stays():
    administrator, ann, bob, cleo = user(), user(name="Ann"), user(name="Bob"), user(name="Cleo")
    north = team(ann, bob, name="North")
    kept = north.memberships.get(user=ann)

    change_team(actor=administrator, team=north, name="North West", members=[ann, cleo], leads=[cleo])

    assert members_of(north) == {"Ann": False, "Cleo": True}
    assert north.memberships.get(user=ann) == kept
    verbs = list(Entry.objects.order_by("id").values_list("verb", "record_name"))
    assert verbs == [("changed", "North West"), ("removed", "Bob in North West"), ("added", "Cleo in North West")]


def test_a_name_is_used_once():
    administrator = user()
    team(name="North")

    with pytest.raises(ValidationError) as refused:
        create_team(actor=administrator, name="North")
    assert "name" in refused.value.message_dict


def test_a_team_is_deleted_with_its_memberships():
    administrator, ann = user(), user(name="Ann")
    north = team(ann, name="North")

    delete_team(actor=administrator, team=north)

    assert not Team.objects.exists()
    assert list(Entry.objects.order_by("id").values_list("verb", "record_name")) == [
        ("removed", "Ann in North"),
        ("deleted", "North"),
    ]


def test_only_administrators_write_teams():
    head, north = user(Role.HEAD), team(name="North")

    with pytest.raises(PermissionDenied):
        create_team(actor=head, name="South")
    with pytest.raises(PermissionDenied):
        change_team(actor=head, team=north, name="South", members=[head], leads=[])
    with pytest.raises(PermissionDenied):
        delete_team(actor=head, team=north)
    assert [(found.name, members_of(found)) for found in Team.objects.all()] == [("North", {})]
