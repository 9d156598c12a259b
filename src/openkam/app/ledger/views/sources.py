"""Sources, and what is in the ledger from each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.ledger.forms.sources import SourceForm
from openkam.app.ledger.operations.sources import SourceValues, change_source, create_source, remove_source
from openkam.app.ledger.queries.drafts import open_drafts
from openkam.app.ledger.queries.history import latest_version
from openkam.app.ledger.queries.sources import source_lines, sources, templates
from openkam.app.ledger.terms import RefusedError
from openkam.app.ledger.views.access import actor_of, sent


@require_safe
def list_sources(request: HttpRequest) -> HttpResponse:
    """Where facts come from, what each brought, and what is on its way."""
    actor = actor_of(request)
    context: dict[str, object] = {"drafts": open_drafts(actor)[:20]}
    try:
        context |= {"lines": source_lines(actor), "latest_version": latest_version(actor)}
    except RefusedError as refused:
        context |= {"refused": str(refused)}
    return render(request, "ledger/sources.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a source known."""
    actor = actor_of(request)
    form = SourceForm(sent(request), initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        source = create_source(actor=actor, values=SourceValues(**form.cleaned_data))
        messages.success(request, f"“{source}” is known now.")
        return redirect("ledger:sources")
    return render(request, "ledger/source_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source."""
    actor = actor_of(request)
    source = get_object_or_404(sources(actor), pk=pk)
    title = str(source)
    form = SourceForm(sent(request), instance=source)
    if request.method == "POST" and form.is_valid():
        try:
            change_source(actor=actor, source=source, values=SourceValues(**form.cleaned_data))
        except RefusedError as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, "Saved.")
            return redirect("ledger:sources")
    context = {"form": form, "source": source, "title": title, "templates": templates(actor).filter(source=source)}
    return render(request, "ledger/source_form.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a source that nothing came from."""
    actor = actor_of(request)
    source = get_object_or_404(sources(actor), pk=pk)
    try:
        remove_source(actor=actor, source=source)
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("ledger:source-edit", pk=pk)
    messages.success(request, f"“{source}” is removed.")
    return redirect("ledger:sources")
