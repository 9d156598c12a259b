"""The people room stands below and cannot call the audit: what it announces is recorded here, and its history opened."""

from typing import Any

from django.db.models import Model, QuerySet
from django.dispatch import receiver
from django.urls import reverse

from openkam.app.audit.operations import record_write
from openkam.app.audit.permissions import register_history
from openkam.app.people import queries
from openkam.app.people.models import Organisation, Team, User
from openkam.app.people.operations.organisation import OrganisationDetails, change_organisation
from openkam.app.people.operations.users import change_user
from openkam.app.people.permissions import Permission, may
from openkam.app.people.signals import record_written

ORGANISATION_FIELDS = tuple(OrganisationDetails.__dataclass_fields__)
RESTORABLE = ("email", "name", "role", "scope", "reports_to_id", "level", "function", "hours_per_year", "time_zone")


@receiver(record_written)
def record_people(
    sender: type[Model],
    *,
    actor: User | None,
    verb: str,
    record: Model,
    before: dict[str, object],
    after: dict[str, object],
    reason: str,
    **kwargs: object,
) -> None:
    """Append one entry for a written person, team or membership, in the same transaction."""
    record_write(actor=actor, verb=verb, record=record, before=before, after=after, reason=reason)


def restore_person(*, actor: User, key: str, field: str, value: Any, reason: str) -> None:
    """Give a person an old value back, under all rules of a change."""
    person = queries.people(actor).get(pk=key)
    values = {name: getattr(person, name) for name in RESTORABLE} | {field: value}
    manager_id = values.pop("reports_to_id")
    reports_to = User.objects.filter(pk=manager_id).first() if manager_id else None
    change_user(actor=actor, user=person, reports_to=reports_to, reason=reason, **values)


def restore_organisation(*, actor: User, key: str, field: str, value: Any, reason: str) -> None:
    """Give the organisation an old value back, under all rules of a change."""
    kept = organisations_of(actor).get(pk=key)
    values = {name: getattr(kept, name) for name in ORGANISATION_FIELDS} | {field: value}
    change_organisation(actor=actor, details=OrganisationDetails(**values), reason=reason)


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisation, whose history is open to who may change it."""
    return Organisation.objects.all() if may(user, Permission.MANAGE_ORGANISATION) else Organisation.objects.none()


def teams_of(user: User) -> QuerySet[Team]:
    """The teams whose history a person may open: all for who manages people, else their own."""
    return queries.teams() if may(user, Permission.MANAGE_PEOPLE) else Team.objects.filter(memberships__user=user)


register_history(
    User,
    label="Person",
    visible_to=queries.people,
    address=lambda key: reverse("people:edit", args=[key]),
    restore=restore_person,
    restorable=RESTORABLE,
    permission=Permission.MANAGE_PEOPLE,
)
register_history(Team, visible_to=teams_of, address=lambda key: reverse("people:edit_team", args=[key]))
register_history(
    Organisation,
    visible_to=organisations_of,
    restore=restore_organisation,
    restorable=ORGANISATION_FIELDS,
    permission=Permission.MANAGE_ORGANISATION,
)
