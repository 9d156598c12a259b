"""Writes to people. Only an administrator writes another person's record, and one administrator always remains."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from openkam.app.people import queries
from openkam.app.people.models import User
from openkam.app.people.operations.sessions import end_sessions
from openkam.app.people.operations.written import announced
from openkam.app.people.permissions import Permission, require
from openkam.app.people.terms import Function, Level, Role, Scope

PEOPLE_LOCK = 0x6F6B_7065
"""The key under which PostgreSQL lets one writer of people in at a time."""


class AlreadyFounded(Exception):  # noqa: N818 - nothing went wrong
    """There is an administrator already, so there is no first one to make."""


def write_people_alone() -> None:
    """Let no other transaction write people until this one ends.

    Rules over all people (an administrator remains, no ring of managers) hold only if nobody else writes between check and write.
    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PEOPLE_LOCK])


@transaction.atomic
def create_first_administrator(*, email: str, name: str, password: str) -> User:
    """Make the administrator of a new workspace; raises `AlreadyFounded` when there is one, whoever came first."""
    write_people_alone()
    if queries.any_administrator():
        raise AlreadyFounded
    return _make(actor=None, user=User(email=email, name=name, role=Role.ADMINISTRATOR), password=password, reason="First run")


@transaction.atomic
def create_user(
    *,
    actor: User | None,
    email: str,
    name: str,
    role: Role,
    scope: Scope | str = "",
    reports_to: User | None = None,
    level: Level | None = None,
    function: Function | str = "",
    hours_per_year: int = 0,
    time_zone: str = "",
    password: str = "",
    reason: str = "",
) -> User:
    """Make a person; without a password they come in by a sign-in link. Raises `ValidationError` by field.

    `actor` is None for the command, whose user owns the workspace.
    """
    if actor:
        require(actor, Permission.MANAGE_PEOPLE)
    write_people_alone()
    user = User(
        email=email,
        name=name,
        role=role,
        scope=scope,
        reports_to=reports_to,
        level=level,
        function=function,
        hours_per_year=hours_per_year,
        time_zone=time_zone,
    )
    return _make(actor=actor, user=user, password=password, reason=reason)


def _make(*, actor: User | None, user: User, password: str, reason: str) -> User:
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise ValidationError({"password": error.messages}) from error
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.email = User.objects.normalize_email(user.email)
    user.full_clean()
    with announced(actor=actor, verb="created", record=user, reason=reason):
        user.save()
    return user


@transaction.atomic
def change_user(
    *,
    actor: User,
    user: User,
    email: str,
    name: str,
    role: Role,
    scope: Scope | str,
    reports_to: User | None,
    level: Level | None,
    function: Function | str,
    hours_per_year: int,
    time_zone: str,
    reason: str = "",
) -> User:
    """Change a person's record. Raises `ValidationError` for a ring of managers or the loss of the last administrator."""
    require(actor, Permission.MANAGE_PEOPLE)
    write_people_alone()
    user = User.objects.select_for_update().get(pk=user.pk)
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(user, field="role")
    _refuse_ring(user, reports_to)
    is_address_new = user.email.lower() != email.lower()
    user.email, user.name, user.role, user.scope = User.objects.normalize_email(email), name, role, scope
    user.level, user.function = level, function
    user.reports_to, user.hours_per_year, user.time_zone = reports_to, hours_per_year, time_zone
    user.full_clean()
    with announced(actor=actor, verb="changed", record=user, reason=reason):
        user.save()
    if is_address_new:
        # The sign-in keeps addresses of its own; the old one must open nothing any more.
        EmailAddress.objects.filter(user=user).delete()
    return user


@transaction.atomic
def deactivate_user(*, actor: User, user: User, reason: str = "") -> User:
    """Take away the right to sign in and end every session; the record stays, since others point to it."""
    require(actor, Permission.MANAGE_PEOPLE)
    write_people_alone()
    user = User.objects.select_for_update().get(pk=user.pk)
    _keep_an_administrator(user)
    user.is_active = False
    with announced(actor=actor, verb="deactivated", record=user, reason=reason):
        user.save(update_fields=["is_active"])
    end_sessions(user)
    return user


@transaction.atomic
def reactivate_user(*, actor: User, user: User, reason: str = "") -> User:
    """Give the right to sign in back."""
    require(actor, Permission.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = True
    with announced(actor=actor, verb="reactivated", record=user, reason=reason):
        user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def change_preferences(*, actor: User, name: str, time_zone: str) -> User:
    """Change what a person decides about themselves, and nothing else."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    user.name, user.time_zone = name, time_zone
    user.full_clean()
    with announced(actor=actor, verb="changed own preferences of", record=user):
        user.save(update_fields=["name", "time_zone"])
    return user


def _keep_an_administrator(user: User, field: str | None = None) -> None:
    """Raise when the person is the last administrator who may sign in."""
    if user.role == Role.ADMINISTRATOR and user.is_active and not queries.administrators().exclude(pk=user.pk).exists():
        message = f"{user.name} is the only administrator: make somebody else one first."
        raise ValidationError({field: message} if field else message)


def _refuse_ring(user: User, reports_to: User | None) -> None:
    """Raise when a person would, by however many steps, report to themselves."""
    if reports_to and reports_to.pk in queries.subordinate_ids(user):
        raise ValidationError(
            {"reports_to": f"{reports_to.name} reports to {user.name} already, directly or through others: choose somebody else."}
        )
