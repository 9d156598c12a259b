"""Writes to the organisation: who may, what is refused, what the audit keeps."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from tests.factories.people import user

from openkam.app.audit.operations.restore import restore_value
from openkam.app.audit.queries import history_of
from openkam.app.people.models import Organisation, User
from openkam.app.people.operations.organisation import OrganisationDetails, change_organisation, found_workspace
from openkam.app.people.operations.users import AlreadyFounded
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db
FIRM = OrganisationDetails(name="Boutique François", currency="EUR", country="FR", fiscal_year_start_month=4)
PASSWORD = "quiet ledger, warm paper"


def test_an_administrator_describes_it_once_and_changes_it():
    administrator = user()
    made = change_organisation(actor=administrator, details=FIRM)
    change_organisation(actor=administrator, details=replace(FIRM, currency="CHF"), reason="We moved")
    change_organisation(actor=administrator, details=replace(FIRM, currency="CHF"))

    assert Organisation.objects.get().currency == "CHF"
    entries = history_of(administrator, made)
    assert [(entry.verb, entry.before.get("currency"), entry.after["currency"]) for entry in entries] == [
        ("described", "EUR", "CHF"),
        ("described", None, "EUR"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_changes_it(role: Role):
    change_organisation(actor=user(), details=FIRM)

    with pytest.raises(PermissionDenied):
        change_organisation(actor=user(role), details=replace(FIRM, name="Mine"))
    assert Organisation.objects.get().name == "Boutique François"
    reads_all = role == Role.HEAD
    assert bool(history_of(user(role), Organisation.objects.get())) is reads_all


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"currency": "DEM"}, "currency"),
        ({"currency": "euro"}, "currency"),
        ({"country": "fr"}, "country"),
        ({"fiscal_year_start_month": 2, "fiscal_year_start_day": 29}, "fiscal_year_start_day"),
        ({"fiscal_year_start_month": 4, "fiscal_year_start_day": 31}, "fiscal_year_start_day"),
        ({"fiscal_year_start_month": 13}, "fiscal_year_start_month"),
        ({"week_start": 3}, "week_start"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ],
)
def test_a_mistake_is_refused_by_field(changes: dict[str, object], field: str):
    change_organisation(actor=user(), details=FIRM)

    with pytest.raises(ValidationError) as refused:
        change_organisation(actor=user(), details=replace(FIRM, **changes))
    assert field in refused.value.message_dict
    assert Organisation.objects.get().name == "Boutique François"


def test_there_is_one_organisation():
    change_organisation(actor=None, details=FIRM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(pk=2, name="Another", currency="EUR")


def test_a_workspace_is_founded_whole_or_not_at_all():
    with pytest.raises(ValidationError):
        found_workspace(email="ada@example.org", name="Ada", password=PASSWORD, organisation=replace(FIRM, currency="???"))
    assert not User.objects.exists()
    found_workspace(email="ada@example.org", name="Ada", password=PASSWORD, organisation=FIRM)
    with pytest.raises(AlreadyFounded):
        found_workspace(email="eve@example.org", name="Eve", password=PASSWORD, organisation=replace(FIRM, name="Other"))
    assert Organisation.objects.get().name == "Boutique François"


def test_an_old_value_is_given_back_from_the_audit():
    administrator = user()
    made = change_organisation(actor=administrator, details=FIRM)
    change_organisation(actor=administrator, details=replace(FIRM, name="Misspelt"))
    entry = history_of(administrator, made)[0]

    restore_value(actor=administrator, entry=entry, field="name", reason="A slip")

    assert Organisation.objects.get().name == "Boutique François"
