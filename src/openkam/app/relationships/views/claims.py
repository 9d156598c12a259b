"""What is believed about one account and its people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.queries.scope import account
from openkam.app.relationships.forms.claims import ClaimForm
from openkam.app.relationships.operations.claims import make_claim, withdraw_claim
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.claims import claim as claim_of
from openkam.app.relationships.queries.claims import claims_page, keeps_secrets_of
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.views.access import answered, editor, reader


@require_safe
def claims(request: HttpRequest, pk: int) -> HttpResponse:
    """What to ask again, what still counts, what counted before."""
    user = reader(request)
    found = account(user, pk)
    context = {
        "account": found,
        "page": claims_page(user, found, timezone.localdate()),
        "may_edit": may_edit(user),
    }
    return render(request, "relationships/claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """State what is believed."""
    user = editor(request)
    found = account(user, pk)
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        contacts=contacts_at(found),
        may_keep_secrets=keeps_secrets_of(user, found),
        initial={name: request.GET[name] for name in ("contact", "topic") if name in request.GET},
    )
    return answered(
        request,
        form,
        write=lambda: make_claim(actor=user, account=found, **form.cleaned_data),
        then=reverse("relationships:claims", args=[pk]),
        template="relationships/make_claim.html",
        context={"account": found},
    )


@require_POST
def withdraw(request: HttpRequest, claim: int) -> HttpResponse:
    """Let a claim count no more."""
    user = editor(request)
    found = claim_of(user, claim)
    withdraw_claim(actor=user, claim=found)
    messages.success(request, "The claim counts no more. It stays on record.")
    return redirect("relationships:claims", pk=found.account_id)
