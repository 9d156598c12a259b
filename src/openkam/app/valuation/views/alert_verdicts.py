"""Dealing with alerts: what was found, all that was found, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.accounts.queries.scope import account
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.forms.alert_verdicts import TakeBackForm, VerdictForm
from openkam.app.valuation.operations.alert_verdicts import deal_with_alert, take_back_verdict
from openkam.app.valuation.permissions import may_deal_with_alerts
from openkam.app.valuation.queries.alert_verdicts import (
    default_silent_until,
    open_silence,
    silence_line,
    verdict_of,
    verdicts_page,
)
from openkam.app.valuation.terms import Finding, RefusedError


@require_safe
def dealt(request: HttpRequest) -> HttpResponse:
    """What people found about the silences in one's sight."""
    user = person_of(request)
    require(user, Permission.READ)
    page = verdicts_page(user, request.GET.get("page", ""))
    return render(request, "valuation/dealt.html", {"page": page, "may_deal": may_deal_with_alerts(user)})


@require_http_methods(["GET", "HEAD", "POST"])
def deal(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of an overdue order."""
    user = person_of(request)
    of = account(user, pk)
    require(user, Permission.EDIT_ACCOUNTS)
    worth = open_silence(user, of)
    usual = default_silent_until(worth, Finding.WATCH, None)
    form = VerdictForm(request.POST if request.method == "POST" else None, usual_until_on=usual)
    back = request.GET.get("from", "")
    if form.is_valid():
        try:
            made = deal_with_alert(actor=user, account=of, found=form.answer, today=timezone.localdate())
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"The alert of {of.name} stays silent until {day_text(made.silent_until_on)}.")
            return redirect(_way_back(back, of.pk))
    context = {"form": form, "account": of, "worth": worth, "line": silence_line(worth), "back": _way_back(back, of.pk)}
    return render(request, "valuation/deal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int, verdict: int) -> HttpResponse:
    """Let an alert come back."""
    user = person_of(request)
    of = account(user, pk)
    require(user, Permission.EDIT_ACCOUNTS)
    known = verdict_of(user, of, verdict)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        take_back_verdict(actor=user, verdict=known, reason=form.cleaned_data["reason"])
        messages.success(request, "It is taken back: the alert comes back while the order is overdue.")
        return redirect("valuation:account", of.pk)
    context = {"form": form, "account": of, "verdict": known}
    return render(request, "valuation/take_back.html", context, status=422 if form.errors else 200)


def _way_back(origin: str, pk: int) -> str:
    """Where the person came from, as the address says; anything else is the account's own page."""
    match origin:
        case "home":
            return "/"
        case "alerts":
            return reverse("valuation:alerts")
        case _:
            return reverse("valuation:account", args=[pk])
