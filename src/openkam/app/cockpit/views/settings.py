"""The settings: all of them on one page, and the organisation's."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.cockpit.forms.organisation import OrganisationForm
from openkam.app.cockpit.queries.organisation import organisation_page
from openkam.app.people.operations.organisation import change_organisation
from openkam.app.people.permissions import Permission, person_of, require


@require_safe
def show_settings(request: HttpRequest) -> HttpResponse:
    """What the person may set; the menu that stands beside every setting says it here in sentences."""
    require(person_of(request), Permission.READ)
    return render(request, "cockpit/settings.html")


@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Whose workspace it is, its money and its time."""
    user = person_of(request)
    require(user, Permission.MANAGE_ORGANISATION)
    page = organisation_page(user, timezone.localdate())
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=page.organisation)
    if form.is_valid():
        try:
            change_organisation(actor=user, details=form.details, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved. What was closed before keeps its currency and its days.")
            return redirect("cockpit:organisation")
    return render(request, "cockpit/organisation.html", {"page": page, "form": form}, status=422 if form.errors else 200)
