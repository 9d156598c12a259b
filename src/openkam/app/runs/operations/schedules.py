"""Schedules: what is asked for every day, once, whoever watches the clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.utils import timezone as clock

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.runs import queries
from openkam.app.runs.models import Schedule
from openkam.app.runs.operations.requests import request_run
from openkam.app.runs.permissions import UnknownKindError, kind_of

logger = structlog.get_logger("openkam.runs")


class NotSchedulableError(Exception):
    """Runs of this kind are asked for by people only."""


def next_firing(schedule: Schedule, after: datetime) -> datetime:
    """The first instant after another at which the schedule is due.

    A time that a day skips, when clocks go forward, falls as much later; one that a day has twice counts the first time.
    """
    zone = ZoneInfo(schedule.time_zone)
    day = after.astimezone(zone).date()
    instants = (datetime.combine(day + timedelta(days=days), schedule.daily_at, tzinfo=zone).astimezone(UTC) for days in range(3))
    return next(instant for instant in instants if instant > after)


@transaction.atomic
def save_schedule(*, actor: User, schedule: Schedule, reason: str = "") -> Schedule:
    """Make or change a schedule; from now on it is due at its next time of day. Raises `ValidationError`, `NotSchedulableError`."""
    require(actor, Permission.MANAGE_SETTINGS)
    kind = kind_of(schedule.kind)
    require(actor, kind.permission)
    if not kind.is_schedulable:
        raise NotSchedulableError(f"{kind.label} cannot be scheduled: start it by hand.")
    schedule.full_clean()
    with recorded(actor=actor, verb="scheduled", record=schedule, reason=reason):
        schedule.next_at = next_firing(schedule, clock.now()) if schedule.is_enabled else None
        schedule.save()
    return schedule


@transaction.atomic
def schedule_once(*, kind: str, daily_at: time, time_zone: str) -> Schedule | None:
    """Schedule what the site itself needs, unless it ever was: who changes, switches off or removes it has the last word."""
    wanted = kind_of(kind)
    label = Schedule._meta.label_lower
    if Schedule.objects.filter(kind=kind).exists() or Entry.objects.filter(record_type=label, before__kind=kind).exists():
        return None
    schedule = Schedule(kind=kind, title=wanted.label, daily_at=daily_at, time_zone=time_zone)
    schedule.full_clean()
    with recorded(actor=None, verb="scheduled", record=schedule, reason="The site needs it"):
        schedule.next_at = next_firing(schedule, clock.now())
        schedule.save()
    return schedule


@transaction.atomic
def remove_schedule(*, actor: User, schedule: Schedule) -> None:
    """Remove a schedule; its runs stay."""
    require(actor, Permission.MANAGE_SETTINGS)
    with recorded(actor=actor, verb="removed", record=schedule):
        schedule.delete()


def fire_due_schedules(now: datetime) -> int:
    """Ask for the run of every schedule that is due, once however late and whoever else does the same; returns how many."""
    return sum(_fire(schedule, now) for schedule in list(queries.due_schedules(now)))


@transaction.atomic
def _fire(schedule: Schedule, now: datetime) -> bool:
    # Whoever moves the time on asks for the run: nobody else finds the old time any more.
    unfired = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at, is_enabled=True)
    if not unfired.update(next_at=next_firing(schedule, now), last_fired_at=now):
        return False
    try:
        request_run(actor=None, kind=schedule.kind, title=schedule.title, parameters=schedule.parameters, schedule=schedule)
    except UnknownKindError as error:
        logger.warning("schedule asks for what nobody can do", schedule=schedule.pk, error=str(error))
        return False
    return True
