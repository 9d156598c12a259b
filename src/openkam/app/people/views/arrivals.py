"""Ways in beside the ordinary sign-in: the first run, and a link that works once."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openkam.app.people import queries
from openkam.app.people.forms import WelcomeForm
from openkam.app.people.models import User
from openkam.app.people.operations.organisation import OrganisationDetails, found_workspace
from openkam.app.people.operations.sign_in_links import SpentLink, use_sign_in_link
from openkam.app.people.operations.users import AlreadyFounded


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Describe the organisation and make its first administrator; there is no such page once there is one."""
    if queries.any_administrator():
        raise Http404
    form = WelcomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            made = found_workspace(
                email=wanted["email"],
                name=wanted["name"],
                password=wanted["password"],
                organisation=OrganisationDetails(
                    name=wanted["organisation"],
                    currency=wanted["currency"],
                    fiscal_year_start_month=wanted["fiscal_year_start_month"],
                    fiscal_year_start_day=wanted["fiscal_year_start_day"],
                ),
            )
        except AlreadyFounded:
            return redirect("account_login")
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return sign_in(request, made)
    return render(request, "people/welcome.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link. Opening it only asks, so that a preview of the link does not spend it."""
    link = queries.open_sign_in_link(token)
    if request.method == "POST":
        try:
            return sign_in(request, use_sign_in_link(token=token))
        except SpentLink:
            link = None
    return render(request, "people/arrive.html", {"link": link}, status=200 if link else 410)


def sign_in(request: HttpRequest, person: User) -> HttpResponse:
    """Sign in as after a right password: a second factor is still asked for. Who has no password sets one first."""
    way_on = settings.LOGIN_REDIRECT_URL if person.has_usable_password() else reverse("account_set_password")
    return perform_login(request, person, email_verification="none", redirect_url=way_on)
