"""The list of accounts, its export, and what else answers from the same filters."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from openkam.app.accounts.forms.saved_view import SavedViewForm
from openkam.app.accounts.models import CustomField, SavedView
from openkam.app.accounts.operations.export import ExportFormat, export_accounts
from openkam.app.accounts.permissions import may_define_fields, may_delete, may_edit, may_export
from openkam.app.accounts.queries.columns import Column, chosen, columns, rows_of, sorted_by
from openkam.app.accounts.queries.custom_fields import custom_fields
from openkam.app.accounts.queries.pickers import account_options
from openkam.app.accounts.queries.saved_views import saved_views
from openkam.app.accounts.queries.scope import account_bin, visible_accounts
from openkam.app.accounts.tables.accounts import AccountTable, BinTable
from openkam.app.accounts.tables.filters import AccountFilter
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.ui.tables import paged

ACCOUNTS_PER_PAGE = 25
EVERYTHING = "all"
"""The address `?view=all` shows every account, also to who has a list that opens first."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as its address asks for it: which accounts, which columns, in which order."""

    parameters: QueryDict
    view: SavedView | None
    filter: AccountFilter
    known: dict[str, Column]
    shown: tuple[Column, ...]

    @property
    def address(self) -> str:
        """The list's address without the page and the view that it came from."""
        kept = self.parameters.copy()
        for name in ("page", "view"):
            kept.pop(name, None)
        return kept.urlencode()


def listing(user: User, asked: QueryDict, *, views: list[SavedView], fields: list[CustomField]) -> Listing:
    """Read an address. A saved view gives what the address itself does not; an empty address opens the user's own default."""
    view = _view(asked, views, user)
    parameters = _with_view(asked, view)
    known = columns(fields)
    found = AccountFilter(parameters, queryset=visible_accounts(user), user=user)
    return Listing(parameters, view, found, known, chosen(parameters.getlist("columns"), known))


@require_safe
def list_accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that the user sees."""
    user = person_of(request)
    require(user, Permission.READ)
    views = saved_views(user)
    asked = listing(user, request.GET, views=views, fields=custom_fields())
    request.GET = asked.parameters  # pyright: ignore[reportAttributeAccessIssue] - so that the links of the table keep what a saved view brought
    table = AccountTable(
        asked.filter.qs,
        shown=asked.shown,
        may_select=may_edit(user),
        fetch=lambda keys: rows_of(user, keys, asked.shown),
        counts_along=ACCOUNTS_PER_PAGE if asked.filter.is_by_name else None,
    )
    paged(request, table, per_page=ACCOUNTS_PER_PAGE)
    return render(
        request,
        "accounts/list.html",
        {
            "table": table,
            "filter": asked.filter,
            "count": table.paginator.count,
            "views": views,
            "view": asked.view,
            "columns": asked.known.values(),
            "shown": {column.key for column in asked.shown},
            "address": asked.address,
            "sort": asked.parameters.get("sort", ""),
            "save_form": SavedViewForm(may_share=may_edit(user), initial={"query": asked.address}, auto_id="view_%s"),
            "may_edit": may_edit(user),
            "may_delete": may_delete(user),
            "may_export": may_export(user),
            "may_define_fields": may_define_fields(user),
        },
    )


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """All matching accounts as a file, in the columns and the order of the list."""
    user = person_of(request)
    require(user, Permission.EXPORT)
    if request.POST.get("format") not in set(ExportFormat):
        return HttpResponseBadRequest("Choose CSV or XLSX.")
    asked = listing(user, request.GET, views=[], fields=custom_fields())
    accounts = sorted_by(asked.filter.qs, asked.parameters.get("sort", ""), asked.known)
    file = export_accounts(actor=user, accounts=accounts, shown=asked.shown, file_format=ExportFormat(request.POST["format"]))
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"', "X-Row-Count": str(file.row_count)},
    )


@require_safe
def show_bin(request: HttpRequest) -> HttpResponse:
    """Deleted accounts that the user would see."""
    user = person_of(request)
    require(user, Permission.DELETE_ACCOUNTS)
    table = BinTable(account_bin(user))
    paged(request, table, per_page=ACCOUNTS_PER_PAGE)
    return render(request, "accounts/bin.html", {"table": table, "count": table.paginator.count})


@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """What a picker of an account offers for the letters typed, whatever the picker's field is called."""
    user = person_of(request)
    require(user, Permission.READ)
    text = next((request.GET[name] for name in request.GET), "")
    return render(request, "accounts/options.html", {"accounts": account_options(user, text) if text.strip() else []})


def _view(asked: QueryDict, views: list[SavedView], user: User) -> SavedView | None:
    if "view" in asked:
        return next((view for view in views if str(view.pk) == asked["view"]), None)
    return None if asked else next((view for view in views if view.is_default and view.owner_id == user.pk), None)


def _with_view(asked: QueryDict, view: SavedView | None) -> QueryDict:
    parameters = QueryDict(mutable=True)
    if view is not None:
        for name, values in view.filters.items():
            parameters.setlist(name, values)
        parameters.setlist("columns", view.columns)
        parameters["sort"] = view.sort
    for name, values in asked.lists():
        parameters.setlist(name, values)
    return parameters
