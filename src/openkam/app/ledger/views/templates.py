"""Mapping templates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.ledger.forms.sources import TemplateForm
from openkam.app.ledger.models import MappingTemplate
from openkam.app.ledger.operations.sources import remove_template, save_template
from openkam.app.ledger.queries.sources import templates
from openkam.app.ledger.tables import TemplateTable
from openkam.app.ledger.terms import RefusedError
from openkam.app.ledger.views.access import actor_of, sent
from openkam.app.ui.tables import paged

TEMPLATES_PER_PAGE = 50


@require_safe
def list_templates(request: HttpRequest) -> HttpResponse:
    """All templates."""
    table = TemplateTable(templates(actor_of(request)))
    paged(request, table, per_page=TEMPLATES_PER_PAGE)
    return render(request, "ledger/templates.html", {"table": table})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Keep a mapping that was written elsewhere."""
    return _saved(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a template."""
    return _saved(request, get_object_or_404(templates(actor_of(request)), pk=pk))


def _saved(request: HttpRequest, template: MappingTemplate | None) -> HttpResponse:
    actor = actor_of(request)
    title = str(template) if template else ""
    form = TemplateForm(sent(request), instance=template)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = save_template(
                actor=actor, source=given["source"], name=given["name"], mapping=given["mapping"], template=template
            )
        except RefusedError as refused:
            form.add_error("mapping", str(refused))
        else:
            messages.success(request, f"Template “{kept}” is kept.")
            return redirect("ledger:templates")
    context = {"form": form, "template": template, "title": title}
    return render(request, "ledger/template_form.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a template."""
    actor = actor_of(request)
    template = get_object_or_404(templates(actor), pk=pk)
    name = str(template)
    remove_template(actor=actor, template=template)
    messages.success(request, f"Template “{name}” is removed.")
    return redirect("ledger:templates")
