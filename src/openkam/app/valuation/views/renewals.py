"""How long customers under contract stay."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.valuation.forms.renewals import RenewalsForm
from openkam.app.valuation.queries.renewals import renewals
from openkam.app.valuation.terms import RefusedError


@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    """The model of counts given on the page; nothing is kept."""
    require(person_of(request), Permission.READ)
    form = RenewalsForm(request.GET if "cohorts" in request.GET else None)
    found = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            found = renewals(data["cohorts"], float(data["discount_percent"]) / 100)
        except RefusedError as refused:
            form.add_error("cohorts", str(refused))
    return render(request, "valuation/contracts.html", {"form": form, "found": found}, status=422 if form.errors else 200)
