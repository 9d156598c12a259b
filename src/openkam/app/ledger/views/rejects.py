"""The rejects desk: what is held back over all batches, and why."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.ledger.forms.search import RejectFilter
from openkam.app.ledger.operations.mending import begin_mending, mend_rows
from openkam.app.ledger.operations.rejects import export_rejects
from openkam.app.ledger.queries.history import batches
from openkam.app.ledger.queries.rejects import reject_counts, rejected_rows, rows_to_mend, totals
from openkam.app.ledger.terms import MOST_ROWS_MENDED, RefusedError
from openkam.app.ledger.views.access import actor_of
from openkam.app.ledger.views.batches import known_batch

ROWS_PER_PAGE = 50


def _filter(request: HttpRequest) -> RejectFilter:
    return RejectFilter(request.GET, sorted({line.source for line in batches(actor_of(request)) if line.rows_rejected}))


@require_safe
def list_rejects(request: HttpRequest) -> HttpResponse:
    """Counts by reason, column and file, and the rows themselves, page by page."""
    actor = actor_of(request)
    try:
        form = _filter(request)
        wanted = form.wanted()
        page = max(int(request.GET.get("page", "1")), 1) if request.GET.get("page", "1").isdecimal() else 1
        counts = reject_counts(actor, wanted)
        rows = rejected_rows(actor, wanted, most=ROWS_PER_PAGE + 1, skipped=(page - 1) * ROWS_PER_PAGE)
    except RefusedError as refused:
        return render(request, "ledger/rejects.html", {"refused": str(refused)})
    found = totals(counts)
    context = {
        "form": form,
        "shown_totals": (
            ("By reason", "reason", found.reasons),
            ("By column", "column", found.columns),
            ("By file", "file", found.files),
        ),
        "rows": rows[:ROWS_PER_PAGE],
        "page": page,
        "has_next": len(rows) > ROWS_PER_PAGE,
        "query": request.GET.urlencode(),
    }
    return render(request, "ledger/rejects.html", context)


@require_safe
def download(request: HttpRequest) -> HttpResponse | FileResponse:
    """The rejected rows that the filter finds, as CSV to be mended."""
    actor = actor_of(request)
    try:
        file = export_rejects(actor=actor, wanted=_filter(request).wanted())
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("ledger:rejects")
    return FileResponse(file, as_attachment=True, filename="held-back.csv", content_type="text/csv")


@require_POST
def import_mended(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Begin an import of a mended file, with the source, table and mapping of the batch."""
    actor = actor_of(request)
    draft = begin_mending(actor=actor, batch_id=known_batch(actor, batch_id).batch_id)
    messages.info(request, "Source, table and mapping are those of the first import: send the mended file.")
    return redirect("ledger:import-files", pk=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Mend held back rows on the page itself and import them again."""
    actor = actor_of(request)
    line = known_batch(actor, batch_id)
    rows = rows_to_mend(actor, batch_id)
    refused = ""
    if request.method == "POST":
        cells = {
            (index, place): request.POST[name]
            for index, row in enumerate(rows)
            for place, _ in enumerate(row.row)
            if (name := f"cell-{index}-{place}") in request.POST
        }
        left_out = {index for index in range(len(rows)) if f"leave-{index}" in request.POST}
        try:
            draft = mend_rows(actor=actor, batch_id=batch_id, cells=cells, left_out=left_out)
        except RefusedError as error:
            refused = str(error)
        else:
            return redirect("ledger:import-preview", pk=draft.pk)
    context = {"batch": line, "rows": rows, "refused": refused, "most": MOST_ROWS_MENDED}
    return render(request, "ledger/mend.html", context, status=422 if refused else 200)
