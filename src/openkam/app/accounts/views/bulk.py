"""Change many accounts: choose, see what it does, do it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from openkam.app.accounts.forms.bulk import BulkForm
from openkam.app.accounts.models import Account
from openkam.app.accounts.operations.bulk import bulk_change_accounts
from openkam.app.accounts.operations.tags import create_tag
from openkam.app.accounts.permissions import may_delete
from openkam.app.accounts.queries.bulk import bulk_preview
from openkam.app.accounts.queries.custom_fields import custom_fields
from openkam.app.accounts.queries.pickers import tags_named
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.views.lists import listing
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require

ROWS_AT_MOST = 1000
"""Accounts that may be ticked one by one; more are meant by their filter."""


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The three steps at one address: `step` is empty, `preview` or `apply`. Only accounts that the user sees are ever meant."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    meant = _meant(user, request.POST)
    step = request.POST.get("step", "")
    form = BulkForm(request.POST if step else None, user=user, may_delete=may_delete(user))
    context: dict[str, Any] = {"form": form, "count": meant.count(), "hidden": _hidden(request.POST)}
    if not context["count"]:
        messages.warning(request, "Tick accounts first.")
        return redirect("accounts:list")
    if not form.is_valid():
        return render(request, "accounts/bulk.html", context, status=422 if step else 200)
    # A tag that does not exist yet is made with the change, not with its preview.
    preview = bulk_preview(meant, form.change(tags_named(form.cleaned_data["add_tags"])))
    has_moved = request.POST.get("expected") != f"{preview.selected}/{preview.changed}"
    if step != "apply" or has_moved:
        context |= {"preview": preview, "has_moved": step == "apply"}
        return render(request, "accounts/bulk_preview.html", context)
    return _apply(request, user, meant, form)


def _apply(request: HttpRequest, user: User, meant: QuerySet[Account], form: BulkForm) -> HttpResponse:
    try:
        change = form.change([create_tag(actor=user, name=name) for name in form.cleaned_data["add_tags"]])
        count = bulk_change_accounts(actor=user, accounts=meant, change=change, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{count:,} accounts {'are in the bin' if change.delete else 'changed'}.")
    return redirect("accounts:list")


def _meant(user: User, posted: QueryDict) -> QuerySet[Account]:
    """The accounts that were ticked, or with `everything` all that the list's address finds; of the user's own only."""
    if posted.get("everything"):
        return listing(user, QueryDict(posted.get("address", "")), views=[], fields=custom_fields()).filter.qs
    ticked = [int(key) for key in posted.getlist("ids")[:ROWS_AT_MOST] if key.isascii() and key.isdecimal() and len(key) < 19]
    return visible_accounts(user).filter(pk__in=ticked)


def _hidden(posted: QueryDict) -> list[tuple[str, str]]:
    """What says which accounts are meant, carried from step to step."""
    if posted.get("everything"):
        return [("everything", "1"), ("address", posted.get("address", ""))]
    return [("ids", key) for key in posted.getlist("ids")[:ROWS_AT_MOST]]
