"""Pages about schedules, for who may change settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.runs import queries
from openkam.app.runs.forms import ScheduleForm
from openkam.app.runs.operations import remove_schedule, save_schedule
from openkam.app.runs.tables import ScheduleTable
from openkam.app.ui.tables import paged


def actor_of(request: HttpRequest) -> User:
    """The signed-in person, who may change settings; anybody else gets the 403 page."""
    person = person_of(request)
    require(person, Permission.MANAGE_SETTINGS)
    return person


@require_safe
def list_schedules(request: HttpRequest) -> HttpResponse:
    """What runs every day."""
    table = ScheduleTable(queries.schedules(actor_of(request)))
    paged(request, table)
    return render(request, "runs/schedules.html", {"table": table})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_schedule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a schedule, or change one."""
    actor = actor_of(request)
    schedule = get_object_or_404(queries.schedules(actor), pk=pk) if pk else None
    form = ScheduleForm(request.POST if request.method == "POST" else None, instance=schedule)
    if form.is_valid():
        saved = save_schedule(actor=actor, schedule=form.instance)
        messages.success(request, f"{saved.title} is {'scheduled' if saved.is_enabled else 'switched off'}.")
        return redirect("runs:schedules")
    return render(request, "runs/schedule.html", {"form": form, "schedule": schedule}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a schedule, after a question."""
    actor = actor_of(request)
    schedule = get_object_or_404(queries.schedules(actor), pk=pk)
    if request.method == "POST":
        remove_schedule(actor=actor, schedule=schedule)
        messages.success(request, f"{schedule.title} is no longer scheduled.")
        return redirect("runs:schedules")
    return render(request, "runs/remove_schedule.html", {"schedule": schedule})
