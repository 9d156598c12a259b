"""Reads: the runs a person sees, and the schedules."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.permissions import sees_all_runs
from openkam.app.runs.terms import LOST_AFTER_SECONDS, RunStatus


def visible_runs(user: User) -> QuerySet[Run]:
    """The runs a person sees, newest first, without their logs: all of them, or those they asked for."""
    runs = Run.objects.select_related("requested_by").defer("log")
    return runs if sees_all_runs(user) else runs.filter(requested_by=user.pk)


def one_run(user: User) -> QuerySet[Run]:
    """The runs a person sees, with their logs and what they came from: to pick one."""
    return visible_runs(user).defer(None).select_related("requested_by", "schedule", "again_of")


def again_runs(user: User, run: Run) -> QuerySet[Run]:
    """The runs that repeat a run, as far as the person sees them."""
    return visible_runs(user).filter(again_of=run)


def schedules(user: User) -> QuerySet[Schedule]:
    """All schedules, for who may change settings."""
    require(user, Permission.MANAGE_SETTINGS)
    return Schedule.objects.all()


def due_schedules(now: datetime) -> QuerySet[Schedule]:
    """What is switched on and should have been asked for by now."""
    return Schedule.objects.filter(is_enabled=True, next_at__lte=now)


def silent_runs(now: datetime) -> QuerySet[Run]:
    """Runs whose worker has died: running without a sign of life, or queued with nothing left in the queue that would start them."""
    cutoff = now - timedelta(seconds=LOST_AFTER_SECONDS)
    still_to_come = Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.RUNNING, started_at__gte=cutoff)
    has_task = Exists(DBTaskResult.objects.filter(still_to_come, pk=OuterRef("task_id")))
    return Run.objects.filter(
        Q(status=RunStatus.RUNNING, heartbeat_at__lt=cutoff) | Q(~has_task, status=RunStatus.QUEUED, queued_at__lt=cutoff)
    )
