"""What comes: alerts, the months ahead, and what service would seem to cost by volume."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.valuation.permissions import may_deal_with_alerts
from openkam.app.valuation.queries.ahead import ahead_page
from openkam.app.valuation.queries.alerts import alerts_page
from openkam.app.valuation.queries.by_volume import volume_page


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Whose silence is worth a call."""
    user = person_of(request)
    require(user, Permission.READ)
    return render(
        request,
        "valuation/alerts.html",
        {"page": alerts_page(user, request.GET.get("page", "")), "may_deal": may_deal_with_alerts(user)},
    )


@require_safe
def ahead(request: HttpRequest) -> HttpResponse:
    """Sales of the coming months, and when they are paid."""
    user = person_of(request)
    require(user, Permission.READ)
    return render(request, "valuation/ahead.html", {"page": ahead_page(user)})


@require_safe
def volume(request: HttpRequest) -> HttpResponse:
    """Service by time against service by volume."""
    user = person_of(request)
    require(user, Permission.READ)
    return render(request, "valuation/volume.html", {"page": volume_page(user)})
