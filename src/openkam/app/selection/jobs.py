"""Background work of the room: reviews, and the reasons of a what-if."""

from collections.abc import Mapping
from datetime import date

from openkam.analytics.terms import OpenKamError
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission
from openkam.app.runs.jobs import Progress, job
from openkam.app.runs.models import Run
from openkam.app.selection.operations.rounds import conduct_round
from openkam.app.selection.operations.scenarios import explain_scenario
from openkam.app.selection.terms import EXPLANATION_KIND, REVIEW_KIND, RefusedError


def acting_person(progress: Progress) -> User:
    """Who asked for the run; for a schedule who saved it last. Raises `OpenKamError` where nobody did, or may not sign in."""
    person = progress.actor
    if person is None:
        schedule_id = Run.objects.values_list("schedule_id", flat=True).get(pk=progress.run_id)
        entries = Entry.objects.filter(record_type="runs.schedule", record_key=str(schedule_id), verb="scheduled")
        entry = entries.select_related("actor").first()
        person = entry.actor if entry else None
    if person is None or not person.is_active:
        raise OpenKamError("A review acts for a person: save the schedule again, or start a round on the page Identify.")
    return person


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
    return {"round": made.pk, "name": made.name, "accounts": made.account_count}


@job(EXPLANATION_KIND, label="Reasons of a what-if", permission=Permission.CONDUCT_REVIEW)
def explain(progress: Progress, *, scenario_id: int) -> Mapping[str, object]:
    """Explain a what-if."""
    try:
        explained = explain_scenario(actor=acting_person(progress), scenario_id=scenario_id, tell=progress.report)
    except RefusedError as refused:
        raise OpenKamError(str(refused)) from refused
    return {"scenario": explained.name, "round": explained.round_id}
