"""Rates of service: all of them, one changed or removed, each change seen before it is kept."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.valuation.forms.rates import ActivityForm, PoolForm
from openkam.app.valuation.models import PoolRate, TimeEquation
from openkam.app.valuation.operations.rates import RateEdit, save_rates, try_rates
from openkam.app.valuation.permissions import may_change_rates
from openkam.app.valuation.queries.rates import Rates, rates_page
from openkam.app.valuation.terms import Entry, RefusedError

SAVED = "The rates are kept. They count from the next valuation on."


@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """The rates in force and those that were."""
    user = person_of(request)
    found = rates_page(user)
    today = timezone.localdate()
    return render(
        request,
        "valuation/rates.html",
        {
            "rates": found,
            "pools": [(one, one.holds_on(today)) for one in found.pools],
            "equations": [(one, one.holds_on(today)) for one in found.equations],
            "may_change": may_change_rates(user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, entry: str, pk: int | None = None) -> HttpResponse:
    """Add or change an entry: first see what it does, then keep it."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    found = rates_page(user)
    replaced = _entry(found, entry, pk)
    form = _form(request, found, entry, replaced)
    context: dict[str, Any] = {"form": form, "entry": entry, "replaced": replaced}
    if form.is_valid():
        change = RateEdit(form.cleaned_data["book"], replaced, form.entry())
        try:
            if "save" in request.POST:
                save_rates(actor=user, edit=change, reason=form.cleaned_data["reason"])
                messages.success(request, SAVED)
                return redirect("valuation:rates")
            context |= {"preview": try_rates(actor=user, edit=change), "is_tried": True}
        except RefusedError as refused:
            form.add_error(None, str(refused))
    return render(request, "valuation/rate.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, entry: str, pk: int) -> HttpResponse:
    """Take an entry out of the book: what that does stands before the button."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    found = rates_page(user)
    change = RateEdit(_book_id(found), replaces=_entry(found, entry, pk))
    try:
        if request.method == "POST":
            save_rates(actor=user, edit=change, reason=request.POST.get("reason", "")[:500])
            messages.success(request, SAVED)
            return redirect("valuation:rates")
        preview = try_rates(actor=user, edit=change)
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("valuation:rates")
    return render(request, "valuation/remove_rate.html", {"replaced": change.replaces, "preview": preview, "is_tried": True})


def _entry(found: Rates, entry: str, pk: int | None) -> PoolRate | TimeEquation | None:
    """The entry of the address in the book in force; 404 where there is none."""
    if entry not in Entry.values:
        raise Http404("No such kind of entry.")
    if pk is None:
        return None
    entries = found.pools if entry == Entry.POOL.value else found.equations
    known = next((one for one in entries if one.pk == pk), None)
    if known is None:
        raise Http404("No such entry in the rates in force.")
    return known


def _form(request: HttpRequest, found: Rates, entry: str, replaced: PoolRate | TimeEquation | None) -> PoolForm | ActivityForm:
    data = request.POST if request.method == "POST" else None
    if entry == Entry.POOL.value:
        return PoolForm(data, entry=replaced, book_id=_book_id(found))
    pools = sorted({one.pool for one in found.pools})
    return ActivityForm(data, pools=pools, entry=replaced, book_id=_book_id(found))


def _book_id(found: Rates) -> int | None:
    return found.book.pk if found.book else None
