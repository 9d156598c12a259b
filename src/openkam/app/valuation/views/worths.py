"""What accounts are worth: together, at a loss, one of them, and what it rests on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.accounts.queries.scope import account
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.valuation.forms.start import ValuationForm
from openkam.app.valuation.forms.what_if import PriceForm
from openkam.app.valuation.operations.valuations import start_valuation
from openkam.app.valuation.permissions import may_change_rebates, may_deal_with_alerts, may_read_rates, may_value
from openkam.app.valuation.queries.account_detail import account_detail
from openkam.app.valuation.queries.account_worth import account_worth
from openkam.app.valuation.queries.alert_verdicts import account_verdicts
from openkam.app.valuation.queries.basis import basis as basis_of
from openkam.app.valuation.queries.bridges import account_bridges, changes_page
from openkam.app.valuation.queries.losses import losses_page
from openkam.app.valuation.queries.mix import mix_page
from openkam.app.valuation.queries.portfolio import portfolio_page
from openkam.app.valuation.queries.rebates import rebate_meters
from openkam.app.valuation.queries.whale_chart import whale_chart
from openkam.app.valuation.queries.what_if import what_if
from openkam.app.valuation.terms import CUTS, BridgeOf, RefusedError


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """The accounts in one's sight, together."""
    user = person_of(request)
    require(user, Permission.READ)
    asked = request.GET.get("top", "")
    cut = next((one for one in CUTS if str(one) == asked), CUTS[-1])
    page = portfolio_page(user, cut)
    whale = page.found.whale if page.found else None
    return render(
        request,
        "valuation/portfolio.html",
        {
            "page": page,
            "cuts": [(one, one == cut) for one in CUTS],
            "whale": whale_chart(whale, page.valuation.currency, page.band) if whale and page.valuation else None,
            "may_value": may_value(user),
            "may_read_rates": may_read_rates(user),
        },
    )


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Why sales or contribution differ from those of a year before."""
    user = person_of(request)
    require(user, Permission.READ)
    page = changes_page(user, request.GET.get("of", ""))
    return render(request, "valuation/changes.html", {"page": page, "choices": [(one, one == page.of) for one in BridgeOf]})


@require_safe
def mix(request: HttpRequest) -> HttpResponse:
    """Risk and return of the mix of segments."""
    user = person_of(request)
    require(user, Permission.READ)
    return render(request, "valuation/mix.html", {"page": mix_page(user)})


@require_safe
def losses(request: HttpRequest) -> HttpResponse:
    """Accounts at a loss, with their levers."""
    user = person_of(request)
    require(user, Permission.READ)
    return render(request, "valuation/losses.html", {"found": losses_page(user, request.GET.get("page", ""))})


@require_safe
def account_(request: HttpRequest, pk: int) -> HttpResponse:
    """One account."""
    user = person_of(request)
    require(user, Permission.READ)
    found = account(user, pk)
    worth = account_worth(user, found)
    bridges = account_bridges(user, found, worth.valuation) if worth else []
    meters = rebate_meters(user, found, worth.valuation) if worth else []
    form = PriceForm(request.GET if "price" in request.GET else None)
    change = form.change if form.is_valid() else None
    return render(
        request,
        "valuation/account.html",
        {
            "account": found,
            "worth": worth,
            "bridges": bridges,
            "meters": meters,
            "verdicts": account_verdicts(user, found, worth.worth) if worth else [],
            "may_deal": may_deal_with_alerts(user),
            "may_change_rebates": may_change_rebates(user),
            "detail": account_detail(user, found, worth.valuation, worth.worth.ledger_account) if worth else None,
            "what_if": what_if(worth.worth, change) if worth else None,
            "price_form": form,
        },
        status=422 if form.errors else 200,
    )


@require_safe
def basis(request: HttpRequest) -> HttpResponse:
    """What the latest valuation rests on."""
    user = person_of(request)
    require(user, Permission.READ)
    found = basis_of(user)
    if found.valuation is None:
        raise Http404("Nothing is valued yet.")
    return render(request, "valuation/basis.html", {"basis": found, "valuation": found.valuation})


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Have all accounts valued."""
    user = person_of(request)
    require(user, Permission.CONDUCT_REVIEW)
    form = ValuationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            start_valuation(actor=user, asked=form.asked)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The valuation was asked for: this page shows it once it is done.")
            return redirect("valuation:portfolio")
    return render(request, "valuation/start.html", {"form": form}, status=422 if form.errors else 200)
