"""One account: make it, see it, change it, put it into the bin and take it out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.forms.account import AccountForm, DeletionForm, NewAccountForm, ShareForm
from openkam.app.accounts.models import Tag
from openkam.app.accounts.operations.accounts import change_account, create_account, delete_account, restore_account
from openkam.app.accounts.operations.assignment import share_account, unshare_account
from openkam.app.accounts.operations.tags import create_tag
from openkam.app.accounts.permissions import may_delete, may_edit
from openkam.app.accounts.queries.record_card import account_history, children, custom_values, record_card, shared_with
from openkam.app.accounts.queries.scope import account, ancestors, deleted_account
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require

OWN_FIELDS = ("name", "kind", "manager", "team", "parent", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new account."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    form = NewAccountForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        try:
            made = create_account(
                actor=user,
                **{name: form.cleaned_data[name] for name in OWN_FIELDS},
                tags=_tags(user, form),
                facts=form.facts,
                custom_values=form.custom_values,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{made.name} is here.")
            return redirect("accounts:detail", pk=made.pk)
    return render(request, "accounts/create.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The record card with everything that is known and where it is from."""
    user = person_of(request)
    require(user, Permission.READ)
    found = account(user, pk)
    below, has_more = children(user, found)
    return render(
        request,
        "accounts/detail.html",
        {
            "account": found,
            "card": record_card(found),
            "custom_values": custom_values(found),
            "above": ancestors(user, found),
            "below": below,
            "has_more_below": has_more,
            "shares": shared_with(found),
            "history": account_history(user, found),
            "may_edit": may_edit(user),
            "may_delete": may_delete(user),
            "share_form": ShareForm() if may_edit(user) else None,
        },
    )


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened to an account."""
    user = person_of(request)
    require(user, Permission.READ)
    found = account(user, pk)
    return render(request, "accounts/history.html", {"account": found, "history": account_history(user, found, limit=None)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account's own fields."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    found = account(user, pk)
    form = AccountForm(request.POST if request.method == "POST" else None, user=user, account=found)
    if form.is_valid():
        try:
            change_account(
                actor=user,
                account=found,
                **{name: form.cleaned_data[name] for name in OWN_FIELDS},
                tags=_tags(user, form),
                custom_values=form.custom_values,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:detail", pk=pk)
    return render(request, "accounts/edit.html", {"account": found, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an account into the bin, after a question."""
    user = person_of(request)
    require(user, Permission.DELETE_ACCOUNTS)
    found = account(user, pk)
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        delete_account(actor=user, account=found, **form.cleaned_data)
        messages.success(request, f"{found.name} is in the bin.")
        return redirect("accounts:list")
    return render(request, "accounts/delete.html", {"account": found, "form": form}, status=422 if form.errors else 200)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an account out of the bin."""
    user = person_of(request)
    require(user, Permission.DELETE_ACCOUNTS)
    found = deleted_account(user, pk)
    restore_account(actor=user, account=found)
    messages.success(request, f"{found.name} is back.")
    return redirect("accounts:detail", pk=pk)


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Share an account with somebody, or stop it (`stop=1`)."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    found = account(user, pk)
    form = ShareForm(request.POST)
    if form.is_valid():
        act = unshare_account if request.POST.get("stop") else share_account
        act(actor=user, account=found, user=form.cleaned_data["user"])
    else:
        messages.error(request, "Choose somebody who may sign in.")
    return redirect("accounts:detail", pk=pk)


def _tags(user: User, form: AccountForm) -> list[Tag]:
    return [create_tag(actor=user, name=name) for name in form.cleaned_data["tags"]]
