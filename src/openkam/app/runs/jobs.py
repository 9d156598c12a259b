"""Work in the background. A room registers its job with `@job` in its own `jobs`; the worker takes one run at a time."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

import structlog
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet
from django_tasks_db.utils import exclusive_transaction

from openkam.analytics.terms import OpenKamError
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission
from openkam.app.runs.models import Run
from openkam.app.runs.operations import fire_due_schedules, mark_lost_runs
from openkam.app.runs.operations.execution import current_worker, worker_name
from openkam.app.runs.operations.progress import Progress, StopWork, Worker
from openkam.app.runs.permissions import RunKind, Work, register_kind
from openkam.app.runs.terms import TransientFaultError

__all__ = ["Progress", "StopWork", "TransientFaultError", "acting_person", "job", "run_worker"]

TEND_SECONDS = 5
KEEP_TASKS_DAYS = 7
logger = structlog.get_logger("openkam.runs")


def job(
    name: str, *, label: str, permission: Permission, max_attempts: int = 3, is_schedulable: bool = False
) -> Callable[[Work], Work]:
    """Register a function as the job of a kind of runs.

    It is called with a `Progress` and the run's parameters by keyword, and returns the outcome (what JSON can hold) or None. It may
    run more than once for one request (after a transient fault, or a worker that was stopped), so half of its work must not stay.
    """

    def register(work: Work) -> Work:
        register_kind(RunKind(name, label, permission, work, max_attempts, is_schedulable))
        return work

    return register


def acting_person(progress: Progress) -> User:
    """Who asked for the run; for a schedule who saved it last. Raises `OpenKamError` where nobody did, or may not sign in."""
    person = progress.actor
    if person is None:
        schedule_id = Run.objects.values_list("schedule_id", flat=True).get(pk=progress.run_id)
        entries = Entry.objects.filter(record_type="runs.schedule", record_key=str(schedule_id), verb="scheduled")
        entry = entries.select_related("actor").first()
        person = entry.actor if entry else None
    if person is None or not person.is_active:
        raise OpenKamError("This work acts for a person: save its schedule again, or ask for it by hand.")
    return person


def run_worker(stop: Event, *, poll_seconds: float = 1.0, until_idle: bool = False) -> None:
    """Take one run after the other until told to stop; watch schedules and lost runs in between.

    When `stop` is set, a job ends at its next report and its run goes back into the queue; a job that reports no more is finished
    first. `until_idle` returns as soon as nothing is ready.
    """
    worker = Worker(worker_name(), stop)
    tasks = TaskWorker(
        queue_names=["*"],
        interval=poll_seconds,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker.name,
        excluded_queue_names=[],
    )
    tended_at = -float("inf")
    logger.info("worker started", worker=worker.name)
    while not stop.is_set():
        close_old_connections()
        try:
            if monotonic() - tended_at >= TEND_SECONDS:
                tended_at = monotonic()
                _tend()
            found = _take_task(worker)
        except OperationalError as error:  # the database is busy or away: wait for it
            logger.warning("worker waits for the database", error=str(error))
            found = None
        if found is not None:
            token = current_worker.set(worker)
            tasks.run_task(found)
            current_worker.reset(token)
        elif until_idle:
            break
        else:
            stop.wait(poll_seconds)
    logger.info("worker stopped", worker=worker.name)
    close_old_connections()


def _tend() -> None:
    now = timezone.now()
    fire_due_schedules(now)
    mark_lost_runs(now)
    DBTaskResultQuerySet(DBTaskResult).finished().filter(finished_at__lt=now - timedelta(days=KEEP_TASKS_DAYS)).delete()


def _take_task(worker: Worker) -> "DBTaskResult[..., Any] | None":
    """The next task that is ready, claimed so that no other worker gets it."""
    ready = DBTaskResultQuerySet(DBTaskResult).ready()
    if not ready.exists():  # looking must not lock the database
        return None
    with exclusive_transaction():
        found = ready.get_locked()
        if found is not None:
            found.claim(worker.name)
    return found
