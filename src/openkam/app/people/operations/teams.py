"""Writes to teams and who is in them."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from openkam.app.people.models import Membership, Team, User
from openkam.app.people.operations.users import write_people_alone
from openkam.app.people.operations.written import announced
from openkam.app.people.permissions import Permission, require


@transaction.atomic
def create_team(*, actor: User, name: str, members: Collection[User] = (), leads: Collection[User] = ()) -> Team:
    """Make a team of these people; who leads is a member too."""
    require(actor, Permission.MANAGE_PEOPLE)
    team = Team(name=name)
    team.full_clean()
    with announced(actor=actor, verb="created", record=team):
        team.save()
    _set_members(actor, team, members, leads)
    return team


@transaction.atomic
def change_team(*, actor: User, team: Team, name: str, members: Collection[User], leads: Collection[User]) -> Team:
    """Give a team this name and exactly these members and leads."""
    require(actor, Permission.MANAGE_PEOPLE)
    write_people_alone()
    team = Team.objects.select_for_update().get(pk=team.pk)
    team.name = name
    team.full_clean()
    with announced(actor=actor, verb="changed", record=team):
        team.save()
    _set_members(actor, team, members, leads)
    return team


@transaction.atomic
def delete_team(*, actor: User, team: Team) -> None:
    """Remove a team that owns nothing any more."""
    require(actor, Permission.MANAGE_PEOPLE)
    write_people_alone()
    team = Team.objects.select_for_update().get(pk=team.pk)
    _set_members(actor, team, (), ())
    try:
        with announced(actor=actor, verb="deleted", record=team):
            team.delete()
    except ProtectedError as error:
        raise ValidationError(
            f"{team.name} still looks after {len(error.protected_objects)} records: give them to another team first."
        ) from error


def _set_members(actor: User, team: Team, members: Collection[User], leads: Collection[User]) -> None:
    leading = {person.pk for person in leads}
    wanted = {person.pk: person for person in (*members, *leads)}
    present = {membership.user_id: membership for membership in team.memberships.select_related("user", "team")}
    for user_id in present.keys() - wanted.keys():
        with announced(actor=actor, verb="removed", record=present[user_id]):
            present[user_id].delete()
    for user_id, person in wanted.items():
        membership = present.get(user_id) or Membership(team=team, user=person)
        membership.is_lead = user_id in leading
        with announced(actor=actor, verb="changed" if membership.pk else "added", record=membership):
            membership.save()
