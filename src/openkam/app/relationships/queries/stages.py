"""The stage of the relation with an account: as decided, what the evidence says of it, and what is missing for the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from openkam.analytics.relationship.lifecycle_stage.assessment import CriterionState, GateState, StageAssessment, assess_stage
from openkam.analytics.relationship.lifecycle_stage.assessment import StageEvidence as Shown
from openkam.analytics.relationship.lifecycle_stage.decisions import ChangeKind, Decision, StageRecord
from openkam.analytics.relationship.lifecycle_stage.decisions import StageChange as Change
from openkam.analytics.relationship.lifecycle_stage.stages import GATES, ORDER, Stage
from openkam.analytics.relationship.lifecycle_stage.uncoupling_signals import UncouplingSignal
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.relationships.models import StageChange, StageEvidence
from openkam.app.relationships.queries.stage_measures import signals_of
from openkam.app.relationships.terms import LifecycleStage

EVIDENCE_SHOWN = 60
CRITERIA: dict[str, str] = {criterion.name: criterion.text for gate in GATES for criterion in gate.criteria}
"""Each criterion in words."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage on the track: done, now or ahead."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion of a gate today. `state`: held, claimed, expired, against or missing; `since_words` tells the evidence behind it."""

    name: str
    text: str
    points: int
    state: str
    on: date | None
    source: str
    counts_until: date | None


@dataclass(frozen=True, slots=True)
class GateView:
    """A gate today: points held and needed, when it would close by itself, its criteria (those held first)."""

    label: str
    points: int
    needed: int
    is_open: bool
    open_until: date | None
    oldest_on: date | None
    lines: Sequence[CriterionLine]

    @property
    def share(self) -> float:
        """Points held of those needed (share, at most one)."""
        return min(self.points / self.needed, 1.0)

    @property
    def missing(self) -> list[CriterionLine]:
        """What is not held, what weighs most first."""
        return sorted((line for line in self.lines if line.state != "held"), key=lambda line: -line.points)


@dataclass(frozen=True, slots=True)
class StageGlance:
    """The stage, since when, the track of all six, and what the evidence says of it."""

    stage: LifecycleStage
    since_on: date
    track: Sequence[Step]
    own: GateView | None
    next: GateView | None
    proposal: str
    is_on_watch: bool
    supported: str

    @property
    def is_watched(self) -> bool:
        """On watch where there is something to lose: the first stage has nothing below it."""
        return self.is_on_watch and self.stage != LifecycleStage.PRE

    @property
    def next_label(self) -> str:
        """The stage above; empty where there is none."""
        return self.next.label if self.next else ""


@dataclass(frozen=True, slots=True)
class StagePage:
    """Everything about the stage of one account."""

    glance: StageGlance
    evidence: Sequence[tuple[StageEvidence, str]]
    """Each with its criterion in words, the newest first."""
    evidence_count: int
    changes: Sequence[StageChange]
    signals: Sequence[UncouplingSignal]
    measured_at: datetime | None
    lower: Sequence[tuple[str, str]]


def visible_stage_evidence(user: User) -> QuerySet[StageEvidence]:
    """All evidence about the accounts that the user sees."""
    return StageEvidence.objects.filter(account__in=visible_accounts(user).order_by())


def visible_stage_changes(user: User) -> QuerySet[StageChange]:
    """Every decision about the stage of an account that the user sees."""
    return StageChange.objects.filter(account__in=visible_accounts(user).order_by())


def stage_evidence(user: User, pk: int) -> StageEvidence:
    """One piece of evidence about a visible account; raises `Http404` for any other."""
    found = visible_stage_evidence(user).select_related("account").filter(pk=pk).first()
    if found is None:
        raise Http404("No such evidence.")
    return found


def stage_record(account: Account) -> StageRecord:
    """Stage and decisions as the engine reads them; an account begins before all stages' gates, on the day it was added."""
    return _record(account, reversed(_changes(account.pk)))


def evidence_of(account: Account) -> list[StageEvidence]:
    """What was shown and not withdrawn, the latest first."""
    return _evidence(account.pk)


@compiled_once
def _changes(account: int) -> QuerySet[StageChange]:
    return StageChange.objects.filter(account=account).select_related("decided_by")


@compiled_once
def _evidence(account: int) -> QuerySet[StageEvidence]:
    return StageEvidence.objects.filter(account=account, withdrawn_at=None).select_related("author")


def shown(rows: Iterable[StageEvidence]) -> list[Shown]:
    """Stored evidence as the engine reads it; what a criterion of an older version asked for is left out."""
    return [
        Shown(row.criterion, row.on, row.source, row.holds, row.is_claim, row.expires_on)
        for row in rows
        if row.criterion in CRITERIA
    ]


