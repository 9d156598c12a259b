"""The contacts over all accounts, and their export."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.relationships.operations.contact_export import export_contacts
from openkam.app.relationships.queries.contacts import visible_employments
from openkam.app.relationships.tables.contacts import ContactsFilter, ContactsTable, in_order
from openkam.app.relationships.views.access import reader
from openkam.app.ui.tables import paged

CONTACTS_PER_PAGE = 50


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody at the accounts that the user sees."""
    user = reader(request)
    filters = ContactsFilter(request.GET, queryset=visible_employments(user), user=user)
    table = ContactsTable(filters.qs, user=user, count=filters.count)
    paged(request, table, per_page=CONTACTS_PER_PAGE)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "table": table,
        "filter": filters,
        "count": table.paginator.count,
        "may_export": may(user, Permission.EXPORT),
        "address": kept.urlencode(),
    }
    return render(request, "relationships/contacts.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """All matching contacts as a CSV file, in the order of the list."""
    user = person_of(request)
    require(user, Permission.EXPORT)
    filters = ContactsFilter(request.GET, queryset=visible_employments(user), user=user)
    file = export_contacts(actor=user, posts=in_order(user, filters.qs, request.GET.get("sort", "")))
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"', "X-Row-Count": str(file.row_count)},
    )
