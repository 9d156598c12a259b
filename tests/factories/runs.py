"""Jobs for tests of the runs room, and runs of them."""

import errno
import time
from datetime import timedelta
from threading import Event

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openkam.analytics.terms import OpenKamError
from openkam.app.people.models import Team, User
from openkam.app.people.permissions import Permission
from openkam.app.runs.jobs import Progress, TransientFaultError, job, run_worker
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run


@job("test-echo", label="Echo", permission=Permission.CONDUCT_REVIEW, is_schedulable=True)
def echo(progress: Progress, **parameters: object) -> dict[str, object]:
    """Says what it was asked."""
    progress.report("Listening", 0.5)
    progress.log("Heard something")
    progress.used_ledger_version(7)
    return parameters


@job("test-anyone", label="Anyone's", permission=Permission.READ)
def anyones(progress: Progress) -> None:
    """What everybody may ask for."""


@job("test-refuse", label="Refuse", permission=Permission.READ)
def refuse(progress: Progress) -> None:
    """Finds a mistake of the user."""
    raise OpenKamError("Column “Kunde” of orders.csv is missing: add it to the mapping.")


@job("test-crash", label="Crash", permission=Permission.READ)
def crash(progress: Progress) -> None:
    """Has a mistake of its own."""
    progress.report("Dividing")
    raise ZeroDivisionError("division by zero")


@job("test-unspeakable", label="Unspeakable", permission=Permission.READ)
def unspeakable(progress: Progress) -> dict[str, object]:
    """Returns what no JSON holds."""
    return {"progress": progress}


@job("test-transient", label="Transient", permission=Permission.READ, max_attempts=3)
def transient(progress: Progress, *, times: int) -> dict[str, object]:
    """Fails so many times for a reason that goes away."""
    if progress.attempt <= times:
        raise TransientFaultError("The bank did not answer.")
    return {"attempt": progress.attempt}


@job("test-full-disk", label="Full disk", permission=Permission.READ)
def full_disk(progress: Progress) -> None:
    """Fails for a reason that stays."""
    raise OSError(errno.ENOSPC, "No space left on device")


@job("test-wait", label="Wait", permission=Permission.READ)
def wait(progress: Progress) -> None:
    """Reports until it is told to end, and swallows every exception."""
    while True:
        try:
            progress.report("Waiting", 0.1)
            time.sleep(0.02)
        except Exception:  # noqa: BLE001 - shows that no job can swallow its end
            pass


@job("test-wait-for-team", label="Wait for a team", permission=Permission.READ)
def wait_for_team(progress: Progress) -> dict[str, object]:
    """Waits until there is a team."""
    while not (found := Team.objects.first()):
        progress.report("Waiting")
        time.sleep(0.02)
    return {"name": found.name}


@job("test-silent", label="Silent", permission=Permission.READ)
def silent(progress: Progress, *, seconds: float) -> None:
    """Works without a report."""
    time.sleep(seconds)


@job("test-team", label="Team", permission=Permission.READ)
def make_team(progress: Progress, *, name: str) -> None:
    """Leaves a row for each time it ran; fails if it ran before."""
    Team.objects.create(name=name)


def queued(kind: str, actor: User | None = None, **parameters: object) -> Run:
    """A run in the queue."""
    return request_run(actor=actor, kind=kind, title=f"A run of {kind}", parameters=parameters)


def work_off() -> None:
    """One worker takes whatever is ready."""
    run_worker(Event(), until_idle=True)


def let_time_pass(run: Run, seconds: float) -> None:
    """Put the run's times, and its task's, into the past."""
    past = timedelta(seconds=seconds)
    run.refresh_from_db()
    moved = {
        name: getattr(run, name) - past for name in ("queued_at", "started_at", "heartbeat_at") if getattr(run, name) is not None
    }
    Run.objects.filter(pk=run.pk).update(**moved)
    tasks = DBTaskResult.objects.filter(pk=run.task_id)
    for task in tasks:
        tasks.update(run_after=min(task.run_after, timezone.now()) - past, started_at=task.started_at and task.started_at - past)
    run.refresh_from_db()
