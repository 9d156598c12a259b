"""The audit as a whole, one record's history, the way back to an old value, and the export."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.audit.forms import RestoreForm
from openkam.app.audit.models import Entry
from openkam.app.audit.operations import RestoreRefusedError, restore_value
from openkam.app.audit.queries import described, entries, entry_of, record_history
from openkam.app.audit.tables import EntryFilter, EntryTable
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.ui.terms import csv_lines

ENTRIES_PER_PAGE = 50
HISTORY_PER_PAGE = 25
EXPORT_COLUMNS = ("at", "who", "verb", "record_type", "record_key", "record", "field", "before", "after", "reason", "request")


def found_entries(request: HttpRequest) -> tuple[User, EntryFilter]:
    """The reader, who may read the audit, and what they filtered; anybody else gets the 403 page."""
    person = person_of(request)
    require(person, Permission.READ_AUDIT)
    return person, EntryFilter(request.GET, queryset=entries(person))


@require_safe
def list_entries(request: HttpRequest) -> HttpResponse:
    """The audit, newest first."""
    person, found = found_entries(request)
    page = Paginator(found.qs, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "filter": found,
        "page": page,
        "count": page.paginator.count,
        "table": EntryTable(described(person, list(page))),
        "may_export": may(person, Permission.EXPORT),
    }
    return render(request, "audit/list.html", shown)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All entries that match the filter as CSV, one row for each changed field."""
    person, found = found_entries(request)
    require(person, Permission.EXPORT)
    return StreamingHttpResponse(
        csv_lines(EXPORT_COLUMNS, export_rows(found.qs)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def export_rows(found: QuerySet[Entry]) -> Iterator[tuple[object, ...]]:
    """Values as they were stored: an export is for machines."""
    for entry in found.iterator(chunk_size=1000):
        for field in sorted(entry.before.keys() | entry.after.keys()) or [""]:
            yield (
                entry.at,
                entry.actor_name,
                entry.verb,
                entry.record_type,
                entry.record_key,
                entry.record_name,
                field,
                entry.before.get(field),
                entry.after.get(field),
                entry.reason,
                entry.request_id,
            )


@require_safe
def record(request: HttpRequest, record_type: str, record_key: str) -> HttpResponse:
    """What happened to one record; 404 for a record the person may not open, and for one that nothing happened to."""
    person = person_of(request)
    page = Paginator(record_history(person, record_type, record_key), HISTORY_PER_PAGE).get_page(request.GET.get("page"))
    history = described(person, list(page))
    if not history:
        raise Http404
    shown = {"page": page, "history": history, "latest": history[0], "may_read_audit": may(person, Permission.READ_AUDIT)}
    return render(request, "audit/record.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Give a record an old value back, after a question."""
    person = person_of(request)
    try:
        entry = entry_of(person, pk)
    except Entry.DoesNotExist as missing:
        raise Http404 from missing
    change = next((change for change in described(person, [entry])[0].changes if change.field == field), None)
    if change is None:
        raise Http404
    form = RestoreForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            restore_value(actor=person, entry=entry, field=field, reason=form.cleaned_data["reason"])
        except RestoreRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{change.label} of {entry.record_name} is {change.before} again.")
            return redirect("audit:record", record_type=entry.record_type, record_key=entry.record_key)
    shown = {"entry": entry, "change": change, "form": form}
    return render(request, "audit/restore.html", shown, status=422 if form.errors else 200)
