"""What-if on a round's page: turn constraints, solve again in place, ask for reasons."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.selection.forms.constraints import ConstraintsForm
from openkam.app.selection.models import Scenario
from openkam.app.selection.operations.scenarios import request_explanation, try_constraints
from openkam.app.selection.permissions import may_conduct, may_decide, sees_all_records
from openkam.app.selection.queries.candidates import names_of
from openkam.app.selection.queries.constraints import Constraint, constraints_of, pinned_accounts, pins_of
from openkam.app.selection.queries.rounds import round_page, scenarios
from openkam.app.selection.terms import RefusedError
from openkam.app.selection.views.access import access


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A constraint of the panel with its field and the limits that it bounds."""

    constraint: Constraint
    field: BoundField
    uses: list[dict[str, Any]]

    @property
    def tightest(self) -> dict[str, Any] | None:
        """The limit with the least left."""
        return max(self.uses, key=lambda use: (use["is_binding"], use["fill"]), default=None)


@require_POST
def try_(request: HttpRequest, pk: int) -> HttpResponse:
    """Solve again with the constraints sent; with htmx the page's body is exchanged in place."""
    found = access(request, pk, Permission.CONDUCT_REVIEW)
    form = _form(found.user, found.scenario, request)
    refused = "" if form.is_valid() else "A figure is not one: see the fields."
    if not refused:
        try:
            tried = try_constraints(
                actor=found.user,
                scenario=found.scenario,
                values=form.values,
                pins=form.pins,
                reason=form.cleaned_data["reason"],
                name=form.cleaned_data["name"],
            )
        except RefusedError as error:
            refused = str(error)
        else:
            address = f"{reverse('selection:round', args=[pk])}?scenario={tried.pk}"
            if not request.headers.get("HX-Request"):
                return redirect(address)
            answer = render(request, "selection/work.html", work_context(request, found.user, tried))
            answer["HX-Push-Url"] = address
            return answer
    context = work_context(request, found.user, found.scenario, form) | {"refused": refused}
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, f"selection/{'work' if is_part else 'round'}.html", context, status=422)


@require_POST
def reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the what-if explained in the background."""
    found = access(request, pk, Permission.CONDUCT_REVIEW)
    try:
        request_explanation(actor=found.user, scenario=found.scenario)
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The reasons are being worked out.")
    return redirect(f"{reverse('selection:round', args=[pk])}?scenario={found.scenario.pk}")


def work_context(request: HttpRequest, user: User, scenario: Scenario, form: ConstraintsForm | None = None) -> dict[str, Any]:
    """What the body of a round's page shows."""
    can_try = may_conduct(user)
    panel = form or (_form(user, scenario) if can_try else None)
    query = request.GET if request.method != "POST" else {}
    name = str(query.get("q", ""))[:100]
    pinned = pinned_accounts(scenario) if can_try else ()
    return {
        "round": scenario.round,
        "scenario": scenario,
        "scenarios": scenarios(user, scenario.round),
        "candidates": round_page(user, scenario, str(query.get("page", "1")), name),
        "q": name,
        "groups": _groups(panel, scenario) if panel else {},
        "panel": panel,
        "binding": sum(bool(limit["is_binding"]) for limit in scenario.limits),
        "is_whole": sees_all_records(user),
        "pins": pins_of(scenario, names_of(user, scenario, pinned)) if pinned else (),
        "may_try": can_try and scenario.round.is_open,
        "may_decide": may_decide(user) and scenario.round.is_open,
        "may_export": may(user, Permission.EXPORT),
        "notes": scenario.round.notes + scenario.notes if sees_all_records(user) else [],
        "legend": [(f"b{position % 6 + 1}", criterion) for position, criterion in enumerate(scenario.criteria)],
    }


def _form(user: User, scenario: Scenario, request: HttpRequest | None = None) -> ConstraintsForm:
    data = request.POST if request else None
    seen = names_of(user, scenario, pinned_accounts(scenario))
    return ConstraintsForm(data, constraints=constraints_of(scenario.programme), pinned=list(seen), auto_id="c-%s")


def _groups(form: ConstraintsForm, scenario: Scenario) -> dict[str, list[PanelLine]]:
    """The panel's lines by group, each with the limits whose names it bounds."""
    groups: dict[str, list[PanelLine]] = {}
    for constraint in constraints_of(scenario.programme):
        uses = [use for use in scenario.limits if any(_bounds(name, use["name"]) for name in constraint.limits)]
        groups.setdefault(constraint.group, []).append(PanelLine(constraint, form[constraint.name], uses))
    return groups


def _bounds(name: str, limit: str) -> bool:
    return limit.startswith(name) if name.endswith(":") else limit == name
