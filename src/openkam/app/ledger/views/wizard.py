"""The import's first steps: files, how they are read, which column goes where, and a look at the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.ledger.forms.mapping import MappingForm
from openkam.app.ledger.forms.sources import TemplateNameForm
from openkam.app.ledger.forms.wizard import BeginForm, FilesForm, FormatForm, MappingTextForm
from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.operations.drafts import begin_import, discard_import
from openkam.app.ledger.operations.mapping import (
    save_mapping,
    save_mapping_text,
    set_format,
    suggest_mapping,
    use_template,
)
from openkam.app.ledger.operations.sources import keep_mapping_of
from openkam.app.ledger.operations.uploads import detect_again, receive_upload, remove_upload
from openkam.app.ledger.queries.columns import detected_files
from openkam.app.ledger.queries.drafts import files_are_there, imported_before
from openkam.app.ledger.queries.preview import preview
from openkam.app.ledger.queries.sources import sources, templates_for
from openkam.app.ledger.terms import STEPS, RefusedError, Step
from openkam.app.ledger.views.access import actor_of, draft_of, sent, sent_files
from openkam.app.ledger.views.incoming import refusal
from openkam.app.people.models import User

PAGES = {
    Step.FILES: "ledger:import-files",
    Step.DETECT: "ledger:import-detect",
    Step.MAP: "ledger:import-map",
    Step.PREVIEW: "ledger:import-preview",
    Step.RUN: "ledger:import-run",
}


def steps_of(draft: ImportDraft | None, now: Step) -> list[dict[str, object]]:
    """The steps for the page's head; those reached before are links."""
    reached = STEPS.index(Step(draft.step)) if draft else 0
    return [
        {
            "label": step.label,
            "href": reverse(PAGES[step], args=[draft.pk]) if draft and index <= max(reached, 1) and step != now else "",
            "is_now": step == now,
            "is_done": index < STEPS.index(now),
        }
        for index, step in enumerate(STEPS)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose source, table and files; the files are looked at as they come in."""
    actor = actor_of(request)
    if not sources(actor).exists():
        messages.info(request, "First say where the files come from: one unit and system is a source.")
        return redirect("ledger:source-create")
    form = BeginForm(sent(request), sent_files(request), initial={"source": request.GET.get("source")})
    if refused := refusal(request):
        form.add_error("uploads", refused)
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        template = given.get("template")
        draft = begin_import(
            actor=actor, source=given["source"], table=given["table"], mapping=template.mapping if template else ""
        )
        refusals = _receive(actor, draft, given["uploads"])
        if draft.uploads.exists():
            for text in refusals:
                messages.error(request, text)
            return redirect("ledger:import-detect", pk=draft.pk)
        discard_import(actor=actor, draft=draft)
        form.add_error("uploads", refusals)
    context = {"form": form, "steps": steps_of(None, Step.FILES)}
    return render(request, "ledger/import_files.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a draft: more of them, or fewer."""
    actor, draft = draft_of(request, pk)
    if draft.is_closed:
        return redirect("ledger:import-result", pk=pk)
    form = FilesForm(sent(request), sent_files(request))
    if refused := refusal(request):
        form.add_error("uploads", refused)
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data["uploads"]
        refusals = _receive(actor, draft, given)
        if len(refusals) < len(given):
            for text in refusals:
                messages.error(request, text)
            return redirect("ledger:import-detect", pk=pk)
        form.add_error("uploads", refusals)
    context = {"draft": draft, "form": form, "steps": steps_of(draft, Step.FILES), "before": imported_before(actor, draft)}
    return render(request, "ledger/import_files.html", context, status=422 if form.errors else 200)


def _receive(actor: User, draft: ImportDraft, given: Iterable[UploadedFile[Any]]) -> list[str]:
    """Take the files in, and tell why the ones that were refused were."""
    refusals: list[str] = []
    for file in given:
        try:
            receive_upload(actor=actor, draft=draft, name=file.name or "", chunks=file.chunks(), size=file.size or 0)
        except RefusedError as refused:
            refusals.append(str(refused))
    return refusals


@require_POST
def remove_file(request: HttpRequest, pk: int, upload_pk: int) -> HttpResponse:
    """Take one file out."""
    actor, draft = draft_of(request, pk)
    upload = get_object_or_404(draft.uploads, pk=upload_pk)
    try:
        remove_upload(actor=actor, upload=upload)
    except RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("ledger:import-files", pk=pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft and its files away."""
    actor, draft = draft_of(request, pk)
    try:
        discard_import(actor=actor, draft=draft)
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("ledger:import-run", pk=pk)
    messages.success(request, "The import is discarded; its files are removed.")
    return redirect("ledger:sources")


@require_http_methods(["GET", "HEAD", "POST"])
def detect(request: HttpRequest, pk: int) -> HttpResponse:
    """How the files are read; detection can be overruled."""
    actor, draft = draft_of(request, pk)
    if draft.is_closed or not files_are_there(draft):
        return redirect("ledger:import-result" if draft.is_closed else "ledger:import-files", pk=pk)
    form = FormatForm(draft, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            set_format(actor=actor, draft=draft, choice=form.choice())
            detect_again(actor=actor, draft=draft)
            if "again" in request.POST:
                return redirect("ledger:import-detect", pk=pk)
            suggest_mapping(actor=actor, draft=draft)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("ledger:import-map", pk=pk)
    context = {"draft": draft, "form": form, "files": detected_files(draft), "steps": steps_of(draft, Step.DETECT)}
    return render(request, "ledger/import_detect.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def map_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column goes where, and what day and month mean."""
    actor, draft = draft_of(request, pk)
    if draft.is_closed or not draft.uploads.all():
        return redirect("ledger:import-result" if draft.is_closed else "ledger:import-files", pk=pk)
    try:
        form = MappingForm(draft, sent(request))
        if request.method == "POST" and form.is_valid():
            save_mapping(actor=actor, draft=draft, choice=form.choice())
            return redirect("ledger:import-preview", pk=pk)
    except RefusedError as refused:
        form = MappingForm(draft, sent(request))
        form.add_error(None, str(refused))
    context = {
        "draft": draft,
        "form": form,
        "templates": templates_for(actor, draft.source, draft.table),
        "steps": steps_of(draft, Step.MAP),
    }
    return render(request, "ledger/import_map.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def map_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The mapping as text, for what the columns' page does not show."""
    actor, draft = draft_of(request, pk)
    if draft.is_closed:
        return redirect("ledger:import-result", pk=pk)
    form = MappingTextForm(sent(request), initial={"text": draft.mapping})
    if request.method == "POST" and form.is_valid():
        try:
            save_mapping_text(actor=actor, draft=draft, text=form.cleaned_data["text"])
        except RefusedError as refused:
            form.add_error("text", str(refused))
        else:
            return redirect("ledger:import-preview", pk=pk)
    context = {"draft": draft, "form": form, "steps": steps_of(draft, Step.MAP)}
    return render(request, "ledger/import_map_text.html", context, status=422 if form.errors else 200)


@require_POST
def apply_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a template's mapping."""
    actor, draft = draft_of(request, pk)
    known = templates_for(actor, draft.source, draft.table)
    template = get_object_or_404(known, pk=request.POST.get("template") or 0)
    try:
        use_template(actor=actor, draft=draft, template=template)
    except RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("ledger:import-map", pk=pk)


@require_POST
def keep_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the draft's mapping as a template."""
    actor, draft = draft_of(request, pk)
    form = TemplateNameForm(request.POST)
    try:
        if form.is_valid():
            kept = keep_mapping_of(actor=actor, draft=draft, name=form.cleaned_data["name"])
            messages.success(request, f"Template “{kept}” is kept.")
        else:
            messages.error(request, "Give the template a name.")
    except RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("ledger:import-result" if draft.is_closed else "ledger:import-preview", pk=pk)


@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows as the ledger would take them, bad cells marked with their reasons."""
    actor, draft = draft_of(request, pk)
    if draft.is_closed or not files_are_there(draft):
        return redirect("ledger:import-result" if draft.is_closed else "ledger:import-files", pk=pk)
    only_held_back = request.GET.get("rows") == "held"
    context: dict[str, object] = {
        "draft": draft,
        "only_held_back": only_held_back,
        "steps": steps_of(draft, Step.PREVIEW),
        "name_form": TemplateNameForm(),
    }
    try:
        context["previews"] = preview(actor, draft, only_held_back=only_held_back)
        context["before"] = imported_before(actor, draft)
    except RefusedError as refused:
        context["refused"] = str(refused)
    return render(request, "ledger/import_preview.html", context)
