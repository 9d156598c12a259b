"""Decisions of a round: made, listed, and closed with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.people.permissions import Permission
from openkam.app.selection.forms.rounds import ClosingForm, DecisionForm
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.rounds import close_round
from openkam.app.selection.permissions import may_decide
from openkam.app.selection.queries.candidates import baseline_candidates, clear_candidates, undecided_candidates
from openkam.app.selection.queries.rounds import visible_decisions
from openkam.app.selection.tables import DecisionTable
from openkam.app.selection.terms import Choice, RefusedError, Tier
from openkam.app.selection.views.access import access
from openkam.app.ui.tables import paged

ROWS_PER_PAGE = 50
SHOWN_ACCOUNTS = 200


@require_safe
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided in the round, newest first."""
    found = access(request, pk)
    table = DecisionTable(visible_decisions(found.user, found.round))
    paged(request, table, per_page=ROWS_PER_PAGE)
    context = {"round": found.round, "table": table, "may_decide": may_decide(found.user) and found.round.is_open}
    return render(request, "selection/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about the accounts sent; without any, about the clear ones, all at once."""
    found = access(request, pk, Permission.DECIDE_SELECTION)
    sent = request.POST.getlist("accounts")
    if sent:
        meant = [pk for pk in sent if pk.isdecimal()][:2000]
        offered = baseline_candidates(found.user, found.round).filter(account_id__in=meant)
    else:
        offered = clear_candidates(found.user, found.round)
    allowed = [pk for pk in offered.values_list("account_id", flat=True) if pk]
    form = DecisionForm(request.POST if request.method == "POST" else None, accounts=allowed, initial={"choice": Choice.APPROVE})
    if form.is_valid():
        data = form.cleaned_data
        verdict = Verdict(
            choice=Choice(data["choice"]),
            valid_from=data["valid_from"],
            tier=Tier(data["tier"]) if data["tier"] else None,
            reason=data["reason"],
            valid_until=data["valid_until"],
        )
        try:
            made = decide(actor=found.user, selection_round=found.round, account_ids=data["accounts"], verdict=verdict)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{len(made)} decided." if len(made) > 1 else f"{made[0].account}: decided.")
            return redirect("selection:round", pk=pk)
    shown = list(baseline_candidates(found.user, found.round).filter(account_id__in=allowed)[:SHOWN_ACCOUNTS])
    context = {
        "round": found.round,
        "form": form,
        "candidates": shown,
        "count": len(allowed),
        "hidden_count": len(allowed) - len(shown),
        "submit": Choice(form.data["choice"]).label if form.data.get("choice") in Choice.values else Choice.APPROVE.label,
        "is_bulk": not sent or len(allowed) > 1,
    }
    return render(request, "selection/decide.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the round for good, once confirmed."""
    found = access(request, pk, Permission.DECIDE_SELECTION)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            close_round(actor=found.user, selection_round=found.round, reason=form.cleaned_data["reason"])
        except RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{found.round} is closed.")
        return redirect("selection:round", pk=pk)
    context = {
        "round": found.round,
        "form": form,
        "cancel": reverse("selection:round", args=[pk]),
        "open_count": undecided_candidates(found.user, found.round).count(),
    }
    return render(request, "selection/close.html", context)
