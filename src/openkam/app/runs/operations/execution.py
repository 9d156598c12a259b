"""Executing a run: take it, keep it alive, and turn whatever the job does into an outcome."""

import errno
import os
import random
import socket
from contextvars import ContextVar
from datetime import timedelta
from functools import cache
from importlib.metadata import version as installed_version
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskContext

from openkam.analytics.terms import OpenKamError
from openkam.app.runs.models import Run
from openkam.app.runs.operations.progress import Progress, Pulse, RunCancelled, RunTakenAway, Worker, WorkerStopping
from openkam.app.runs.permissions import UnknownKindError, kind_of
from openkam.app.runs.terms import FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS, RunStatus, TransientFaultError

TRANSIENT_ERRORS = frozenset(
    {errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.ETIMEDOUT, errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE, errno.ESTALE}
)
current_worker: ContextVar[Worker] = ContextVar("current_worker")
logger = structlog.get_logger("openkam.runs")


@cache
def code_version() -> str:
    """The installed version, kept with every run: the same ledger, programme and code give the same answer."""
    return installed_version("openkam")


def worker_name() -> str:
    """A name that no other worker has: the machine, the process, and chance for a process that takes over a number."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{os.urandom(4).hex()}"


def enqueue(run: Run, *, after_seconds: float = 0) -> None:
    """Put the run's task into the queue, in the transaction that writes the run."""
    due = timezone.now() + timedelta(seconds=after_seconds) if after_seconds else None
    run.task_id = UUID(execute_run.using(run_after=due).enqueue(run.pk).id)
    Run.objects.filter(pk=run.pk).update(task_id=run.task_id)


def retry_delay_seconds(attempt: int, chance: float) -> float:
    """How long to wait after a failed attempt (from 1): twice as long each time, and by chance (0 to 1) up to half of it less.

    The jitter keeps runs that failed together from coming back together.
    """
    longest = min(FIRST_RETRY_SECONDS * 2 ** (attempt - 1), LONGEST_RETRY_SECONDS)
    return longest * (1 - chance / 2)


def is_transient(error: BaseException) -> bool:
    """Whether an error may go away by itself: the database or the system was busy, or a job said so."""
    if isinstance(error, OSError):
        return error.errno in TRANSIENT_ERRORS
    return isinstance(error, TransientFaultError | OperationalError | InterfaceError)


@task(takes_context=True)
def execute_run(context: TaskContext, run_id: int) -> None:
    """Execute a run if its task still is this one and it is still queued; exactly one worker gets it."""
    worker = current_worker.get(None) or Worker(worker_name())
    now = timezone.now()
    queued = Run.objects.filter(pk=run_id, status=RunStatus.QUEUED, task_id=context.task_result.id)
    if not queued.update(status=RunStatus.RUNNING, worker=worker.name, started_at=now, heartbeat_at=now):
        return
    run = Run.objects.select_related("requested_by").get(pk=run_id)
    with structlog.contextvars.bound_contextvars(request_id=f"run-{run_id}"):
        _execute(run, Progress(run, worker))


def _execute(run: Run, progress: Progress) -> None:
    try:
        kind = kind_of(run.kind)
        with Pulse(progress):
            outcome = kind.work(progress, **run.parameters)
        _end(progress, RunStatus.DONE, outcome=dict(outcome or {}), progress_share=1.0)
    except RunCancelled:
        progress.log("Cancelled.")
        _end(progress, RunStatus.CANCELLED)
    except WorkerStopping:
        progress.log("The worker stops; another one starts this run from the beginning.")
        _requeue(run, progress)
    except RunTakenAway:
        logger.warning("run taken away", run=run.pk)
    except Exception as error:  # noqa: BLE001 - whatever a job raises is its run's outcome
        close_old_connections()
        _fail(run, progress, error)


def _fail(run: Run, progress: Progress, error: Exception) -> None:
    reason = _reason(run, error)
    attempts = 1 if isinstance(error, UnknownKindError) else kind_of(run.kind).max_attempts
    if is_transient(error) and run.attempt < attempts:
        wait = retry_delay_seconds(run.attempt, random.random())  # noqa: S311 - jitter, no secret
        progress.log(f"Attempt {run.attempt} of {attempts} failed: {reason} Trying again in {wait:.0f} s.")
        _requeue(run, progress, attempt=run.attempt + 1, after_seconds=wait)
        return
    logger.error("run failed", run=run.pk, kind=run.kind, exc_info=None if isinstance(error, OpenKamError) else error)
    progress.log(f"Failed: {reason}")
    _end(progress, RunStatus.FAILED, failure=reason)


def _reason(run: Run, error: Exception) -> str:
    """What the page says: a refusal in its own words, anything else with the way to its details."""
    if isinstance(error, OpenKamError | UnknownKindError | TransientFaultError):
        return str(error)
    return f"{type(error).__name__}: {error}. The server's log has the details under run-{run.pk}."


def _end(progress: Progress, status: RunStatus, **values: object) -> None:
    if not progress.end(status, **values):
        logger.warning("run was given up before it ended", run=progress.run_id, status=status)


def _requeue(run: Run, progress: Progress, *, attempt: int | None = None, after_seconds: float = 0) -> None:
    with transaction.atomic():
        queued = progress.end(
            RunStatus.QUEUED, attempt=attempt or run.attempt, worker="", started_at=None, heartbeat_at=None, progress_share=None
        )
        if queued:
            enqueue(run, after_seconds=after_seconds)
