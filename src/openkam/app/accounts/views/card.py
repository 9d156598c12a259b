"""Writing the record card."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from openkam.app.accounts.forms.card import AddressForm, FactForm, IdentifierForm, TradeNameForm
from openkam.app.accounts.operations.card import (
    add_address,
    add_identifier,
    add_trade_name,
    record_fact,
    remove_from_card,
)
from openkam.app.accounts.queries.record_card import card_part
from openkam.app.accounts.queries.scope import account
from openkam.app.accounts.terms.card import FactField
from openkam.app.people.permissions import Permission, person_of, require

PARTS: dict[str, tuple[type[Any], Callable[..., object]]] = {
    "trade-name": (TradeNameForm, add_trade_name),
    "identifier": (IdentifierForm, add_identifier),
    "address": (AddressForm, add_address),
}


@require_http_methods(["GET", "HEAD", "POST"])
def state_fact(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """State a fact about one field of the card; opens in the drawer where scripts run."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    found = account(user, pk)
    if field not in FactField.values:
        raise Http404("No such field.")
    form = FactForm(request.POST if request.method == "POST" else None, field=FactField(field))
    if form.is_valid():
        stated: dict[str, Any] = {**form.cleaned_data, "value": str(form.cleaned_data["value"])}
        try:
            record_fact(actor=user, account=found, field=FactField(field), **stated)
        except ValidationError as error:
            form.add_error("value", error.messages)
        else:
            messages.success(request, "The fact is on the card.")
            return redirect("accounts:detail", pk=pk)
    title = f"State: {FactField(field).label}"
    return _form_page(request, {"account": found, "form": form, "form_title": title}, has_errors=bool(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Add a trade name, a number or an address."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    found = account(user, pk)
    if part not in PARTS:
        raise Http404("The card has no such part.")
    form_class, write = PARTS[part]
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            write(actor=user, record=form.record(account=found))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "It is on the card.")
            return redirect("accounts:detail", pk=pk)
    return _form_page(request, {"account": found, "form": form, "form_title": form.title}, has_errors=bool(form.errors))


@require_POST
def remove(request: HttpRequest, pk: int, part: str, part_pk: int) -> HttpResponse:
    """Take a trade name, a number or an address off the card."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    remove_from_card(actor=user, record=card_part(account(user, pk), part, part_pk))
    messages.success(request, "It is off the card; the history keeps it.")
    return redirect("accounts:detail", pk=pk)


def _form_page(request: HttpRequest, context: dict[str, object], *, has_errors: bool) -> HttpResponse:
    is_partial = request.headers.get("HX-Request") == "true" and request.method != "POST"
    template = "accounts/card_drawer.html" if is_partial else "accounts/card_form.html"
    return render(request, template, {**context, "action": request.path}, status=422 if has_errors else 200)
