"""Two scenarios of a round side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openkam.app.selection.queries.comparison import compare_scenarios
from openkam.app.selection.queries.rounds import scenario_of, scenarios
from openkam.app.selection.views.access import access, number


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The baseline, or the scenario asked for, against another: by default the last one tried."""
    found = access(request, pk)
    known = scenarios(found.user, found.round)
    asked = request.GET.get("with", "")
    other = scenario_of(found.user, found.round, number(asked) if asked else known[-1].pk)
    context = {
        "round": found.round,
        "scenarios": known,
        "comparison": compare_scenarios(found.user, found.scenario, other),
    }
    return render(request, "selection/compare.html", context)
