"""Rounds: asked for, conducted by a worker, closed for good."""

import secrets
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils import timezone

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.measures_file import write_measures
from openkam.analytics.review.review import Review
from openkam.analytics.selection.programme import Programme
from openkam.app.accounts.operations.adoption import Adoption
from openkam.app.accounts.operations.reviewed import adopt_reviewed_accounts
from openkam.app.audit.operations import recorded
from openkam.app.ledger.queries.facts import workspace_ledger
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run
from openkam.app.selection.models import Decision, Round, Scenario
from openkam.app.selection.operations.candidates import criteria_of, limits_used, store_candidates, store_explanations
from openkam.app.selection.queries.ratings import counted_programme
from openkam.app.selection.queries.workspace import measures_path, workspace_programme
from openkam.app.selection.terms import BASELINE, REVIEW_KIND, RefusedError, RoundStatus

Tell = Callable[[str], None]
"""Hears the step that begins; raises to end the work."""


def start_round(*, actor: User, name: str = "", as_of_on: date | None = None) -> Run:
    """Have a round conducted by a worker. Raises `RefusedError` where the name is taken or the programme has a fault."""
    require(actor, Permission.CONDUCT_REVIEW)
    _refuse_taken(name)
    workspace_programme(actor)
    parameters = {"name": name, "as_of": as_of_on.isoformat() if as_of_on else ""}
    return request_run(actor=actor, kind=REVIEW_KIND, title=f"Review: {name or 'next round'}"[:200], parameters=parameters)


def conduct_round(*, actor: User, run_id: int | None, name: str, as_of_on: date | None, tell: Tell) -> Round:
    """Review the ledger and store what came of it as a round.

    A run that stored its round before it was lost finds it again. Raises `RefusedError` and `OpenKamError` in the engine's words.
    """
    require(actor, Permission.CONDUCT_REVIEW)
    if run_id is not None and (known := Round.objects.filter(run_id=run_id).first()):
        return known
    _refuse_taken(name)
    ledger = workspace_ledger(actor)
    text, programme = counted_programme(actor, timezone.localdate())
    # A round keeps every measure, so that a criterion over any of them can be tried and added without measuring again.
    review = conduct_review(ledger, programme, as_of=as_of_on, with_every_measure=True, progress=tell)
    return store_review(
        actor=actor, ledger=ledger, review=review, text=text, programme=programme, run_id=run_id, name=name, tell=tell
    )


def store_review(
    *,
    actor: User,
    ledger: Ledger,
    review: Review,
    text: str,
    programme: Programme,
    run_id: int | None = None,
    name: str = "",
    tell: Tell = lambda _: None,
) -> Round:
    """Make accounts of a review's customers and store it as a round with its baseline: all of it or nothing.

    `text` is the text of `programme`, under which the ledger was reviewed.
    """
    require(actor, Permission.CONDUCT_REVIEW)
    path = measures_path(f"{secrets.token_hex(8)}.parquet")
    write_measures(review, programme, path)
    try:
        with transaction.atomic():
            tell("Making accounts of the ledger's customers")
            adoption = adopt_reviewed_accounts(actor=actor, ledger=ledger, review=review)
            tell("Storing the round")
            return _stored(actor, review, adoption, text=text, file=path.name, name=name, run_id=run_id)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@transaction.atomic
def close_round(*, actor: User, selection_round: Round, reason: str = "") -> Round:
    """Close a round for good: nothing in it changes any more. Raises `RefusedError` when it is closed, or nothing was decided."""
    require(actor, Permission.DECIDE_SELECTION)
    locked = Round.objects.select_for_update().get(pk=selection_round.pk)
    refuse_closed(locked)
    if not Decision.objects.filter(round=locked).exists():
        raise RefusedError("Nothing is decided yet: approve, override or defer first.")
    with recorded(actor=actor, verb="closed", record=locked, reason=reason):
        locked.status, locked.closed_at, locked.closed_by = RoundStatus.CLOSED, timezone.now(), actor
        locked.save(update_fields=["status", "closed_at", "closed_by"])
    return locked


def refuse_closed(selection_round: Round) -> None:
    """Raise `RefusedError` unless the round is open."""
    if not selection_round.is_open:
        raise RefusedError(f"{selection_round.name} is closed and cannot change: start another round.")


def _refuse_taken(name: str) -> None:
    if name and Round.objects.filter(name=name).exists():
        raise RefusedError(f"There is a round {name} already: give another name.")


def _stored(actor: User, review: Review, adoption: Adoption, *, text: str, file: str, name: str, run_id: int | None) -> Round:
    now = timezone.now()
    made = Round(
        name=name or _next_name(review.as_of),
        as_of_on=review.as_of,
        currency=review.currency,
        ledger_version=review.ledger_version,
        programme=text,
        programme_digest=review.programme_digest,
        code_version=review.code_version,
        measures_file=file,
        account_count=review.accounts.num_rows,
        illustrative=list(review.illustrative),
        notes=[*review.notes, *adoption.notes],
        run_id=run_id,
        opened_at=now,
        opened_by=actor,
    )
    with recorded(actor=actor, verb="opened", record=made):
        made.save()
    baseline = Scenario(
        round=made,
        name=BASELINE,
        is_baseline=True,
        programme=text,
        objective=review.solution.objective,
        gap=review.solution.gap,
        solver_seconds=review.solution.seconds,
        candidate_count=len(review.problem.accounts),
        selected_count=int(review.solution.chosen.sum()),
        criteria=criteria_of(review.criteria),
        limits=limits_used(review.problem, review.solution, review.currency),
        made_at=now,
        made_by=actor,
    )
    with recorded(actor=actor, verb="solved", record=baseline):
        baseline.save()
    store_candidates(
        baseline,
        accounts=review.accounts.filter(review.accounts["is_candidate"]).to_pylist(),
        criteria=review.criteria,
        problem=review.problem,
        measures=[measure.name for measure in review.measures],
    )
    store_explanations(baseline, problem=review.problem, explanations=review.explanations, currency=review.currency)
    return made


def _next_name(as_of: date) -> str:
    taken = set(Round.objects.filter(name__startswith=f"{as_of.year}-").values_list("name", flat=True))
    return next(name for number in range(1, len(taken) + 2) if (name := f"{as_of.year}-{number}") not in taken)
