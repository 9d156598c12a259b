"""The history of runs and schedules: open to who sees them, and a schedule's old values come back."""

from datetime import time

import pytest
from django.core.exceptions import PermissionDenied
from tests.factories.people import user
from tests.factories.runs import queued

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import RestoreRefusedError, restore_value
from openkam.app.audit.queries import described, entries, history_of
from openkam.app.people.terms import Role
from openkam.app.runs.models import Schedule
from openkam.app.runs.operations import save_schedule

pytestmark = pytest.mark.django_db


def test_a_person_reads_the_history_of_the_runs_they_see():
    manager = user(Role.MANAGER)
    own, other = queued("test-anyone", manager), queued("test-anyone", user())
    assert len(history_of(manager, own)) == 1
    assert not history_of(manager, other)
    assert [entry.record_key for entry in entries(manager)] == [str(own.pk)]
    (shown,) = described(manager, list(entries(manager)))
    assert shown.record_address == f"/runs/{own.pk}/"


def moved() -> tuple[Schedule, Entry]:
    """A schedule that was moved from half past two to four, and the entry of that."""
    schedule = save_schedule(
        actor=user(), schedule=Schedule(kind="test-echo", title="Nightly", daily_at=time(2, 30), time_zone="Europe/Berlin")
    )
    schedule.daily_at = time(4, 0)
    return save_schedule(actor=user(), schedule=schedule), Entry.objects.latest("id")


def test_a_schedule_gets_its_old_time_back_and_is_due_then():
    schedule, entry = moved()
    due = schedule.next_at
    restore_value(actor=user(Role.HEAD), entry=entry, field="daily_at", reason="Too late")
    schedule.refresh_from_db()
    assert schedule.daily_at == time(2, 30)
    assert schedule.next_at != due
    assert Entry.objects.latest("id").reason == "Too late"


def test_who_may_not_change_settings_restores_and_reads_nothing():
    schedule, entry = moved()
    analyst = user(Role.ANALYST)
    with pytest.raises(PermissionDenied):
        restore_value(actor=analyst, entry=entry, field="daily_at")
    assert not history_of(analyst, schedule)
    assert not entries(analyst).exists()


def test_when_a_schedule_is_due_next_is_not_restored():
    _, entry = moved()
    with pytest.raises(RestoreRefusedError):
        restore_value(actor=user(), entry=entry, field="next_at")
