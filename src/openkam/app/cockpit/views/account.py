"""An account as a whole."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openkam.app.cockpit.queries.account import account_page
from openkam.app.cockpit.queries.margin_chart import margin_chart
from openkam.app.cockpit.queries.standing import source_of
from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.selection.permissions import may_decide
from openkam.app.valuation.queries.account_worth import account_worth


@require_safe
def show_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Head and panels of what exists so far."""
    user = person_of(request)
    require(user, Permission.READ)
    page = account_page(user, pk, timezone.localdate())
    money, latest = page.programme.money, page.programme.round
    worth = account_worth(user, page.account)
    return render(
        request,
        "cockpit/account.html",
        {
            "page": page,
            "programme": page.programme,
            "worth": worth,
            "margin": margin_chart(money.steps, latest.currency) if money and latest and not worth else None,
            "source": source_of(latest, is_illustrative=money.is_illustrative) if money and latest else "",
            "facts": source_of(latest, is_illustrative=False) if latest else "",
            "may_edit": may(user, Permission.EDIT_ACCOUNTS),
            "may_decide": may_decide(user),
        },
    )
