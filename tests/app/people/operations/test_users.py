"""Writes to people: who may, what stays true, what the audit keeps."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.audit.queries import history_of
from openkam.app.people.models import User
from openkam.app.people.operations.users import (
    AlreadyFounded,
    change_preferences,
    change_user,
    create_first_administrator,
    create_user,
    deactivate_user,
    reactivate_user,
)
from openkam.app.people.terms import Role, Scope

pytestmark = pytest.mark.django_db
PASSWORD = "quiet ledger, warm paper"


def details(person: User, **changes: object) -> dict[str, object]:
    """A person's record as the form sends it, with changes."""
    names = ("email", "name", "role", "scope", "reports_to", "level", "function", "hours_per_year", "time_zone")
    return {name: getattr(person, name) for name in names} | changes


def test_the_first_administrator_can_sign_in():
    made = create_first_administrator(email="Ada@Example.org", name="Ada", password=PASSWORD)

    assert (made.role, made.email, made.check_password(PASSWORD)) == (Role.ADMINISTRATOR, "Ada@example.org", True)


def test_there_is_one_first_administrator():
    create_first_administrator(email="ada@example.org", name="Ada", password=PASSWORD)

    with pytest.raises(AlreadyFounded):
        create_first_administrator(email="eve@example.org", name="Eve", password=PASSWORD)
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "1234567890", "ada@example.org"])
def test_a_weak_password_is_refused_by_name(password: str):
    with pytest.raises(ValidationError) as refused:
        create_first_administrator(email="ada@example.org", name="Ada", password=password)
    assert list(refused.value.message_dict) == ["password"]
    assert not User.objects.exists()


def test_an_administrator_makes_a_person_who_has_no_password_yet():
    administrator = user()

    made = create_user(actor=administrator, email="max@example.org", name="Max", role=Role.MANAGER, reason="Joined in May")

    (entry,) = history_of(administrator, made)
    assert not made.has_usable_password()
    assert (entry.actor, entry.verb, entry.reason) == (administrator, "created", "Joined in May")
    assert entry.after["role"] == "manager"
    assert "password" not in entry.after


@pytest.mark.parametrize("email", ["MAX@example.org", "nonsense", ""])
def test_an_address_must_be_one_and_new(email: str):
    administrator = user()
    user(email="max@example.org")

    with pytest.raises(ValidationError):
        create_user(actor=administrator, email=email, name="Max", role=Role.MANAGER)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_write_other_people(role: Role):
    user()
    actor, other = user(role), user(Role.MANAGER, name="Other")

    with pytest.raises(PermissionDenied):
        create_user(actor=actor, email="new@example.org", name="New", role=Role.ADMINISTRATOR)
    with pytest.raises(PermissionDenied):
        change_user(actor=actor, user=actor, **details(actor, role=Role.ADMINISTRATOR))
    with pytest.raises(PermissionDenied):
        deactivate_user(actor=actor, user=other)
    with pytest.raises(PermissionDenied):
        reactivate_user(actor=actor, user=other)
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1
    assert not Entry.objects.exists()


def test_a_change_is_kept_with_what_was_before():
    administrator, person = user(), user(Role.MANAGER, name="Max")

    change_user(actor=administrator, user=person, **details(person, role=Role.HEAD, hours_per_year=800), reason="Promoted")

    (entry,) = history_of(administrator, person)
    assert entry.before == {"role": "manager", "hours_per_year": 0}
    assert entry.after == {"role": "head", "hours_per_year": 800}
    assert entry.reason == "Promoted"


def test_nothing_changed_leaves_no_entry():
    administrator, person = user(), user(Role.MANAGER)

    change_user(actor=administrator, user=person, **details(person))

    assert not Entry.objects.exists()


def test_the_last_administrator_stays_one():
    administrator = user()
    user(is_active=False)  # may not sign in, so does not count

    with pytest.raises(ValidationError, match="only administrator"):
        change_user(actor=administrator, user=administrator, **details(administrator, role=Role.HEAD))
    with pytest.raises(ValidationError, match="only administrator"):
        deactivate_user(actor=administrator, user=administrator)
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active) == (Role.ADMINISTRATOR, True)


def test_one_of_two_administrators_may_leave():
    first, second = user(), user()

    deactivate_user(actor=first, user=second, reason="Left the firm")

    second.refresh_from_db()
    assert not second.is_active


def test_a_ring_of_managers_is_refused():
    administrator, head = user(), user(Role.HEAD, name="Head")
    middle = user(Role.HEAD, name="Middle", reports_to=head)
    low = user(Role.MANAGER, name="Low", reports_to=middle)

    for whom in (head, middle, low):
        with pytest.raises(ValidationError) as refused:
            change_user(actor=administrator, user=head, **details(head, reports_to=whom))
        assert "reports_to" in refused.value.message_dict
    head.refresh_from_db()
    assert head.reports_to is None


def test_a_new_address_closes_the_old_one():
    administrator, person = user(), user(Role.MANAGER, email="old@example.org")
    EmailAddress.objects.create(user=person, email="old@example.org", primary=True, verified=True)

    change_user(actor=administrator, user=person, **details(person, email="new@example.org"))

    assert not EmailAddress.objects.filter(user=person).exists()


def test_whoever_is_deactivated_is_signed_out_everywhere(signed_in):
    administrator, person = user(), user(Role.MANAGER)
    client = signed_in(person)
    key = client.session.session_key
    UserSession.objects.create(user=person, ip="127.0.0.1", user_agent="Test", session_key=key)

    deactivate_user(actor=administrator, user=person)
    reactivate_user(actor=administrator, user=person)

    assert not client.session.exists(key)
    assert not UserSession.objects.exists()


def test_people_change_their_own_name_and_zone_only():
    person = user(Role.MANAGER, scope=Scope.OWN)

    change_preferences(actor=person, name="Maximilian", time_zone="Europe/Berlin")

    person.refresh_from_db()
    assert (person.name, person.time_zone, person.role) == ("Maximilian", "Europe/Berlin", Role.MANAGER)
    with pytest.raises(ValidationError, match="no time zone"):
        change_preferences(actor=person, name="Max", time_zone="Mars/Base")


def test_the_audit_of_people_cannot_be_changed():
    create_first_administrator(email="ada@example.org", name="Ada", password=PASSWORD)

    for statement in ("UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Entry.objects.get().verb == "created"
