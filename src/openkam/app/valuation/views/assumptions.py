"""What valuations assume: in force, before, and other ones seen before they are kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.valuation.forms.assumptions import AssumptionsForm
from openkam.app.valuation.operations.assumptions import keep_assumptions, try_assumptions
from openkam.app.valuation.permissions import may_change_assumptions
from openkam.app.valuation.queries.assumptions import assumptions_page
from openkam.app.valuation.terms import RefusedError


@require_safe
def assumptions(request: HttpRequest) -> HttpResponse:
    """Those in force and all there are."""
    user = person_of(request)
    page = assumptions_page(user, timezone.localdate())
    return render(request, "valuation/assumptions.html", {"page": page, "may_change": may_change_assumptions(user)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Other assumptions from a day on: first see what they do, then keep them."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    now = assumptions_page(user, timezone.localdate()).in_force
    form = AssumptionsForm(request.POST if request.method == "POST" else None, known=now)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            if "save" in request.POST:
                keep_assumptions(actor=user, assumptions=form.assumptions, reason=form.cleaned_data["reason"])
                messages.success(request, "The assumptions are kept. They count from the next valuation on.")
                return redirect("valuation:assumptions")
            context |= {"preview": try_assumptions(actor=user, assumptions=form.assumptions), "is_tried": True}
        except RefusedError as refused:
            form.add_error(None, str(refused))
    return render(request, "valuation/add_assumptions.html", context, status=422 if form.errors else 200)
