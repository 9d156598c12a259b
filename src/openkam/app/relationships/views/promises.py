"""What both sides promised at one account."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.queries.scope import account
from openkam.app.relationships.forms.interactions import ClosePromiseForm, PromiseForm
from openkam.app.relationships.operations.commitments import close_commitment, make_commitment, reopen_commitment
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.commitments import commitment as commitment_of
from openkam.app.relationships.queries.commitments import promises_of
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.queries.interactions import interaction as interaction_of
from openkam.app.relationships.queries.quick_entry import colleagues_of
from openkam.app.relationships.terms import LONGEST_KEY
from openkam.app.relationships.views.access import answered, editor, reader

FORM = "relationships/promise_form.html"


@require_safe
def promises(request: HttpRequest, pk: int) -> HttpResponse:
    """Ours and theirs beside each other."""
    user = reader(request)
    found = account(user, pk)
    today = timezone.localdate()
    context = {"account": found, "sides": promises_of(user, found, today), "today": today, "may_edit": may_edit(user)}
    return render(request, "relationships/promises.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a promise; `entry` in the address names the entry in which it was given."""
    user = editor(request)
    found = account(user, pk)
    asked = request.GET.get("entry", "")
    entry = interaction_of(user, int(asked)) if asked.isdecimal() and len(asked) <= LONGEST_KEY else None
    initial = {"promised_on": timezone.localdate(entry.at)} if entry else {}
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        contacts=contacts_at(found),
        colleagues=colleagues_of(found, user),
        initial=initial,
    )
    return answered(
        request,
        form,
        write=lambda: make_commitment(actor=user, account=found, interaction=entry, **form.cleaned_data),
        then=reverse("relationships:promises", args=[pk]),
        template=FORM,
        context={"account": found, "title": "Keep a promise", "entry": entry, "submit": "Keep it"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, commitment: int) -> HttpResponse:
    """Say what became of a promise."""
    user = editor(request)
    found = commitment_of(user, commitment)
    form = ClosePromiseForm(request.POST if request.method == "POST" else None)
    return answered(
        request,
        form,
        write=lambda: close_commitment(actor=user, commitment=found, **form.cleaned_data),
        then=reverse("relationships:promises", args=[found.account_id]),
        template=FORM,
        context={"account": found.account, "title": "What became of it", "promise": found, "submit": "Close it"},
    )


@require_POST
def reopen(request: HttpRequest, commitment: int) -> HttpResponse:
    """Take back what was said of a promise."""
    user = editor(request)
    found = commitment_of(user, commitment)
    try:
        reopen_commitment(actor=user, commitment=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The promise is open again.")
    return redirect("relationships:promises", pk=found.account_id)
