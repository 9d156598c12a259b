"""People to sign in with."""

from itertools import count

from openkam.app.people.models import Membership, Team, User
from openkam.app.people.terms import Role, Scope

_numbers = count(1)


def user(
    role: Role = Role.ADMINISTRATOR,
    *,
    name: str = "",
    scope: Scope | str = "",
    reports_to: User | None = None,
    password: str = "",
    **fields: object,
) -> User:
    """A saved person who may sign in; the password is unusable unless given."""
    number = next(_numbers)
    person = User(
        email=f"person{number}@example.org", name=name or f"Person {number}", role=role, scope=scope, reports_to=reports_to
    )
    for field, value in fields.items():
        setattr(person, field, value)
    if password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    person.save()
    return person


def team(*members: User, name: str = "") -> Team:
    """A saved team of these people."""
    made = Team.objects.create(name=name or f"Team {next(_numbers)}")
    Membership.objects.bulk_create([Membership(team=made, user=member) for member in members])
    return made
