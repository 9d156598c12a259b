"""Opens the history of runs and schedules, and lets a schedule's old values be restored."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from openkam.app.audit.permissions import register_history
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.operations import save_schedule
from openkam.app.runs.queries import schedules, visible_runs

RESTORABLE = ("title", "kind", "parameters", "daily_at", "time_zone", "is_enabled")


def visible_schedules(user: User) -> QuerySet[Schedule]:
    """The schedules whose history a person may open: all of them, or none."""
    return schedules(user) if may(user, Permission.MANAGE_SETTINGS) else Schedule.objects.none()


def restore_schedule(*, actor: User, key: str, field: str, value: Any, reason: str) -> None:
    """Give a schedule an old value back, under all rules of a change."""
    schedule = schedules(actor).get(pk=key)
    setattr(schedule, field, value)
    save_schedule(actor=actor, schedule=schedule, reason=reason)


register_history(Run, visible_to=visible_runs, address=lambda key: reverse("runs:detail", args=[key]))
register_history(
    Schedule,
    visible_to=visible_schedules,
    address=lambda key: reverse("runs:schedule", args=[key]),
    restore=restore_schedule,
    restorable=RESTORABLE,
    permission=Permission.MANAGE_SETTINGS,
)
