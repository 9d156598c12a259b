"""The stage of the relation with one account, and the board of all."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.pickers import account_managers
from openkam.app.accounts.queries.scope import account
from openkam.app.people.models import User
from openkam.app.relationships.forms.stages import BoardForm, EvidenceForm, StageDecisionForm
from openkam.app.relationships.operations.stages import (
    demote_stage,
    measure_stage,
    promote_stage,
    return_to_stage,
    state_evidence,
    uncouple,
    withdraw_evidence,
)
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.exit_plans import open_exit_plan
from openkam.app.relationships.queries.loyalty import account_ladder
from openkam.app.relationships.queries.stage_board import stage_board
from openkam.app.relationships.queries.stages import stage_evidence as evidence_by_key
from openkam.app.relationships.queries.stages import stage_page
from openkam.app.relationships.terms import StageMove
from openkam.app.relationships.views.access import answered, editor, reader

TITLES = {
    StageMove.PROMOTION: "Promote it",
    StageMove.DEMOTION: "Move it down",
    StageMove.UNCOUPLING: "Uncouple",
    StageMove.RETURN: "Take it back",
}
DECIDE: dict[str, Callable[..., object]] = {
    StageMove.PROMOTION: promote_stage,
    StageMove.DEMOTION: demote_stage,
    StageMove.UNCOUPLING: uncouple,
    StageMove.RETURN: return_to_stage,
}


@require_safe
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Stage, gates with their evidence, what is missing, what was decided."""
    user = reader(request)
    found = account(user, pk)
    context = {
        "account": found,
        "page": stage_page(found, timezone.localdate()),
        "plan": open_exit_plan(found),
        "ladder": account_ladder(found, timezone.localdate()),
        "may_edit": may_edit(user),
    }
    return render(request, "relationships/stage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep evidence; `criterion` in the address chooses what it is about."""
    user = editor(request)
    found = account(user, pk)
    form = EvidenceForm(
        request.POST if request.method == "POST" else None, initial={"criterion": request.GET.get("criterion", "")}
    )
    return answered(
        request,
        form,
        write=lambda: state_evidence(actor=user, account=found, **form.cleaned_data),
        then=reverse("relationships:stage", args=[pk]),
        template="relationships/stage_form.html",
        context={"account": found, "title": "Show evidence", "submit": "Keep it"},
    )


@require_POST
def withdraw(request: HttpRequest, evidence: int) -> HttpResponse:
    """Let evidence count no more."""
    user = editor(request)
    found = evidence_by_key(user, evidence)
    try:
        withdraw_evidence(actor=user, evidence=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It counts no more. It stays on record.")
    return redirect("relationships:stage", pk=found.account_id)


@require_POST
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Measure anew what the records tell."""
    found = account(editor(request), pk)
    count = measure_stage(account=found, today=timezone.localdate())
    messages.success(request, f"{count} criteria were measured." if count != 1 else "One criterion was measured.")
    return redirect("relationships:stage", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Decide on the stage; what the evidence does not allow is refused with what is missing."""
    user = editor(request)
    found = account(user, pk)
    if kind not in TITLES:
        raise Http404("No such decision.")
    move = StageMove(kind)
    if move == StageMove.UNCOUPLING and open_exit_plan(found) is None:
        return redirect("relationships:edit_exit", pk=pk)
    return _decide(request, user, found, move)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The six stages side by side; a phone shows one of them."""
    user = reader(request)
    form = BoardForm(request.GET, managers=account_managers(user))
    given = form.cleaned_data if form.is_valid() else {}
    shown = stage_board(
        user,
        timezone.localdate(),
        manager=given.get("manager"),
        tier=given.get("tier", ""),
        chosen=given.get("stage", ""),
    )
    return render(request, "relationships/stages.html", {"board": shown, "form": form})


def _decide(request: HttpRequest, user: User, found: Account, move: StageMove) -> HttpResponse:
    page = stage_page(found, timezone.localdate())
    lower = page.lower if move == StageMove.DEMOTION else ()
    form = StageDecisionForm(request.POST if request.method == "POST" else None, lower=lower)
    return answered(
        request,
        form,
        write=lambda: DECIDE[move](actor=user, account=found, **form.cleaned_data),
        then=reverse("relationships:stage", args=[found.pk]),
        template="relationships/stage_form.html",
        context={"account": found, "title": TITLES[move], "submit": TITLES[move], "glance": page.glance, "move": move},
    )
