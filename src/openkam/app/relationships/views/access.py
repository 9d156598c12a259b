"""Who asks, and a form that one operation answers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require


def editor(request: HttpRequest) -> User:
    """Who may write here; raises `PermissionDenied` for anybody else."""
    user = person_of(request)
    require(user, Permission.EDIT_ACCOUNTS)
    return user


def reader(request: HttpRequest) -> User:
    """Who may read; raises `PermissionDenied` for anybody else."""
    user = person_of(request)
    require(user, Permission.READ)
    return user


def answered(
    request: HttpRequest, form: forms.Form, *, write: Callable[[], object], then: str, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Run the write of a form that is right and go to the address `then`; else show the form with what is wrong."""
    if form.is_valid():
        try:
            write()
        except ValidationError as error:
            _add(form, error)
        else:
            return redirect(then)
    return render(request, template, {**context, "form": form, "cancel": then}, status=422 if form.errors else 200)


def _add(form: forms.Form, error: ValidationError) -> None:
    """What the operation refused, at its field where the form has it."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, words in by_field.items():
        form.add_error(name if name in form.fields else None, words)
