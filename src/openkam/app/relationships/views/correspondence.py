"""Mails and appointments: sending a file, what came of it, undoing it, and who was found in it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.operations.export import without_formula
from openkam.app.ledger.views.incoming import refusal
from openkam.app.relationships.forms.correspondence import AcceptForm, CorrespondenceForm, ReasonForm
from openkam.app.relationships.models import RefusedItem
from openkam.app.relationships.operations.correspondence import receive_correspondence, undo_correspondence
from openkam.app.relationships.operations.proposals import accept_proposal, ignore_proposal
from openkam.app.relationships.queries.correspondence import (
    count_lines,
    open_proposals,
    own_import,
    own_imports,
    proposal,
    refused_of,
)
from openkam.app.relationships.queries.mailboxes import own_mailboxes
from openkam.app.relationships.tables.correspondence import ImportTable, state_tag
from openkam.app.relationships.views.access import answered, editor
from openkam.app.ui.tables import paged

MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def correspondence(request: HttpRequest) -> HttpResponse:
    """The user's imports, and the form that begins one."""
    user = editor(request)
    is_sent = request.method == "POST"
    form = CorrespondenceForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if refused := refusal(request):
        form.add_error("file", refused)
    elif is_sent and form.is_valid():
        file, keeps = form.cleaned_data["file"], form.cleaned_data["keeps_subjects"]
        try:
            made = receive_correspondence(actor=user, name=file.name, chunks=file.chunks(), size=file.size, keeps_subjects=keeps)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("relationships:correspondence_import", brought_by=made.pk)
    table = ImportTable(own_imports(user))
    paged(request, table)
    context = {"form": form, "table": table, "count": table.paginator.count, "mailboxes": own_mailboxes(user)}
    return render(request, "relationships/correspondence.html", context, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, brought_by: int) -> HttpResponse:
    """What came of one import, and who was found in it."""
    user = editor(request)
    made = own_import(user, brought_by)
    refused = refused_of(user, made)
    context: dict[str, Any] = {
        "made": made,
        "state_tag": state_tag(made),
        "lines": count_lines(made.counts),
        "reasons": sorted(made.counts.get("reasons", {}).items()),
        "refused": refused[:MOST_SHOWN],
        "proposals": [] if made.undone_at else open_proposals(user, made)[:MOST_SHOWN],
        "may_undo": made.taken_in_at is not None and made.undone_at is None,
    }
    return render(request, "relationships/correspondence_import.html", context)


@require_safe
def download_refused(request: HttpRequest, brought_by: int) -> StreamingHttpResponse:
    """What was refused, as CSV; no cell is a formula."""
    user = editor(request)
    made = own_import(user, brought_by)
    rows = _csv(refused_of(user, made).iterator())
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{made.pk}.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, brought_by: int) -> HttpResponse:
    """Take a whole import back."""
    user = editor(request)
    made = own_import(user, brought_by)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    then = reverse("relationships:correspondence_import", args=[made.pk])
    return answered(
        request,
        form,
        write=lambda: undo_correspondence(actor=user, brought_by=made, reason=form.cleaned_data["reason"]),
        then=then,
        template="relationships/correspondence_undo.html",
        context={"made": made},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, proposed: int) -> HttpResponse:
    """Make a contact of somebody who was found."""
    user = editor(request)
    found = proposal(user, proposed)
    form = AcceptForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    return answered(
        request,
        form,
        write=lambda: accept_proposal(actor=user, proposal=found, name=form.cleaned_data["name"]),
        then=reverse("relationships:people", args=[found.account_id]),
        template="relationships/proposal.html",
        context={"proposal": found, "account": found.account},
    )


@require_POST
def ignore(request: HttpRequest, proposed: int) -> HttpResponse:
    """Propose somebody no more."""
    user = editor(request)
    found = proposal(user, proposed)
    try:
        ignore_proposal(actor=user, proposal=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{found.address} is proposed no more.")
    return redirect("relationships:correspondence")


class _Line:
    """What the CSV writer writes to: hands the line back."""

    def write(self, text: str) -> str:
        return text


def _csv(items: Iterator[RefusedItem]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(["place", "reason", "message id", "found"])
    for one in items:
        yield writer.writerow([one.place, *map(without_formula, (one.reason, one.key, one.found))])
