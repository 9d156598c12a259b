"""Batches: every import ever made, and the way to take one back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.ledger.forms.search import BatchFilter
from openkam.app.ledger.forms.sources import ReasonForm
from openkam.app.ledger.operations.imports import undo_batch
from openkam.app.ledger.queries.drafts import draft_of_batch
from openkam.app.ledger.queries.history import BatchLine, batch, batches, narrowed
from openkam.app.ledger.tables import BatchTable
from openkam.app.ledger.terms import RefusedError
from openkam.app.ledger.views.access import actor_of, sent
from openkam.app.people.models import User
from openkam.app.ui.tables import paged

BATCHES_PER_PAGE = 50


@require_safe
def list_batches(request: HttpRequest) -> HttpResponse:
    """All batches, newest first."""
    actor = actor_of(request)
    context: dict[str, object] = {}
    try:
        every = batches(actor)
        form = BatchFilter(request.GET, sorted({line.source for line in every}))
        wanted = narrowed(every, form.wanted())
        table = BatchTable(wanted)
        paged(request, table, per_page=BATCHES_PER_PAGE)
        context = {"table": table, "form": form, "count": len(wanted), "is_empty": not every}
    except RefusedError as refused:
        context = {"refused": str(refused)}
    return render(request, "ledger/batches.html", context)


def known_batch(actor: User, batch_id: str) -> BatchLine:
    """The batch of that id; 404 without one."""
    found = batch(actor, batch_id)
    if found is None:
        raise Http404("The ledger has no such batch.")
    return found


@require_safe
def show(request: HttpRequest, batch_id: str) -> HttpResponse:
    """One batch: its counts, its files, what was held back."""
    actor = actor_of(request)
    line = known_batch(actor, batch_id)
    draft = draft_of_batch(actor, batch_id)
    outcome = draft.import_run.outcome if draft and draft.import_run else {}
    return render(
        request, "ledger/import_result.html", {"batch": line, "draft": draft, "outcome": outcome, "is_batch_page": True}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Take a whole import back, with a reason."""
    actor = actor_of(request)
    line = known_batch(actor, batch_id)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            version = undo_batch(actor=actor, batch_id=batch_id, reason=form.cleaned_data["reason"])
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"The batch is undone; the ledger is at version {version}.")
            return redirect("ledger:batch", batch_id=batch_id)
    return render(request, "ledger/batch_undo.html", {"batch": line, "form": form}, status=422 if form.errors else 200)
