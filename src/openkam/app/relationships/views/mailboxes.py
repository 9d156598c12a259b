"""The user's mailboxes: connecting one, choosing folders, reading it now, forgetting it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from openkam.app.relationships.forms.mailboxes import FoldersForm, MailboxForm
from openkam.app.relationships.models import Mailbox
from openkam.app.relationships.operations.mailboxes import (
    MailboxDetails,
    choose_folders,
    connect_mailbox,
    forget_mailbox,
    request_reading,
)
from openkam.app.relationships.queries.correspondence import count_lines
from openkam.app.relationships.queries.mailboxes import own_mailbox
from openkam.app.relationships.views.access import answered, editor


@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """Connect a mailbox."""
    return _connected(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, mailbox: int) -> HttpResponse:
    """Put a mailbox right: another server, user or password."""
    return _connected(request, own_mailbox(editor(request), mailbox))


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, mailbox: int) -> HttpResponse:
    """How far a mailbox was read, and which folders are."""
    user = editor(request)
    found = own_mailbox(user, mailbox)
    form = FoldersForm(request.POST if request.method == "POST" else None, mailbox=found)
    if form.is_valid():
        chosen = [int(pk) for pk in form.cleaned_data["folders"]]
        choose_folders(actor=user, mailbox=found, folders=chosen, reads_again=form.cleaned_data["reads_again"])
        messages.success(request, "These folders are read from now on.")
        return redirect("relationships:mailbox", mailbox=found.pk)
    context = {"mailbox": found, "form": form, "lines": count_lines(found.counts)}
    return render(request, "relationships/mailbox.html", context, status=422 if form.errors else 200)


@require_POST
def read(request: HttpRequest, mailbox: int) -> HttpResponse:
    """Read a mailbox now."""
    user = editor(request)
    found = own_mailbox(user, mailbox)
    try:
        run = request_reading(actor=user, mailbox=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("relationships:mailbox", mailbox=found.pk)
    return redirect("runs:detail", pk=run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, mailbox: int) -> HttpResponse:
    """Forget a mailbox and its password."""
    user = editor(request)
    found = own_mailbox(user, mailbox)
    if request.method == "POST":
        forget_mailbox(actor=user, mailbox=found)
        messages.success(request, "The mailbox and its password are forgotten. What it brought stays.")
        return redirect("relationships:correspondence")
    return render(request, "relationships/mailbox_forget.html", {"mailbox": found})


def _connected(request: HttpRequest, mailbox: Mailbox | None) -> HttpResponse:
    user = editor(request)
    kept = ("host", "port", "user_name", "keeps_subjects")
    initial = {name: getattr(mailbox, name) for name in kept} if mailbox else None
    form = MailboxForm(request.POST if request.method == "POST" else None, initial=initial)
    return answered(
        request,
        form,
        write=lambda: connect_mailbox(actor=user, details=MailboxDetails(**form.cleaned_data), mailbox=mailbox),
        then=reverse("relationships:mailbox", args=[mailbox.pk]) if mailbox else reverse("relationships:correspondence"),
        template="relationships/mailbox_connect.html",
        context={"mailbox": mailbox},
    )
