"""Background work of the room: reviews, the reasons of a what-if, other weightings."""

from collections.abc import Mapping
from datetime import date

from openkam.analytics.terms import OpenKamError
from openkam.app.people.permissions import Permission
from openkam.app.runs.jobs import Progress, acting_person, job
from openkam.app.selection.operations.robustness import request_robustness, try_weightings
from openkam.app.selection.operations.rounds import conduct_round
from openkam.app.selection.operations.scenarios import explain_scenario
from openkam.app.selection.queries.rounds import scenario_of
from openkam.app.selection.terms import EXPLANATION_KIND, REVIEW_KIND, ROBUSTNESS_KIND, RefusedError


@job(REVIEW_KIND, label="Review", permission=Permission.CONDUCT_REVIEW, is_schedulable=True)
def review(progress: Progress, *, name: str = "", as_of: str = "") -> Mapping[str, object]:
    """Conduct a review and store it as a round."""
    actor = acting_person(progress)
    try:
        made = conduct_round(
            actor=actor,
            run_id=progress.run_id,
            name=name,
            as_of_on=date.fromisoformat(as_of) if as_of else None,
            tell=progress.report,
        )
    except RefusedError as refused:
        raise OpenKamError(str(refused)) from refused
    progress.used_ledger_version(made.ledger_version)
    baseline = scenario_of(actor, made, None)
    if baseline.robustness_run_id is None and made.is_open:
        request_robustness(actor=actor, scenario=baseline)
    return {"round": made.pk, "name": made.name, "accounts": made.account_count}


@job(EXPLANATION_KIND, label="Reasons of a what-if", permission=Permission.CONDUCT_REVIEW)
def explain(progress: Progress, *, scenario_id: int) -> Mapping[str, object]:
    """Explain a what-if."""
    try:
        explained = explain_scenario(actor=acting_person(progress), scenario_id=scenario_id, tell=progress.report)
    except RefusedError as refused:
        raise OpenKamError(str(refused)) from refused
    return {"scenario": explained.name, "round": explained.round_id}


@job(ROBUSTNESS_KIND, label="Other weightings", permission=Permission.CONDUCT_REVIEW)
def weightings(progress: Progress, *, scenario_id: int) -> Mapping[str, object]:
    """Try other weightings of a scenario."""
    try:
        tried = try_weightings(actor=acting_person(progress), scenario_id=scenario_id, tell=progress.report)
    except RefusedError as refused:
        raise OpenKamError(str(refused)) from refused
    return {"scenario": tried.name, "round": tried.round_id}
