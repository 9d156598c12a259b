"""What is kept longer than the firm's clocks say, and the clocks themselves."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.relationships.forms.rights import KeepForm, RetentionForm
from openkam.app.relationships.operations.retention import erase_due, keep_longer, set_clocks
from openkam.app.relationships.queries.retention import clocks as clocks_by_kind
from openkam.app.relationships.queries.retention import open_case, open_cases, visible_cases
from openkam.app.relationships.tables.retention import CaseTable
from openkam.app.relationships.terms import CaseState
from openkam.app.relationships.views.access import answered
from openkam.app.ui.tables import paged


def _answerer(request: HttpRequest) -> User:
    user = person_of(request)
    require(user, Permission.ANSWER_RIGHTS)
    return user


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """What is due, the longest first; or what was kept for a reason."""
    user = _answerer(request)
    shows_kept = request.GET.get("show") == "kept"
    found = visible_cases(user).filter(state=CaseState.KEPT) if shows_kept else open_cases(user)
    table = CaseTable(found)
    paged(request, table)
    context = {
        "table": table,
        "count": table.paginator.count,
        "shows_kept": shows_kept,
        "running": [clock for clock in clocks_by_kind().values() if clock.months],
        "may_set": may(user, Permission.MANAGE_SETTINGS),
    }
    return render(request, "relationships/retention.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def clocks(request: HttpRequest) -> HttpResponse:
    """How long each kind of record is kept."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    form = RetentionForm(request.POST if request.method == "POST" else None, clocks=clocks_by_kind())

    def write() -> None:
        set_clocks(actor=user, months=form.months, goes_by_itself=form.cleaned_data["goes_by_itself"])
        messages.success(request, "Set. The next nightly run lists what is due.")

    return answered(
        request,
        form,
        write=write,
        then=reverse("relationships:retention"),
        template="relationships/retention_form.html",
        context={"title": "Clocks of retention", "submit": "Set them"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, case: int) -> HttpResponse:
    """Keep something longer, for a reason, until a day."""
    user = _answerer(request)
    found = open_case(user, case)
    form = KeepForm(request.POST if request.method == "POST" else None)
    return answered(
        request,
        form,
        write=lambda: keep_longer(actor=user, case=found, **form.cleaned_data),
        then=reverse("relationships:retention"),
        template="relationships/retention_form.html",
        context={"title": "Keep longer", "lead": str(found), "submit": "Keep it"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, case: int) -> HttpResponse:
    """Remove what is due, after a question; a person on their own page."""
    user = _answerer(request)
    found = open_case(user, case)
    if found.contact_id is not None:
        return redirect("relationships:erase_contact", contact=found.contact_id)
    if request.method == "POST":
        try:
            count = erase_due(actor=user, case=found)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{count} record{'' if count == 1 else 's'} removed.")
        return redirect("relationships:retention")
    return render(request, "relationships/erase_case.html", {"case": found})
