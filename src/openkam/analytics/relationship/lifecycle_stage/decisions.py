"""How a stage changes: only by a decision of a person, with a reason, one step up at a time, and out of any stage."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from openkam.analytics.relationship.lifecycle_stage.assessment import StageAssessment, StageEvidence, assess_stage
from openkam.analytics.relationship.lifecycle_stage.exit_plan import ExitPlan
from openkam.analytics.relationship.lifecycle_stage.stages import GATES, ORDER, Gate, Stage
from openkam.analytics.terms import OpenKamError


class ChangeKind(StrEnum):
    """What was decided."""

    PROMOTION = "promotion"
    DEMOTION = "demotion"
    UNCOUPLING = "uncoupling"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, on which day, and why."""

    decided_by: str
    decided_on: date
    reason: str

    def __post_init__(self) -> None:
        if not self.decided_by.strip() or not self.reason.strip():
            raise OpenKamError("A stage changes by somebody's decision: say who decides, and why.")


@dataclass(frozen=True, slots=True)
class StageChange:
    """One change with the decision behind it and the evidence that counted on that day."""

    kind: ChangeKind
    from_stage: Stage
    to_stage: Stage
    decision: Decision
    evidence: tuple[StageEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class StageRecord:
    """The stage of a relation, since when, and how it came to it. `exit_plan` is there while it uncouples."""

    stage: Stage
    since_on: date
    changes: tuple[StageChange, ...] = ()
    exit_plan: ExitPlan | None = None


def promote(
    record: StageRecord, evidence: Iterable[StageEvidence], decision: Decision, gates: tuple[Gate, ...] = GATES
) -> StageRecord:
    """One stage up. Raises `OpenKamError` unless the evidence of that day proposes it."""
    found = _assessed(record, evidence, decision, gates)
    if found.proposal is None or found.next is None:
        raise OpenKamError(f"{record.stage} cannot be promoted on {decision.decided_on}: {_why_not(found)}.")
    counted = tuple(state.evidence for state in found.next.states if state.evidence)
    return _changed(record, ChangeKind.PROMOTION, found.proposal, decision, counted)


def demote(
    record: StageRecord, to_stage: Stage, evidence: Iterable[StageEvidence], decision: Decision, gates: tuple[Gate, ...] = GATES
) -> StageRecord:
    """Down to a stage, while the relation is on watch. Raises `OpenKamError` otherwise, and for a stage that is not below."""
    found = _assessed(record, evidence, decision, gates)
    if not found.is_on_watch:
        raise OpenKamError(f"{record.stage} is not on watch on {decision.decided_on}: its evidence holds, and it stays.")
    if to_stage not in ORDER[: ORDER.index(record.stage)]:
        raise OpenKamError(f"{to_stage} is not below {record.stage}.")
    return _changed(record, ChangeKind.DEMOTION, to_stage, decision)


def uncouple(record: StageRecord, plan: ExitPlan, decision: Decision) -> StageRecord:
    """From any stage, with a plan for an orderly exit. Raises `OpenKamError` where it is uncoupling already."""
    if record.stage == Stage.UNCOUPLING:
        raise OpenKamError("The relation is uncoupling already.")
    _check_day(record, decision)
    return replace(_changed(record, ChangeKind.UNCOUPLING, Stage.UNCOUPLING, decision), exit_plan=plan)


def return_from_uncoupling(
    record: StageRecord, evidence: Iterable[StageEvidence], decision: Decision, gates: tuple[Gate, ...] = GATES
) -> StageRecord:
    """Back into what the evidence of that day supports, no higher than where it left. Raises `OpenKamError` if it does not uncouple."""
    if record.stage != Stage.UNCOUPLING:
        raise OpenKamError(f"The relation is in {record.stage}, not uncoupling.")
    found = _assessed(record, evidence, decision, gates)
    left = next((change.from_stage for change in reversed(record.changes) if change.kind == ChangeKind.UNCOUPLING), ORDER[0])
    back = ORDER[min(ORDER.index(found.supported), ORDER.index(left))]
    return replace(_changed(record, ChangeKind.RETURN, back, decision), exit_plan=None)


def _assessed(
    record: StageRecord, evidence: Iterable[StageEvidence], decision: Decision, gates: tuple[Gate, ...]
) -> StageAssessment:
    _check_day(record, decision)
    return assess_stage(record.stage, evidence, decision.decided_on, gates)


def _check_day(record: StageRecord, decision: Decision) -> None:
    if decision.decided_on < record.since_on:
        raise OpenKamError(f"The decision of {decision.decided_on} is older than the stage, which began on {record.since_on}.")


def _changed(
    record: StageRecord, kind: ChangeKind, stage: Stage, decision: Decision, evidence: tuple[StageEvidence, ...] = ()
) -> StageRecord:
    change = StageChange(kind, record.stage, stage, decision, evidence)
    return replace(record, stage=stage, since_on=decision.decided_on, changes=(*record.changes, change))


def _why_not(found: StageAssessment) -> str:
    if found.next is None:
        return "there is no stage above"
    if found.is_on_watch:
        return "its own evidence has expired"
    wanted = ", ".join(state.criterion.name for state in found.next.missing)
    held = f"{found.next.points} of {found.next.gate.points_needed} points are held"
    return f"{held}, or they come from one source, or show neither contacts nor service; not held: {wanted or 'none'}"
