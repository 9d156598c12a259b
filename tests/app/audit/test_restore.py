"""The way back to an old value: through the owning room's operation, with its permission, scope and audit."""

import pytest
from django.core.exceptions import PermissionDenied
from tests.factories.people import team, user

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import RestoreRefusedError, recorded, restore_value
from openkam.app.people.models import Team, User
from openkam.app.people.terms import Function, Level, Role

pytestmark = pytest.mark.django_db


def changed(person: User, **values: object) -> Entry:
    """The entry of a change to a person."""
    with recorded(actor=None, verb="changed", record=person):
        for field, value in values.items():
            setattr(person, field, value)
        person.save()
    return Entry.objects.latest("id")


def test_a_restored_value_is_there_again_and_the_way_back_is_recorded_too():
    administrator, person = user(), user(Role.MANAGER, hours_per_year=1200)
    entry = changed(person, hours_per_year=0)

    restore_value(actor=administrator, entry=entry, field="hours_per_year", reason="A slip")

    person.refresh_from_db()
    assert person.hours_per_year == 1200
    restored = Entry.objects.latest("id")
    assert (restored.actor, restored.before, restored.after, restored.reason) == (
        administrator,
        {"hours_per_year": 0},
        {"hours_per_year": 1200},
        "A slip",
    )


@pytest.mark.parametrize(("field", "value"), [("level", Level.EXECUTIVE), ("function", Function.FINANCE)])
def test_level_and_function_are_kept_and_restored(field, value):
    person = user(Role.MANAGER, **{field: value})
    entry = changed(person, **{field: None if field == "level" else ""})
    restore_value(actor=user(), entry=entry, field=field)
    person.refresh_from_db()
    assert getattr(person, field) == value
    assert person.hours_per_year == 0


def test_a_restore_without_a_reason_names_the_entry_it_went_back_to():
    person = user(Role.MANAGER, name="Ada")
    entry = changed(person, name="Bo")
    restore_value(actor=user(), entry=entry, field="name")
    assert Entry.objects.latest("id").reason == f"Restored from entry {entry.pk}"


def test_a_link_to_another_record_is_restored():
    head, person = user(Role.HEAD), user(Role.MANAGER)
    person.reports_to = head
    person.save()
    restore_value(actor=user(), entry=changed(person, reports_to=None), field="reports_to_id")
    person.refresh_from_db()
    assert person.reports_to == head


def test_the_rules_of_the_owning_room_hold():
    administrator, person = user(), user(Role.MANAGER)
    entry = changed(person, reports_to=user(), role=Role.HEAD)
    entry = changed(person, reports_to=None)
    first = User.objects.get(pk=entry.before["reports_to_id"])
    first.reports_to = person
    first.save()
    with pytest.raises(RestoreRefusedError, match="reports to"):
        restore_value(actor=administrator, entry=entry, field="reports_to_id")
    person.refresh_from_db()
    assert person.reports_to is None


def test_a_role_without_the_act_restores_nothing():
    person = user(Role.MANAGER, hours_per_year=1200)
    entry = changed(person, hours_per_year=0)
    with pytest.raises(PermissionDenied):
        restore_value(actor=user(Role.HEAD), entry=entry, field="hours_per_year")
    person.refresh_from_db()
    assert person.hours_per_year == 0


def test_what_no_room_can_restore_is_refused():
    renamed = team(name="North")
    with recorded(actor=None, verb="renamed", record=renamed):
        renamed.name = "South"
        renamed.save()
    with pytest.raises(RestoreRefusedError, match="cannot be restored here"):
        restore_value(actor=user(), entry=Entry.objects.get(), field="name")
    assert Team.objects.get().name == "South"


def test_an_entry_that_did_not_change_the_field_has_nothing_to_go_back_to():
    entry = changed(user(Role.MANAGER, name="Ada"), name="Bo")
    with pytest.raises(RestoreRefusedError, match="did not change"):
        restore_value(actor=user(), entry=entry, field="hours_per_year")


def test_a_secret_can_never_be_restored():
    person = user(Role.MANAGER, password="first secret")
    entry = changed(person, name="Bo")
    with pytest.raises(RestoreRefusedError):
        restore_value(actor=user(), entry=entry, field="password")
