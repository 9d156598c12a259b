"""Pages about runs: the list, one run with its live progress, and the buttons on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.runs.models import Run
from openkam.app.runs.operations import RunIsOpenError, cancel_run, mark_lost_runs, start_again
from openkam.app.runs.permissions import kind_label, may_cancel, may_start_again
from openkam.app.runs.queries import again_runs, one_run, visible_runs
from openkam.app.runs.tables import RunFilter, RunTable, status_tag
from openkam.app.runs.terms import RunStatus
from openkam.app.ui.tables import paged


def reader_of(request: HttpRequest) -> User:
    """The signed-in person, if they may read at all."""
    person = person_of(request)
    require(person, Permission.READ)
    return person


@require_safe
def list_runs(request: HttpRequest) -> HttpResponse:
    """The runs that the person sees, newest first; whoever opens the list notices the lost ones."""
    person = reader_of(request)
    mark_lost_runs(timezone.now())
    found = RunFilter(request.GET, visible_runs(person), person)
    table = RunTable(found.qs)
    paged(request, table)
    shown = {
        "filter": found,
        "table": table,
        "count": table.paginator.count,
        "may_schedule": may(person, Permission.MANAGE_SETTINGS),
    }
    return render(request, "runs/list.html", shown)


def _shown(person: User, run: Run) -> dict[str, object]:
    return {
        "run": run,
        "kind_label": kind_label(run.kind),
        "status_tag": status_tag(run),
        "may_cancel": may_cancel(person, run),
        "may_start_again": may_start_again(person, run),
        "again": again_runs(person, run).first(),
    }


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: what was asked, how far it is, what came of it."""
    person = reader_of(request)
    return render(request, "runs/detail.html", _shown(person, get_object_or_404(one_run(person), pk=pk)))


@require_safe
@never_cache
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a run's page that changes while it works; the page asks for it again until the run has ended."""
    person = reader_of(request)
    return render(request, "runs/progress.html", _shown(person, get_object_or_404(one_run(person), pk=pk)))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a run: a queued one at once, a running one at its next report."""
    person = reader_of(request)
    run = cancel_run(actor=person, run=get_object_or_404(visible_runs(person), pk=pk))
    if run.status == RunStatus.CANCELLED:
        messages.success(request, "Cancelled.")
    elif run.is_open:
        messages.success(request, "It stops at its next step.")
    else:
        messages.warning(request, f"It had ended already: {RunStatus(run.status).label.lower()}.")
    return redirect("runs:detail", pk=pk)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the same once more."""
    person = reader_of(request)
    run = get_object_or_404(visible_runs(person), pk=pk)
    try:
        made = start_again(actor=person, run=run)
    except RunIsOpenError as error:
        messages.error(request, str(error))
        return redirect("runs:detail", pk=pk)
    messages.success(request, "It is in the queue again.")
    return redirect("runs:detail", pk=made.pk)
