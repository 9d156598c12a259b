"""Settings: the firm's own fields."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.forms.custom_field import CustomFieldForm
from openkam.app.accounts.operations.custom_fields import (
    archive_custom_field,
    change_custom_field,
    define_custom_field,
    reopen_custom_field,
)
from openkam.app.accounts.queries.custom_fields import custom_field, defined_fields
from openkam.app.people.permissions import Permission, person_of, require


@require_safe
def list_fields(request: HttpRequest) -> HttpResponse:
    """Every field, with how many accounts fill it."""
    require(person_of(request), Permission.MANAGE_SETTINGS)
    return render(request, "accounts/custom_fields.html", {"fields": defined_fields()})


@require_http_methods(["GET", "HEAD", "POST"])
def define(request: HttpRequest) -> HttpResponse:
    """A new field."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    form = CustomFieldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            define_custom_field(actor=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "The accounts have the field now.")
            return redirect("accounts:custom_fields")
    return render(request, "accounts/custom_field.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a field."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    field = custom_field(pk)
    form = CustomFieldForm(request.POST if request.method == "POST" else None, field=field)
    if form.is_valid():
        try:
            change_custom_field(actor=user, field=field, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:custom_fields")
    return render(request, "accounts/custom_field.html", {"form": form, "field": field}, status=422 if form.errors else 200)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a field no longer, or (`reopen=1`) again."""
    user = person_of(request)
    require(user, Permission.MANAGE_SETTINGS)
    act = reopen_custom_field if request.POST.get("reopen") else archive_custom_field
    act(actor=user, field=custom_field(pk))
    return redirect("accounts:custom_fields")
