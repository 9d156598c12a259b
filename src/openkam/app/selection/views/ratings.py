"""Ratings of one account: side by side, and one's own."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.selection.forms.ratings import RatingForm
from openkam.app.selection.operations.ratings import rate_account, withdraw_rating
from openkam.app.selection.queries.ratings import ratings_page
from openkam.app.selection.terms import RefusedError


@require_safe
def ratings(request: HttpRequest, account: int) -> HttpResponse:
    """Who rates the account how, and what it rests on."""
    user = person_of(request)
    require(user, Permission.READ)
    page = ratings_page(user, account, timezone.localdate())
    context = {
        "page": page,
        "may_rate": may(user, Permission.EDIT_ACCOUNTS),
        "may_set": may(user, Permission.MANAGE_SETTINGS),
    }
    return render(request, "selection/ratings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, account: int, scale: int) -> HttpResponse:
    """Give one's own rating on one scale."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    page = ratings_page(user, account, timezone.localdate())
    line = next((line for line in page.scales if line.scale.pk == scale and line.scale.archived_at is None), None)
    if line is None:
        raise Http404("No such scale.")
    form = RatingForm(request.POST or None, version=line.version, own=line.own)
    if form.is_valid():
        data = form.cleaned_data
        version_id = data.pop("version")
        try:
            rate_account(actor=user, account_id=account, scale_id=scale, version_id=version_id, **data)
        except ValidationError as error:
            form.add_error(None, error)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Your rating of {page.account.name} on {line.scale.label} is kept.")
            return redirect("selection:ratings", account=account)
    context = {"page": page, "line": line, "form": form}
    return render(request, "selection/rate.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, account: int, scale: int) -> HttpResponse:
    """Take one's own rating back."""
    try:
        withdraw_rating(actor=person_of(request), account_id=account, scale_id=scale)
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Your rating counts no more. It stays on record.")
    return redirect("selection:ratings", account=account)
