"""Rounds: the list, one round, why one account is in or out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.selection.forms.rounds import DecisionForm, RoundForm
from openkam.app.selection.operations.rounds import start_round
from openkam.app.selection.permissions import may_change_programme, may_conduct, may_decide
from openkam.app.selection.queries import rounds as queries
from openkam.app.selection.queries.explanation import explanation
from openkam.app.selection.tables import RoundTable
from openkam.app.selection.terms import RefusedError
from openkam.app.selection.views.access import access
from openkam.app.selection.views.what_if import work_context
from openkam.app.ui.tables import paged

ROWS_PER_PAGE = 25


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds, and the one that is being conducted."""
    user = person_of(request)
    require(user, Permission.READ)
    table = RoundTable(queries.rounds(user))
    paged(request, table, per_page=ROWS_PER_PAGE)
    return render(
        request,
        "selection/rounds.html",
        {
            "table": table,
            "run": queries.open_review_run(user),
            "may_conduct": may_conduct(user),
            "may_change_programme": may_change_programme(user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start a round."""
    user = person_of(request)
    require(user, Permission.CONDUCT_REVIEW)
    form = RoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            start_round(actor=user, **form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The review was asked for: its round appears here once it is done.")
            return redirect("selection:rounds")
    return render(request, "selection/start.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def round_(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: constraints, ranked candidates, what was decided."""
    found = access(request, pk)
    return render(request, "selection/round.html", work_context(request, found.user, found.scenario))


@require_safe
def explanation_(request: HttpRequest, pk: int, candidate: int) -> HttpResponse:
    """Why one account is in or out, as a drawer, or as a page of its own."""
    found = access(request, pk)
    why = explanation(found.user, found.scenario, candidate)
    account_id = why.candidate.account_id
    can_decide = may_decide(found.user) and found.round.is_open and found.scenario.is_baseline
    context = {
        "why": why,
        "round": found.round,
        "scenario": found.scenario,
        "form": DecisionForm(accounts=[account_id]) if can_decide and account_id is not None else None,
        "may_try": may_conduct(found.user) and found.round.is_open,
    }
    is_drawer = request.headers.get("HX-Target") == "drawer"
    return render(request, f"selection/{'explanation_drawer' if is_drawer else 'explanation'}.html", context)
