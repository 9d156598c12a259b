"""The import's last steps: dry run and import by a worker, and what came of them."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.operations.drafts import is_running
from openkam.app.ledger.operations.imports import reopen_import, request_import
from openkam.app.ledger.queries.drafts import dry_run_rejects, files_are_there, imported_before, unmapped
from openkam.app.ledger.queries.history import batch
from openkam.app.ledger.terms import RefusedError, Step
from openkam.app.ledger.views.access import draft_of
from openkam.app.ledger.views.wizard import steps_of
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.runs.operations import cancel_run


def open_run(draft: ImportDraft) -> Run | None:
    """The draft's run that has not ended, if any."""
    return next((run for run in (draft.import_run, draft.dry_run) if is_running(run)), None)


def _page(request: HttpRequest, actor: User, draft: ImportDraft, refused: str = "") -> HttpResponse:
    ended = [run for run in (draft.import_run, draft.dry_run) if run is not None and not run.is_open]
    context = {
        "draft": draft,
        "run": open_run(draft),
        "last": max(ended, key=lambda run: run.pk, default=None),
        "has_rejects": dry_run_rejects(actor, draft) is not None,
        "before": imported_before(actor, draft),
        "missing": unmapped(draft),
        "refused": refused,
        "steps": steps_of(draft, Step.RUN),
    }
    return render(request, "ledger/import_run.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def run_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a dry run or the import, and see how far it is."""
    actor, draft = draft_of(request, pk)
    if draft.is_closed:
        return redirect("ledger:import-result", pk=pk)
    refused = ""
    if request.method == "POST":
        try:
            request_import(
                actor=actor,
                draft=draft,
                is_dry_run=request.POST.get("act") != "import",
                counts_again=request.POST.get("counts_again") == "on",
            )
        except RefusedError as error:
            refused = str(error)
        else:
            return redirect("ledger:import-run", pk=pk)
    elif not files_are_there(draft):
        return redirect("ledger:import-files", pk=pk)
    return _page(request, actor, draft, refused)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the open run is, to be put into the page; once it has ended the page is loaded anew."""
    _, draft = draft_of(request, pk)
    run = open_run(draft)
    if run is not None:
        return render(request, "ledger/import_progress.html", {"draft": draft, "run": run})
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = reverse("ledger:import-result" if draft.is_closed else "ledger:import-run", args=[pk])
    return answer


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the open run to stop."""
    actor, draft = draft_of(request, pk)
    if (run := open_run(draft)) is not None:
        cancel_run(actor=actor, run=run)
    return redirect("ledger:import-run", pk=pk)


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of the import: counts that add up, what was held back, and what to do next."""
    actor, draft = draft_of(request, pk)
    if not draft.is_closed:
        return redirect("ledger:import-run", pk=pk)
    outcome = draft.import_run.outcome if draft.import_run else {}
    context = {"draft": draft, "batch": batch(actor, draft.batch_id), "outcome": outcome}
    return render(request, "ledger/import_result.html", context)


@require_safe
def rejects_of_dry_run(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The rows that the last dry run held back, as CSV to be mended."""
    actor, draft = draft_of(request, pk)
    path = dry_run_rejects(actor, draft)
    if path is None:
        raise Http404("The dry run held nothing back.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"held-back-{draft.pk}.csv", content_type="text/csv")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the import up again after its batch was undone."""
    actor, draft = draft_of(request, pk)
    try:
        reopen_import(actor=actor, draft=draft)
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("ledger:import-result", pk=pk)
    return redirect("ledger:import-map", pk=pk)
