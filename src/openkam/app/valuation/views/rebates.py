"""Rebate schedules: all in one's sight; one agreed, corrected, changed from a day on or removed, seen before it is kept."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import account
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.valuation.forms.rebates import RebateForm
from openkam.app.valuation.operations.rebates import (
    RebateTerms,
    agree_rebate,
    change_rebate,
    follow_rebate,
    remove_rebate,
    try_rebate,
)
from openkam.app.valuation.permissions import may_change_rebates
from openkam.app.valuation.queries.rebates import rebates_page, schedule_of
from openkam.app.valuation.terms import RefusedError

KEPT = "The schedule is kept. Its turnover is told by the next valuation."
Keep = Callable[[RebateTerms, str], object]


@require_safe
def rebates(request: HttpRequest) -> HttpResponse:
    """The schedules of the accounts in one's sight."""
    user = person_of(request)
    page = rebates_page(user, timezone.localdate(), request.GET.get("page", ""))
    return render(request, "valuation/rebate_list.html", {"page": page, "may_change": may_change_rebates(user)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree another schedule with an account."""
    user = person_of(request)
    of = account(user, pk)
    require(user, Permission.MANAGE_SETTINGS)
    form = RebateForm(request.POST if request.method == "POST" else None)
    context = {"lead": "What the account gets back once its net sales reach a tier.", "title": "Add a rebate schedule"}
    return _edited(
        request, of, form, context, lambda terms, reason: agree_rebate(actor=user, account=of, terms=terms, reason=reason)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, schedule: int) -> HttpResponse:
    """Correct a schedule as if it had always been so, or end it."""
    user = person_of(request)
    of = account(user, pk)
    require(user, Permission.MANAGE_SETTINGS)
    known = schedule_of(user, of, schedule)
    form = RebateForm(request.POST if request.method == "POST" else None, known=known)
    lead = (
        "This corrects the schedule as if it had always been so. Where other terms hold from a day on, change it from that day."
    )
    context = {"lead": lead, "title": f"Change {known.name}", "schedule": known, "has_next": True}
    return _edited(
        request, of, form, context, lambda terms, reason: change_rebate(actor=user, schedule=known, terms=terms, reason=reason)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, pk: int, schedule: int) -> HttpResponse:
    """Other terms from a day on: the schedule ends the day before."""
    user = person_of(request)
    of = account(user, pk)
    require(user, Permission.MANAGE_SETTINGS)
    known = schedule_of(user, of, schedule)
    form = RebateForm(request.POST if request.method == "POST" else None, known=known, is_next=True)
    lead = f"{known.name} ends the day before the first day that you give, and these terms follow. Turnover counts anew from then on."
    context = {"lead": lead, "title": f"Change {known.name} from a day on", "schedule": known}
    return _edited(
        request, of, form, context, lambda terms, reason: follow_rebate(actor=user, schedule=known, terms=terms, reason=reason)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int, schedule: int) -> HttpResponse:
    """Take away a schedule that was never agreed."""
    user = person_of(request)
    of = account(user, pk)
    require(user, Permission.MANAGE_SETTINGS)
    known = schedule_of(user, of, schedule)
    if request.method == "POST":
        remove_rebate(actor=user, schedule=known, reason=request.POST.get("reason", "")[:500])
        messages.success(request, "The schedule is removed. What valuations found of it stays.")
        return redirect("valuation:account", of.pk)
    return render(request, "valuation/remove_rebate.html", {"account": of, "schedule": known})


def _edited(request: HttpRequest, of: Account, form: RebateForm, context: dict[str, Any], keep: Keep) -> HttpResponse:
    """The form: what its terms do where it was sent to be looked at, the account's page once they are kept."""
    user = person_of(request)
    if form.is_valid():
        try:
            if "save" in request.POST:
                keep(form.terms, form.cleaned_data["reason"])
                messages.success(request, KEPT)
                return redirect("valuation:account", of.pk)
            replaced = context.get("schedule")
            context |= {"preview": try_rebate(actor=user, account=of, terms=form.terms, replaces=replaced), "is_tried": True}
        except RefusedError as refused:
            form.add_error(None, str(refused))
    return render(request, "valuation/rebate.html", {"form": form, "account": of, **context}, status=422 if form.errors else 200)
