"""Who is key today, and the history of one account; a scenario's candidates as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openkam.app.accounts.queries.scope import account as account_of
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.selection.operations.export import export_candidates
from openkam.app.selection.queries.status import decision_history, key_accounts, status_history
from openkam.app.selection.tables import AccountDecisionTable, KeyAccountTable
from openkam.app.selection.views.access import access
from openkam.app.ui.tables import paged

ROWS_PER_PAGE = 50


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The accounts that are key today."""
    user = person_of(request)
    require(user, Permission.READ)
    today = timezone.localdate()
    table = KeyAccountTable(key_accounts(user, today))
    paged(request, table, per_page=ROWS_PER_PAGE)
    return render(request, "selection/key.html", {"table": table, "today": today})


@require_safe
def history(request: HttpRequest, account: int) -> HttpResponse:
    """Since when one account is or was key, and every decision behind it."""
    user = person_of(request)
    require(user, Permission.READ)
    found = account_of(user, account)
    table = AccountDecisionTable(decision_history(user, found))
    paged(request, table, per_page=ROWS_PER_PAGE)
    context = {"account": found, "spans": list(status_history(user, found)), "table": table, "today": timezone.localdate()}
    return render(request, "selection/history.html", context)


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """All candidates of a scenario that the person sees, as a file."""
    found = access(request, pk, Permission.EXPORT)
    file = export_candidates(actor=found.user, scenario=found.scenario)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)
