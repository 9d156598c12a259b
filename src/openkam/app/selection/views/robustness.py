"""Other weightings of a scenario: ask for them, and see who would be key."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openkam.app.people.permissions import Permission
from openkam.app.selection.operations.robustness import request_robustness
from openkam.app.selection.permissions import may_conduct
from openkam.app.selection.queries.robustness import robustness_page
from openkam.app.selection.terms import RefusedError
from openkam.app.selection.views.access import access


@require_http_methods(["GET", "HEAD", "POST"])
def weightings(request: HttpRequest, pk: int) -> HttpResponse:
    """In what share of weightings each candidate is key; a POST has a worker try them."""
    found = access(request, pk, Permission.CONDUCT_REVIEW if request.method == "POST" else Permission.READ)
    if request.method == "POST":
        try:
            request_robustness(actor=found.user, scenario=found.scenario)
        except RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Other weightings are being tried.")
        return redirect(f"{reverse('selection:weightings', args=[pk])}?scenario={found.scenario.pk}")
    kind, number = request.GET.get("kind", ""), request.GET.get("page", "1")
    context = {
        "round": found.round,
        "scenario": found.scenario,
        "told": robustness_page(found.user, found.scenario, kind, number),
        "may_ask": may_conduct(found.user) and found.round.is_open,
    }
    return render(request, "selection/weightings.html", context)
