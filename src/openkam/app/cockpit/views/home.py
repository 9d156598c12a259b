"""Home, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openkam.app.cockpit.queries.home import home
from openkam.app.people.permissions import Permission, may, person_of, require
from openkam.app.runs.tables import status_tag
from openkam.app.selection.permissions import may_decide

NOON, EVENING = 12, 18


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """What concerns the person who signed in, and what to do next."""
    user = person_of(request)
    require(user, Permission.READ)
    now = timezone.localtime()
    found = home(user, now.date())
    greeting = "Good morning" if now.hour < NOON else "Good afternoon" if now.hour < EVENING else "Good evening"
    return render(
        request,
        "cockpit/home.html",
        {
            "home": found,
            "greeting": greeting,
            "first_name": user.name.split()[0] if user.name.split() else user.name,
            "now": now,
            "runs": [(run, status_tag(run)) for run in found.runs or ()],
            "may_edit": may(user, Permission.EDIT_ACCOUNTS),
            "may_import": may(user, Permission.IMPORT_FACTS),
            "may_decide": may_decide(user),
            "sees_runs": may(user, Permission.CONDUCT_REVIEW),
        },
    )
