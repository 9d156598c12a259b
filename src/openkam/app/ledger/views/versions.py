"""The ledger's versions, and whether its files are whole."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openkam.app.ledger.queries.history import problems, versions
from openkam.app.ledger.tables import VersionTable
from openkam.app.ledger.terms import RefusedError
from openkam.app.ledger.views.access import actor_of
from openkam.app.ui.tables import paged

VERSIONS_PER_PAGE = 50


@require_safe
def list_versions(request: HttpRequest) -> HttpResponse:
    """Every import and undo with the rows after it."""
    return _page(request, is_verified=False)


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The same page, with what is wrong with the ledger's files."""
    return _page(request, is_verified=True)


def _page(request: HttpRequest, *, is_verified: bool) -> HttpResponse:
    actor = actor_of(request)
    context: dict[str, object] = {"is_verified": is_verified}
    try:
        if is_verified:
            context["problems"] = problems(actor)
        table = VersionTable(versions(actor))
        paged(request, table, per_page=VERSIONS_PER_PAGE)
        context["table"] = table
    except RefusedError as refused:
        context["refused"] = str(refused)
    return render(request, "ledger/versions.html", context)
