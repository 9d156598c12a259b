"""Search over everything, and the command palette."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openkam.app.cockpit.queries.search import palette, search
from openkam.app.people.permissions import Permission, person_of, require

SHOWN_ON_PAGE = 20
SHOWN_IN_PALETTE = 6


@require_safe
def show_search(request: HttpRequest) -> HttpResponse:
    """The page with its results; htmx gets the results alone while somebody types."""
    user = person_of(request)
    require(user, Permission.READ)
    text = request.GET.get("q", "").strip()
    asks_for_results = request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    template = "cockpit/found.html" if asks_for_results else "cockpit/search.html"
    response = render(request, template, {"text": text, "groups": search(user, text, SHOWN_ON_PAGE), "limit": SHOWN_ON_PAGE})
    response["Vary"] = "HX-Request"
    return response


@require_safe
def show_palette(request: HttpRequest) -> HttpResponse:
    """What the palette offers for the letters typed."""
    user = person_of(request)
    require(user, Permission.READ)
    text = request.GET.get("q", "").strip()
    return render(request, "cockpit/palette.html", {"text": text, "groups": palette(user, text, SHOWN_IN_PALETTE)})
