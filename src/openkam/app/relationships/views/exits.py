"""Leaving an account in good order."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import account
from openkam.app.relationships.forms.stages import ExitPlanForm, ExitRiskForm, ExitValueForm, SettleValueForm
from openkam.app.relationships.models import ExitPlan
from openkam.app.relationships.operations.exit_plans import answer_risk, draw_exit_plan, expect_value, name_risk, settle_value
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.exit_plans import exit_page, exit_risk, exit_value, open_exit_plan
from openkam.app.relationships.queries.quick_entry import colleagues_of
from openkam.app.relationships.queries.stages import stage_record
from openkam.app.relationships.views.access import answered, editor, reader


@require_safe
def exit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan and where it stands."""
    user = reader(request)
    found = account(user, pk)
    page = exit_page(user, found, timezone.localdate())
    context = {
        "account": found,
        "page": page,
        "is_uncoupling": stage_record(found).stage.value == "uncoupling",
        "today": timezone.localdate(),
        "may_edit": may_edit(user),
    }
    return render(request, "relationships/exit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the plan, or change it."""
    user = editor(request)
    found = account(user, pk)
    plan = open_exit_plan(found)
    initial: dict[str, Any] = {"owner": plan.owner_id if plan else found.manager_id}
    if plan:
        initial |= {"reason": plan.reason, "ends_on": plan.ends_on}
    form = ExitPlanForm(_data(request), colleagues=colleagues_of(found, user), initial=initial)
    write = lambda: draw_exit_plan(actor=user, account=found, **form.cleaned_data)  # noqa: E731
    return _answered(request, found, form, write, "Change the exit plan" if plan else "Draw an exit plan")


@require_http_methods(["GET", "HEAD", "POST"])
def add_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Something is to come back."""
    user = editor(request)
    found = account(user, pk)
    plan, form = _plan(found), ExitValueForm(_data(request))
    return _answered(
        request, found, form, lambda: expect_value(actor=user, plan=plan, **form.cleaned_data), "Add what is to come back"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, value: int) -> HttpResponse:
    """Say what came back."""
    user = editor(request)
    found = exit_value(user, value)
    initial = {"recovered": found.recovered, "given_up_because": found.given_up_because}
    form = SettleValueForm(_data(request), initial=initial)
    write = lambda: settle_value(actor=user, value=found, **form.cleaned_data)  # noqa: E731
    return _answered(request, found.plan.account, form, write, f"What came back: {found.name}")


@require_http_methods(["GET", "HEAD", "POST"])
def add_risk(request: HttpRequest, pk: int) -> HttpResponse:
    """Something could go wrong."""
    user = editor(request)
    found = account(user, pk)
    plan, form = _plan(found), ExitRiskForm(_data(request), colleagues=colleagues_of(found, user))
    return _answered(request, found, form, lambda: name_risk(actor=user, plan=plan, **form.cleaned_data), "Name a risk")


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, risk: int) -> HttpResponse:
    """Say who looks after a risk, and how."""
    user = editor(request)
    found = exit_risk(user, risk)
    people = colleagues_of(found.plan.account, user)
    initial = {"owner": found.owner, "response": found.response}
    form = ExitRiskForm(_data(request), colleagues=people, with_text=False, initial=initial)
    write = lambda: answer_risk(actor=user, risk=found, **form.cleaned_data)  # noqa: E731
    return _answered(request, found.plan.account, form, write, f"What is done: {found.text}")


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _plan(found: Account) -> ExitPlan:
    plan = open_exit_plan(found)
    if plan is None:
        raise Http404("There is no exit plan.")
    return plan


def _answered(request: HttpRequest, found: Account, form: forms.Form, write: Callable[[], object], title: str) -> HttpResponse:
    return answered(
        request,
        form,
        write=write,
        then=reverse("relationships:exit", args=[found.pk]),
        template="relationships/stage_form.html",
        context={"account": found, "title": title, "submit": "Keep it", "of_exit": True},
    )
