"""An administrator's pages about teams."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.people import queries
from openkam.app.people.forms import TeamForm
from openkam.app.people.operations.teams import change_team, create_team, delete_team
from openkam.app.people.views.users import actor_of

TEAMS_PER_PAGE = 50


@require_safe
def list_teams(request: HttpRequest) -> HttpResponse:
    """All teams with who is in them."""
    actor_of(request)
    page = Paginator(queries.teams(), TEAMS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/teams.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    actor = actor_of(request)
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = create_team(actor=actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"The team {made.name} is made.")
            return redirect("people:teams")
    return render(request, "people/create_team.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a team's name, members and leads."""
    actor = actor_of(request)
    team = get_object_or_404(queries.teams(), pk=pk)
    form = TeamForm(request.POST if request.method == "POST" else None, team=team)
    if form.is_valid():
        try:
            change_team(actor=actor, team=team, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved.")
            return redirect("people:teams")
    return render(request, "people/edit_team.html", {"team": team, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a team, after a question."""
    actor = actor_of(request)
    team = get_object_or_404(queries.teams(), pk=pk)
    if request.method == "POST":
        try:
            delete_team(actor=actor, team=team)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("people:edit_team", pk=pk)
        messages.success(request, f"The team {team.name} is deleted.")
        return redirect("people:teams")
    return render(request, "people/delete_team.html", {"team": team})
