"""Schedules: due once a day at a time of a zone, whoever watches and however late."""

from datetime import datetime, time, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone
from tests.factories.people import user
from tests.factories.runs import work_off

from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role
from openkam.app.runs import permissions
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.operations import fire_due_schedules, remove_schedule, save_schedule, schedule_once
from openkam.app.runs.operations.schedules import NotSchedulableError, next_firing
from openkam.app.runs.permissions import UnknownKindError
from openkam.app.runs.terms import RunStatus

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def nightly(**fields: object) -> Schedule:
    """A schedule that is not saved yet."""
    values = {"kind": "test-echo", "title": "Nightly", "daily_at": time(2, 30), "time_zone": "Europe/Berlin"} | fields
    return Schedule(**values)


def saved(**fields: object) -> Schedule:
    return save_schedule(actor=user(), schedule=nightly(**fields))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-05-01 01:00", "2026-05-01 02:30"),
        ("2026-05-01 02:30", "2026-05-02 02:30"),
        ("2026-05-01 23:00", "2026-05-02 02:30"),
        ("2026-12-31 12:00", "2027-01-01 02:30"),
    ],
)
def test_the_next_firing_is_the_next_time_of_day(after: str, expected: str):
    instant = datetime.fromisoformat(after).replace(tzinfo=BERLIN)
    assert next_firing(nightly(), instant) == datetime.fromisoformat(expected).replace(tzinfo=BERLIN)


def test_a_time_that_a_day_skips_falls_as_much_later_and_once():
    before = datetime(2026, 3, 29, 1, 0, tzinfo=BERLIN)
    first = next_firing(nightly(), before)
    assert first.astimezone(BERLIN) == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)
    assert next_firing(nightly(), first).astimezone(BERLIN).date().isoformat() == "2026-03-30"


def test_a_time_that_a_day_has_twice_counts_once():
    first = next_firing(nightly(), datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN))
    second = next_firing(nightly(), first)
    assert (second - first).total_seconds() == 25 * 3600


def test_a_due_schedule_asks_for_its_run_once():
    schedule = saved(parameters={"word": "night"})
    assert fire_due_schedules(schedule.next_at - timedelta(seconds=1)) == 0
    assert fire_due_schedules(schedule.next_at) == 1
    assert fire_due_schedules(schedule.next_at) == 0
    run = Run.objects.get()
    assert (run.kind, run.title, run.parameters, run.schedule, run.requested_by) == (
        "test-echo",
        "Nightly",
        {"word": "night"},
        schedule,
        None,
    )
    assert run.status == RunStatus.QUEUED


def test_after_days_without_a_worker_it_asks_once_and_goes_on_as_before():
    schedule = saved()
    late = schedule.next_at + timedelta(days=9, hours=3)
    assert fire_due_schedules(late) == 1
    assert fire_due_schedules(late) == 0
    schedule.refresh_from_db()
    assert schedule.next_at == next_firing(schedule, late)
    assert schedule.last_fired_at == late


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once():
    now = timezone.now()
    for number in range(10):
        saved(title=f"Nightly {number}")
    Schedule.objects.update(next_at=now)
    together = Barrier(2)
    fired: list[int] = []

    def fire() -> None:
        together.wait()
        try:
            fired.append(fire_due_schedules(now))
        finally:
            connection.close()

    threads = [Thread(target=fire) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(fired) == 10
    assert Run.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_worker_fires_what_is_due_and_executes_it():
    saved(parameters={"word": "night"})
    Schedule.objects.update(next_at=timezone.now())
    work_off()
    assert Run.objects.get().outcome == {"word": "night"}


def test_a_schedule_that_is_switched_off_asks_for_nothing():
    schedule = saved(is_enabled=False)
    assert schedule.next_at is None
    assert fire_due_schedules(timezone.now() + timedelta(days=30)) == 0


def test_a_schedule_whose_kind_is_gone_moves_on_without_a_run(monkeypatch: pytest.MonkeyPatch):
    schedule = saved()
    monkeypatch.delitem(permissions._kinds, "test-echo")
    assert fire_due_schedules(schedule.next_at) == 0
    assert not Run.objects.exists()
    assert fire_due_schedules(schedule.next_at) == 0


def test_changes_are_recorded():
    head = user(Role.HEAD)
    schedule = save_schedule(actor=head, schedule=nightly())
    schedule.daily_at = time(4, 0)
    save_schedule(actor=head, schedule=schedule)
    remove_schedule(actor=head, schedule=schedule)
    assert [entry.verb for entry in Entry.objects.order_by("id")] == ["scheduled", "scheduled", "removed"]
    assert Entry.objects.order_by("id")[1].after["daily_at"] == "04:00:00"


def test_removing_a_schedule_keeps_its_runs():
    schedule = saved()
    fire_due_schedules(schedule.next_at)
    remove_schedule(actor=user(), schedule=schedule)
    assert Run.objects.get().schedule is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.TEAM_MEMBER, Role.READ_ONLY])
def test_who_may_not_change_settings_schedules_nothing(role: Role):
    with pytest.raises(PermissionDenied):
        save_schedule(actor=user(role), schedule=nightly())
    kept = saved()
    with pytest.raises(PermissionDenied):
        remove_schedule(actor=user(role), schedule=kept)
    assert Schedule.objects.get() == kept


def test_what_cannot_be_scheduled_is_refused():
    with pytest.raises(NotSchedulableError, match="start it by hand"):
        saved(kind="test-anyone")
    with pytest.raises(UnknownKindError):
        saved(kind="no-such")
    with pytest.raises(ValidationError, match="no time zone"):
        saved(time_zone="Mars/Olympus")
    assert not Schedule.objects.exists()


def test_what_the_site_needs_is_scheduled_once_and_people_have_the_last_word() -> None:
    made = schedule_once(kind="test-echo", daily_at=time(3, 30), time_zone="UTC")
    assert made is not None
    assert made.next_at is not None
    assert made.next_at > timezone.now()
    entry = Entry.objects.get(record_type="runs.schedule")
    assert (entry.actor_name, entry.verb) == ("System", "scheduled")
    assert schedule_once(kind="test-echo", daily_at=time(4), time_zone="UTC") is None
    made.is_enabled = False
    save_schedule(actor=user(), schedule=made)
    assert schedule_once(kind="test-echo", daily_at=time(4), time_zone="UTC") is None
    remove_schedule(actor=user(), schedule=made)
    assert schedule_once(kind="test-echo", daily_at=time(4), time_zone="UTC") is None
    assert not Schedule.objects.exists()
