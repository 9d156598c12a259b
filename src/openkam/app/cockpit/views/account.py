"""An account as a whole."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openkam.app.cockpit.queries.account import account_page
from openkam.app.people.permissions import Permission, may, person_of, require


@require_safe
def show_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Head and panels of what exists so far."""
    user = person_of(request)
    require(user, Permission.READ)
    return render(
        request, "cockpit/account.html", {"page": account_page(user, pk), "may_edit": may(user, Permission.EDIT_ACCOUNTS)}
    )
