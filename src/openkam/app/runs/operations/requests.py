"""Asking for a run, cancelling it, starting it again."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import require
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.operations.execution import code_version, enqueue
from openkam.app.runs.permissions import kind_of, may_cancel
from openkam.app.runs.terms import RunStatus


class RunIsOpenError(Exception):
    """The run has not ended yet."""


def request_run(
    *,
    actor: User | None,
    kind: str,
    title: str,
    parameters: Mapping[str, object],
    schedule: Schedule | None = None,
    again_of: Run | None = None,
) -> Run:
    """Ask for a run. `actor` is None when a schedule asks.

    The run and its task in the queue are one transaction: a worker sees both once it is committed, or neither.
    """
    known = kind_of(kind)
    if actor is not None:
        require(actor, known.permission)
    run = Run(
        kind=kind,
        title=title,
        parameters=dict(parameters),
        requested_by=actor,
        schedule=schedule,
        again_of=again_of,
        code_version=code_version(),
    )
    with recorded(actor=actor, verb="requested", record=run):
        run.save()
        enqueue(run)
    return run


@transaction.atomic
def cancel_run(*, actor: User, run: Run) -> Run:
    """Cancel a queued run at once, ask a running one to stop at its next report; one that has ended stays as it is."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.is_open:
        return run
    if not may_cancel(actor, run):
        raise PermissionDenied("Only who asked for a run, or who may change settings, can cancel it.")
    with recorded(actor=actor, verb="cancelled", record=run):
        run.cancel_asked_at = run.cancel_asked_at or timezone.now()
        if run.status == RunStatus.QUEUED:
            run.status, run.finished_at = RunStatus.CANCELLED, run.cancel_asked_at
        run.save(update_fields=["cancel_asked_at", "status", "finished_at"])
    return run


def start_again(*, actor: User, run: Run) -> Run:
    """Ask for the same once more, as a new run: what the old one came to stays on record. Raises `RunIsOpenError`."""
    run.refresh_from_db(fields=["status"])
    if run.is_open:
        raise RunIsOpenError("The run has not ended: cancel it first.")
    return request_run(actor=actor, kind=run.kind, title=run.title, parameters=run.parameters, again_of=run)
