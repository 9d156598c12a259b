"""Runs whose worker has died say so, and can be started again."""

from datetime import datetime

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from openkam.app.runs import queries
from openkam.app.runs.models import Run
from openkam.app.runs.terms import RunStatus

FAILURE = "The worker went silent: it was killed, or its machine stopped. Nothing is known of the work after the last report."


def mark_lost_runs(now: datetime) -> int:
    """Mark as lost every run without a sign of life, and return how many; several may call it at once."""
    if not queries.silent_runs(now).exists():
        return 0
    with transaction.atomic():
        # Locking a row asks again whether it is silent: its worker may have been heard of since.
        silent = list(queries.silent_runs(now).select_for_update(skip_locked=True).only("pk", "task_id"))
        Run.objects.filter(pk__in=[run.pk for run in silent]).update(status=RunStatus.LOST, finished_at=now, failure=FAILURE)
        tasks = DBTaskResult.objects.filter(pk__in=[run.task_id for run in silent if run.task_id])
        tasks.filter(status=TaskResultStatus.RUNNING).update(status=TaskResultStatus.FAILED, finished_at=now)
    return len(silent)