def glance(record: StageRecord, rows: Sequence[StageEvidence], today: date) -> StageGlance:
    """What the evidence says of a stage on a day."""
    found = assess_stage(record.stage, shown(rows), today)
    return StageGlance(
        stage=LifecycleStage(record.stage.value),
        since_on=record.since_on,
        track=_track(record.stage),
        own=_gate(found.own, rows, today),
        next=_gate(found.next, rows, today),
        proposal=label_of(found.proposal) if found.proposal else "",
        is_on_watch=found.is_on_watch,
        supported=label_of(found.supported),
    )


def stage_glance(account: Account, today: date) -> StageGlance:
    """The stage of a visible account for the head of its page, in two queries."""
    return glance(stage_record(account), evidence_of(account), today)


def stage_page(account: Account, today: date) -> StagePage:
    """The stage page of an account that `account` or `visible_accounts` returned."""
    changes = _changes(account.pk)
    record = _record(account, reversed(changes))
    rows = evidence_of(account)
    place = ORDER.index(record.stage) if record.stage in ORDER else 0
    return StagePage(
        glance=glance(record, rows, today),
        evidence=[(row, CRITERIA.get(row.criterion, str(row.criterion))) for row in rows[:EVIDENCE_SHOWN]],
        evidence_count=len(rows),
        changes=changes,
        signals=signals_of(account, today),
        measured_at=max((row.recorded_at for row in rows if row.is_measured), default=None),
        lower=[(stage.value, label_of(stage)) for stage in reversed(ORDER[:place])],
    )


def criteria_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every criterion under the gate that asks for it, for a form."""
    return [(f"Gate to {label_of(gate.stage)}", [(one.name, one.text) for one in gate.criteria]) for gate in GATES]


def why_not(found: StageAssessment) -> str:
    """Why nothing is proposed, in a sentence; empty where something is."""
    if found.proposal is not None:
        return ""
    if found.next is None:
        return "There is no stage above this one."
    if found.own is not None and not found.own.is_open:
        return f"The gate to its own stage is closed: {_lacking(found.own)}."
    return f"The gate to {label_of(found.next.gate.stage)} is closed: {_lacking(found.next)}."


def label_of(stage: Stage) -> str:
    """A stage in words."""
    return str(LifecycleStage(stage.value).label)


def _lacking(gate: GateState) -> str:
    missing = "; ".join(state.criterion.text[0].lower() + state.criterion.text[1:] for state in gate.missing)
    held = f"{gate.points} of the {gate.gate.points_needed} points needed are held"
    if gate.points >= gate.gate.points_needed:
        held += ", but from one source alone, or without contacts or service"
    return f"{held}; not shown: {missing}" if missing else held


def _record(account: Account, changes: Iterable[StageChange]) -> StageRecord:
    told = tuple(
        Change(
            ChangeKind(one.kind),
            Stage(one.from_stage),
            Stage(one.to_stage),
            Decision(one.decided_by.name, one.decided_on, one.reason),
        )
        for one in changes
    )
    since_on = told[-1].decision.decided_on if told else timezone.localdate(account.created_at)
    return StageRecord(told[-1].to_stage if told else Stage.PRE, since_on, told)


def _track(stage: Stage) -> list[Step]:
    place = ORDER.index(stage) if stage in ORDER else -1
    steps = [
        Step(label_of(one), "done" if number < place else "now" if number == place else "") for number, one in enumerate(ORDER)
    ]
    return [*steps, Step(label_of(Stage.UNCOUPLING), "now" if place < 0 else "un")]


def _gate(gate: GateState | None, rows: Sequence[StageEvidence], today: date) -> GateView | None:
    if gate is None:
        return None
    lines = [_line(state, [row for row in rows if row.criterion == state.criterion.name], today) for state in gate.states]
    return GateView(
        label=label_of(gate.gate.stage),
        points=gate.points,
        needed=gate.gate.points_needed,
        is_open=gate.is_open,
        open_until=gate.open_until,
        oldest_on=gate.oldest_on,
        lines=sorted(lines, key=lambda line: line.state != "held"),
    )


def _line(state: CriterionState, rows: Sequence[StageEvidence], today: date) -> CriterionLine:
    on, source, until = None, "", state.counts_until
    if state.evidence:
        word, on, source = "held", state.evidence.on, state.evidence.source
    elif state.expired_on:
        word, until = "expired", state.expired_on
    else:
        backed = [row for row in rows if not row.is_claim and row.on <= today]
        against = next((row for row in backed if not row.holds), None)
        claimed = next((row for row in rows if row.is_claim and row.holds and row.on <= today), None)
        word = "against" if against else "claimed" if state.is_claimed else "missing"
        told = against or (claimed if state.is_claimed else None)
        if told:
            on, source = told.on, told.source
    return CriterionLine(state.criterion.name, state.criterion.text, state.criterion.points, word, on, source, until)
