"""A person's rights: what is held of them, handed out or erased."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.relationships.forms.rights import EraseForm
from openkam.app.relationships.operations.erasure import request_erasure
from openkam.app.relationships.operations.subject_access import export_held
from openkam.app.relationships.queries.contacts import contact as contact_of
from openkam.app.relationships.queries.erasure_preview import answering, erasure_preview
from openkam.app.relationships.views.access import answered, editor


@require_safe
def rights(request: HttpRequest, contact: int) -> HttpResponse:
    """What is held of a person by kind, for who may answer for it; for anybody else who may."""
    user = editor(request)
    person = contact_of(user, contact)
    return render(request, "relationships/rights.html", {"contact": person, "answer": answering(user, person)})


@require_POST
def export(request: HttpRequest, contact: int) -> HttpResponse:
    """Everything that is held of the person, as one file."""
    user = editor(request)
    person = contact_of(user, contact)
    try:
        file = export_held(actor=user, contact=person)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("relationships:rights", contact=contact)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, contact: int) -> HttpResponse:
    """What would go and what stays; then, with a reason and the name typed, it goes."""
    user = editor(request)
    person = contact_of(user, contact)
    preview = erasure_preview(user, person)
    form = EraseForm(request.POST if request.method == "POST" else None, name=person.name)

    def write() -> None:
        made = request_erasure(actor=user, contact=person, **form.cleaned_data)
        person.refresh_from_db()
        changed = f"{person.name} stands where they stood; {sum(made.counts['erased'].values())} records changed."
        if made.is_done:
            messages.success(request, f"Erased. {changed}")
        else:
            messages.success(request, f"{changed} Texts, files, the ledger and the audit are being looked through: {made.run}.")

    return answered(
        request,
        form,
        write=write,
        then=reverse("relationships:contact", args=[contact]),
        template="relationships/erase.html",
        context={"contact": person, "preview": preview},
    )
