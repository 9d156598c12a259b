"""Show evidence for a stage, measure what can be measured, and decide: promote, demote, uncouple, return."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.analytics.relationship.lifecycle_stage import decisions as engine
from openkam.analytics.relationship.lifecycle_stage.assessment import assess_stage
from openkam.analytics.relationship.lifecycle_stage.decisions import Decision, StageRecord
from openkam.analytics.relationship.lifecycle_stage.stages import GATES, Stage
from openkam.analytics.terms import OpenKamError
from openkam.app.accounts.models import Account
from openkam.app.audit.operations import record_write, recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Employment, ExitPlan, StageChange, StageEvidence
from openkam.app.relationships.queries.exit_plans import engine_plan, open_exit_plan
from openkam.app.relationships.queries.stage_measures import measured_evidence
from openkam.app.relationships.queries.stages import evidence_of, shown, stage_record, why_not
from openkam.app.relationships.terms import StageMove

VERBS = {
    StageMove.PROMOTION: "promoted",
    StageMove.DEMOTION: "demoted",
    StageMove.UNCOUPLING: "began to uncouple",
    StageMove.RETURN: "took back",
}
"""What the audit says that somebody did with an account."""


@transaction.atomic
def state_evidence(
    *,
    actor: User,
    account: Account,
    criterion: str,
    on: date,
    source: str,
    holds: bool = True,
    is_claim: bool = False,
    expires_on: date | None = None,
) -> StageEvidence:
    """Keep what was shown about a criterion. A claim is kept and counts nothing.

    Raises `ValidationError` for a criterion that no gate has, a day to come, or a last day before it.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if criterion not in {one.name for gate in GATES for one in gate.criteria}:
        raise ValidationError({"criterion": "No gate asks for this."})
    if on > timezone.localdate():
        raise ValidationError({"on": "This day has not come yet."})
    if expires_on is not None and expires_on < on:
        raise ValidationError({"expires_on": "It cannot stop to count before it was shown."})
    made = StageEvidence(
        account=account,
        criterion=criterion,
        on=on,
        source=" ".join(source.split()),
        holds=holds,
        is_claim=is_claim,
        expires_on=expires_on,
        author=actor,
    )
    made.full_clean(exclude=["account", "author"])
    with recorded(actor=actor, verb="showed evidence", record=made):
        made.save()
    return made


@transaction.atomic
def withdraw_evidence(*, actor: User, evidence: StageEvidence) -> None:
    """Let evidence count no more; it stays on record. Raises `ValidationError` for what the program measured itself."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if evidence.is_measured:
        raise ValidationError("What is measured follows from its records: correct those.")
    with recorded(actor=actor, verb="withdrew evidence", record=evidence):
        evidence.withdrawn_at = timezone.now()
        evidence.save(update_fields=["withdrawn_at"])


@transaction.atomic
def measure_stage(*, account: Account, today: date) -> int:
    """Measure the account's evidence anew and return how many criteria could be measured.

    Of a criterion and source the latest measure is moved on while it says the same; one that says otherwise stands beside it.
    """
    found = measured_evidence(account, today)
    known = {
        (row.criterion, row.source): row
        for row in StageEvidence.objects.filter(account=account, is_measured=True).order_by("on", "id")
    }
    now = timezone.now()
    for one in found:
        row = known.get((one.criterion, one.source))
        if row is None or row.holds != one.holds:
            row = StageEvidence(account=account, criterion=one.criterion, source=one.source, holds=one.holds, is_measured=True)
        row.on, row.recorded_at = one.on, now
        row.save()
    return len(found)


def measure_all_stages(*, today: date, tell: Callable[[str], None]) -> int:
    """Measure every account that somebody works at, is in the latest valuation's decisions, or was measured before."""
    wanted = Account.objects.filter(deleted_at=None, pk__in=Employment.objects.order_by().values("account")) | (
        Account.objects.filter(deleted_at=None, pk__in=StageEvidence.objects.order_by().values("account"))
    )
    count = 0
    for account in wanted.order_by("pk").distinct().iterator(chunk_size=200):
        measure_stage(account=account, today=today)
        count += 1
        if count % 50 == 0:
            tell(f"Measured {count} accounts")
    return count


def promote_stage(*, actor: User, account: Account, reason: str) -> StageChange:
    """One stage up. Raises `ValidationError`, which says what is missing, unless the evidence of today opens the gate."""

    def decide(record: StageRecord, rows: list[Any], decision: Decision) -> StageRecord:
        found = assess_stage(record.stage, rows, decision.decided_on)
        if found.proposal is None:
            raise ValidationError(why_not(found))
        return engine.promote(record, rows, decision)

    return _decide(actor, account, reason, decide)


def demote_stage(*, actor: User, account: Account, to_stage: str, reason: str) -> StageChange:
    """Down, while the evidence of its own stage does not hold. Raises `ValidationError` otherwise, and for a stage not below."""
    return _decide(actor, account, reason, lambda record, rows, decision: engine.demote(record, Stage(to_stage), rows, decision))


def uncouple(*, actor: User, account: Account, reason: str) -> StageChange:
    """Out of any stage, by the account's exit plan. Raises `ValidationError` without one."""
    plan = open_exit_plan(account)
    if plan is None:
        raise ValidationError("Leaving needs an exit plan: what comes back, which promises are closed, what could go wrong.")
    told = engine_plan(plan, list(plan.values.all()), [], list(plan.risks.select_related("owner")))
    return _decide(actor, account, reason, lambda record, rows, decision: engine.uncouple(record, told, decision))


@transaction.atomic
def return_to_stage(*, actor: User, account: Account, reason: str) -> StageChange:
    """Back into what the evidence supports, no higher than where it left; its exit plan is closed. Raises `ValidationError`."""
    made = _decide(actor, account, reason, engine.return_from_uncoupling)
    plan = ExitPlan.objects.filter(account=account, closed_on=None).first()
    if plan is not None:
        with recorded(actor=actor, verb="closed", record=plan, reason=reason):
            plan.closed_on = made.decided_on
            plan.save(update_fields=["closed_on"])
    return made


@transaction.atomic
def _decide(
    actor: User, account: Account, reason: str, decide: Callable[[StageRecord, list[Any], Decision], StageRecord]
) -> StageChange:
    require(actor, Permission.EDIT_ACCOUNTS)
    if not reason.strip():
        raise ValidationError({"reason": "Say why: whoever comes after you will ask."})
    # Of two who decide at once the second meets what the first decided.
    Account.objects.select_for_update().get(pk=account.pk)
    today = timezone.localdate()
    measure_stage(account=account, today=today)
    try:
        after = decide(stage_record(account), shown(evidence_of(account)), Decision(actor.name, today, reason.strip()))
    except OpenKamError as refused:
        raise ValidationError(str(refused)) from refused
    last = after.changes[-1]
    if last.from_stage == last.to_stage:
        raise ValidationError("It would stay where it is.")
    made = StageChange.objects.create(
        account=account,
        kind=last.kind.value,
        from_stage=last.from_stage.value,
        to_stage=last.to_stage.value,
        decided_by=actor,
        decided_on=today,
        reason=reason.strip(),
        evidence=[{"criterion": one.criterion, "on": one.on.isoformat(), "source": one.source} for one in last.evidence],
    )
    record_write(
        actor=actor,
        verb=VERBS[StageMove(made.kind)],
        record=account,
        before={"stage": made.from_stage},
        after={"stage": made.to_stage},
        reason=made.reason,
    )
    return made
