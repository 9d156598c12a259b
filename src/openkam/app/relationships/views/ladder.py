"""The ladder of loyalty: of all accounts, and what is noted for one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.queries.scope import account
from openkam.app.people.permissions import Permission, may, person_of
from openkam.app.relationships.forms.loyalty import LoyaltyForm
from openkam.app.relationships.operations.ladder_places import request_reckoning
from openkam.app.relationships.operations.loyalty import note_loyalty, verify_recommendation, withdraw_loyalty
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.queries.loyalty import accounts_on, ladder_board, ladders_of, loyalty_evidence
from openkam.app.relationships.queries.quick_entry import colleagues_of
from openkam.app.relationships.tables.ladder import LadderTable
from openkam.app.relationships.terms import LadderRung
from openkam.app.relationships.views.access import answered, editor, reader
from openkam.app.ui.tables import paged


@require_safe
def ladder(request: HttpRequest) -> HttpResponse:
    """How many accounts stand on each rung, and which."""
    user = reader(request)
    chosen = request.GET.get("rung", "")
    today = timezone.localdate()
    table = LadderTable(accounts_on(user, chosen), ladders=lambda keys: ladders_of(keys, today))
    paged(request, table)
    context = {
        "board": ladder_board(user),
        "table": table,
        "rungs": LadderRung.choices,
        "chosen": chosen,
        "may_reckon": may(user, Permission.CONDUCT_REVIEW),
    }
    return render(request, "relationships/ladder.html", context)


@require_POST
def reckon(request: HttpRequest) -> HttpResponse:
    """Have the rungs of all accounts reckoned again."""
    run = request_reckoning(actor=person_of(request))
    messages.success(request, "All accounts are being reckoned; the run tells how far it is.")
    return redirect("runs:detail", pk=run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what speaks for a rung."""
    user = editor(request)
    found = account(user, pk)
    data = request.POST if request.method == "POST" else None
    form = LoyaltyForm(data, contacts=contacts_at(found), colleagues=colleagues_of(found, user))
    return answered(
        request,
        form,
        write=lambda: note_loyalty(actor=user, account=found, **form.cleaned_data),
        then=reverse("relationships:stage", args=[pk]),
        template="relationships/stage_form.html",
        context={"account": found, "title": "Note for the ladder", "submit": "Keep it"},
    )


@require_POST
def verify(request: HttpRequest, note: int) -> HttpResponse:
    """Say that a recommendation was made indeed."""
    user = editor(request)
    found = loyalty_evidence(user, note)
    try:
        verify_recommendation(actor=user, evidence=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The recommendation is verified.")
    return redirect("relationships:stage", pk=found.account_id)


@require_POST
def withdraw(request: HttpRequest, note: int) -> HttpResponse:
    """Let a note count no more."""
    user = editor(request)
    found = loyalty_evidence(user, note)
    withdraw_loyalty(actor=user, evidence=found)
    messages.success(request, "It counts no more. It stays on record.")
    return redirect("relationships:stage", pk=found.account_id)
