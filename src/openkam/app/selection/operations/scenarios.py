"""What-if: other weights, limits, hours and pins over what was measured, solved at once; explained in the background."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from openkam.analytics.review.measures_file import read_measures
from openkam.analytics.review.what_if import WhatIf, explain_what_if, try_programme
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_edit import Edit, edited_programme, pinned_programme
from openkam.analytics.terms import OpenKamError
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run
from openkam.app.selection.models import Candidate, Round, Scenario
from openkam.app.selection.operations.candidates import criteria_of, limits_used, store_candidates, store_explanations
from openkam.app.selection.operations.rounds import refuse_closed
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.candidates import names_of
from openkam.app.selection.queries.constraints import Constraint, constraints_of
from openkam.app.selection.queries.workspace import measures_path
from openkam.app.selection.terms import EXPLANATION_KIND, SOLVE_SECONDS, RefusedError

UNSAID = "No selection keeps all of this together: loosen a limit or free an account. The reasons name accounts you do not see."


def try_constraints(
    *,
    actor: User,
    scenario: Scenario,
    values: Mapping[str, float | None] | None = None,
    pins: Mapping[str, bool | None] | None = None,
    reason: str = "",
    name: str = "",
) -> Scenario:
    """Solve the round again with other constraints; the baseline stays and a what-if of one's own is changed in place.

    `values` gives bounds, weights and hours by the name of their `Constraint` (None takes the bound away), `pins` by ledger account
    whether it must be in, out, or is free again. Under the time limit of a waiting person the choice may be short of the best
    possible, and says by how much. Raises `RefusedError` in the engine's words; then nothing changed.
    """
    require(actor, Permission.CONDUCT_REVIEW)
    refuse_closed(scenario.round)
    if set(pins or {}) - names_of(actor, scenario, pins or {}).keys():
        raise RefusedError("Only a candidate of the round that you see can be set in or out: load the page again.")
    try:
        text = _changed_text(scenario.programme, values or {}, pins or {}, reason or f"Tried by {actor.name}")
        tried = try_programme(
            read_measures(measures_path(scenario.round.measures_file)), Programme.parse(text), time_limit_seconds=SOLVE_SECONDS
        )
    except OpenKamError as error:
        raise RefusedError(str(error) if sees_all_records(actor) else UNSAID) from error
    return _store(actor, scenario, text, tried, name=name, reason=reason)


def request_explanation(*, actor: User, scenario: Scenario) -> Run:
    """Have a what-if explained by a worker."""
    require(actor, Permission.CONDUCT_REVIEW)
    refuse_closed(scenario.round)
    if scenario.is_explained:
        raise RefusedError("It is explained already.")
    title = f"Explain: {scenario.name} of {scenario.round.name}"[:200]
    with recorded(actor=actor, verb="asked for reasons", record=scenario):
        run = request_run(actor=actor, kind=EXPLANATION_KIND, title=title, parameters={"scenario_id": scenario.pk})
        scenario.explanation_run = run
        scenario.save(update_fields=["explanation_run"])
    return run


def explain_scenario(*, actor: User, scenario_id: int, tell: Callable[[str, float], None]) -> Scenario:
    """Solve a what-if to the proven best and store that with its reasons.

    Raises `RefusedError` when it is gone, closed, or changed meanwhile.
    """
    require(actor, Permission.CONDUCT_REVIEW)
    scenario = Scenario.objects.select_related("round").filter(pk=scenario_id).first()
    if scenario is None:
        raise RefusedError("This what-if is gone: solve it again.")
    refuse_closed(scenario.round)
    measures = read_measures(measures_path(scenario.round.measures_file))
    tried = try_programme(measures, Programme.parse(scenario.programme))
    explanations = explain_what_if(tried, progress=tell)
    with transaction.atomic():
        now = Scenario.objects.select_for_update().get(pk=scenario_id)
        if now.programme != scenario.programme:
            raise RefusedError("The what-if was changed meanwhile: ask for its reasons again.")
        with recorded(actor=actor, verb="explained", record=now):
            _keep(now, tried)
            now.save()
        store_explanations(now, problem=tried.formulation.problem, explanations=explanations, currency=measures.currency)
        now.refresh_from_db()
    return now


def _changed_text(text: str, values: Mapping[str, float | None], pins: Mapping[str, bool | None], reason: str) -> str:
    known: dict[str, Constraint] = {c.name: c for c in constraints_of(text)}
    edits: list[Edit] = []
    for name, value in values.items():
        constraint = known.get(name)
        if constraint is None:
            raise RefusedError(f"The programme has no {name}: load the page again.")
        if value is None and constraint.is_needed:
            raise RefusedError(f"{constraint.label} needs a value.")
        if value != constraint.value:
            edits.append(Edit(constraint.table, constraint.key, value, constraint.number))
    text = edited_programme(text, edits)
    for account, is_in in pins.items():
        text = pinned_programme(text, account, is_in, reason)
    return text


def _store(actor: User, base: Scenario, text: str, tried: WhatIf, *, name: str, reason: str) -> Scenario:
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=base.round_id)
        refuse_closed(locked)
        is_own = not base.is_baseline and base.made_by_id == actor.pk and not name
        scenario = Scenario.objects.get(pk=base.pk) if is_own else Scenario(round=locked, name=_free_name(locked, name))
        with recorded(actor=actor, verb="tried", record=scenario, reason=reason):
            scenario.programme = text
            _figures(scenario, tried)
            scenario.criteria = criteria_of(tried.criteria)
            scenario.notes, scenario.is_explained = list(tried.formulation.notes), False
            scenario.explanation_run = scenario.robustness_run = None
            scenario.made_at, scenario.made_by = timezone.now(), actor
            scenario.save()
        _store_choice(scenario, tried)
    return scenario


def _keep(scenario: Scenario, tried: WhatIf) -> None:
    """Put the proven choice in the place of one found in haste; where both choose the same, no candidate is written anew."""
    _figures(scenario, tried)
    accounts = tried.formulation.problem.accounts
    proven = {accounts[at] for at in tried.solution.chosen.nonzero()[0]}
    known = Candidate.objects.filter(scenario=scenario, is_selected=True).order_by().values_list("ledger_account", flat=True)
    if proven != set(known):
        _store_choice(scenario, tried)


def _figures(scenario: Scenario, tried: WhatIf) -> None:
    problem, solution = tried.formulation.problem, tried.solution
    scenario.objective, scenario.gap, scenario.solver_seconds = solution.objective, solution.gap, solution.seconds
    scenario.candidate_count, scenario.selected_count = len(problem.accounts), int(solution.chosen.sum())
    scenario.limits = limits_used(problem, solution, scenario.round.currency)


def _store_choice(scenario: Scenario, tried: WhatIf) -> None:
    accounts, problem = tried.accounts, tried.formulation.problem
    rows = accounts.filter(accounts["is_candidate"]).to_pylist()  # of all accounts few are candidates
    store_candidates(scenario, accounts=rows, criteria=tried.criteria, problem=problem, measures=())


def _free_name(selection_round: Round, wanted: str) -> str:
    taken = set(Scenario.objects.filter(round=selection_round).values_list("name", flat=True))
    if wanted:
        if wanted in taken:
            raise RefusedError(f"There is a scenario {wanted} already: give another name.")
        return wanted
    return next(name for number in range(1, len(taken) + 2) if (name := f"What if {number}") not in taken)
