"""The people at one account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.accounts.queries.scope import account
from openkam.app.relationships.forms.contacts import NewContactForm
from openkam.app.relationships.operations.contacts import add_contact
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.contacts import people_of
from openkam.app.relationships.tables.people import PeopleFilter, PeopleTable
from openkam.app.relationships.views.access import answered, editor, reader
from openkam.app.ui.tables import paged


@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who works at the account and what they do when it buys."""
    user = reader(request)
    found = account(user, pk)
    filters = PeopleFilter(request.GET, queryset=people_of(found), account=found)
    table = PeopleTable(filters.qs)
    paged(request, table)
    context = {
        "account": found,
        "table": table,
        "filter": filters,
        "count": table.paginator.count,
        "may_edit": may_edit(user),
    }
    return render(request, "relationships/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person who works at the account."""
    user = editor(request)
    found = account(user, pk)
    form = NewContactForm(request.POST if request.method == "POST" else None)
    return answered(
        request,
        form,
        write=lambda: add_contact(actor=user, account=found, details=form.details, post=form.post),
        then=reverse("relationships:people", args=[pk]),
        template="relationships/add.html",
        context={"account": found},
    )
