"""Writes to the organisation: described at the first run, changed by an administrator afterwards."""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.people import queries
from openkam.app.people.models import Organisation, User
from openkam.app.people.operations.users import create_first_administrator, write_people_alone
from openkam.app.people.operations.written import announced
from openkam.app.people.permissions import Permission, require
from openkam.app.people.terms import WeekStart


@dataclass(frozen=True, slots=True)
class OrganisationDetails:
    """What the firm says of itself; `country` is ISO 3166-1 alpha-2, `currency` ISO 4217, `week_start` as `date.weekday()`."""

    name: str
    currency: str
    legal_name: str = ""
    country: str = ""
    fiscal_year_start_month: int = 1
    fiscal_year_start_day: int = 1
    week_start: int = WeekStart.MONDAY
    time_zone: str = ""


@transaction.atomic
def found_workspace(*, email: str, name: str, password: str, organisation: OrganisationDetails) -> User:
    """The first run: the administrator and the organisation, both or neither. Raises `AlreadyFounded` and `ValidationError`."""
    founder = create_first_administrator(email=email, name=name, password=password)
    _describe(actor=founder, details=organisation, reason="First run")
    return founder


@transaction.atomic
def change_organisation(*, actor: User | None, details: OrganisationDetails, reason: str = "") -> Organisation:
    """Change what the firm says of itself; raises `ValidationError` by field. Nothing that is stored already is counted anew.

    `actor` is None for the command, whose user owns the workspace.
    """
    if actor:
        require(actor, Permission.MANAGE_ORGANISATION)
    return _describe(actor=actor, details=details, reason=reason)


def _describe(*, actor: User | None, details: OrganisationDetails, reason: str) -> Organisation:
    write_people_alone()
    if details.currency not in queries.reporting_currencies():
        raise ValidationError({"currency": f"{details.currency!r} is no ISO 4217 currency in use: give a code such as EUR."})
    record = Organisation.objects.select_for_update().first() or Organisation()
    for field, value in asdict(details).items():
        setattr(record, field, value)
    record.full_clean()
    with announced(actor=actor, verb="described", record=record, reason=reason):
        record.save()
    return record
