"""An administrator's pages about people."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.people import queries
from openkam.app.people.forms import PersonForm, ReasonForm
from openkam.app.people.models import User
from openkam.app.people.operations.sign_in_links import VALID_MINUTES, make_sign_in_link
from openkam.app.people.operations.users import change_user, create_user, deactivate_user, reactivate_user
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.people.tables import PeopleFilter, PeopleTable
from openkam.app.ui.tables import paged


def actor_of(request: HttpRequest) -> User:
    """The signed-in person, who may write people; anybody else gets the 403 page."""
    person = person_of(request)
    require(person, Permission.MANAGE_PEOPLE)
    return person


@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name."""
    found = PeopleFilter(request.GET, queryset=queries.people(actor_of(request)))
    table = PeopleTable(found.qs)
    paged(request, table)
    return render(request, "people/list.html", {"table": table, "filter": found, "count": table.paginator.count})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a person, then hand them a sign-in link."""
    actor = actor_of(request)
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = create_user(actor=actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{made.name} is in. Make a sign-in link below to let them start.")
            return redirect("people:edit", pk=made.pk)
    return render(request, "people/create.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's record."""
    actor = actor_of(request)
    person = get_object_or_404(queries.people(actor), pk=pk)
    form = PersonForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            change_user(actor=actor, user=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved.")
            return redirect("people:edit", pk=pk)
    return render(request, "people/edit.html", {"person": person, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the right to sign in, after a question."""
    actor = actor_of(request)
    person = get_object_or_404(queries.people(actor), pk=pk, is_active=True)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deactivate_user(actor=actor, user=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{person.name} is signed out everywhere and may not sign in any more.")
            return redirect("people:list")
    return render(request, "people/deactivate.html", {"person": person, "form": form}, status=422 if form.errors else 200)


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the right to sign in back."""
    actor = actor_of(request)
    person = reactivate_user(actor=actor, user=get_object_or_404(queries.people(actor), pk=pk))
    messages.success(request, f"{person.name} may sign in again.")
    return redirect("people:edit", pk=pk)


@never_cache
@require_POST
def sign_in_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link that signs the person in once, and show it this once."""
    actor = actor_of(request)
    person = get_object_or_404(queries.people(actor), pk=pk, is_active=True)
    token = make_sign_in_link(actor=actor, user=person)
    link = request.build_absolute_uri(reverse("people:arrive", args=[token]))
    return render(request, "people/sign_in_link.html", {"person": person, "link": link, "valid_minutes": VALID_MINUTES})
