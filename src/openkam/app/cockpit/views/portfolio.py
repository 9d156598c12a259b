"""The portfolio."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openkam.app.cockpit.forms.portfolio import PortfolioForm
from openkam.app.cockpit.queries.matrix_chart import matrix_chart
from openkam.app.cockpit.queries.portfolio import Choice, managers_seen, portfolio_page
from openkam.app.cockpit.queries.standing import source_of
from openkam.app.cockpit.terms import Axes
from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.valuation.queries.whale_chart import whale_chart


@require_safe
def show_portfolio(request: HttpRequest) -> HttpResponse:
    """What the accounts in one's sight carry, on measured axes."""
    user = person_of(request)
    require(user, Permission.READ)
    form = PortfolioForm(request.GET, managers=managers_seen(user), auto_id="p-%s")
    form.is_valid()
    asked = form.cleaned_data
    choice = Choice(asked.get("manager"), asked.get("region", ""), asked.get("standing", ""))
    axes = Axes(asked.get("axes") or Axes.GROWTH)
    page = portfolio_page(user, choice, timezone.localdate())
    form.offer_regions(page.region_names)
    currency = page.round.currency if page.round else ""
    return render(
        request,
        "cockpit/portfolio.html",
        {
            "page": page,
            "form": form,
            "is_narrowed": bool(choice.manager or choice.region or choice.standing),
            "axes": [(one, one == axes) for one in Axes],
            "chosen_axes": axes,
            "whale": whale_chart(page.found.whale.outlined(), currency) if page.found and page.found.whale else None,
            "matrix": matrix_chart(axes, page.spots),
            "source": source_of(page.round, is_illustrative=page.is_illustrative) if page.round else "",
            "may_conduct": may(user, Permission.CONDUCT_REVIEW),
        },
    )
