"""What the evidence says of a stage today. It proposes and warns; it changes nothing (see `decisions`).

The latest evidence of a criterion counts. What speaks for it expires; what speaks against it stands until something newer does. A *claim*,
what the manager says without a document or a figure behind it, is shown and counts nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from openkam.analytics.relationship.lifecycle_stage.stages import (
    GATES,
    HEAVY_POINTS,
    ORDER,
    Criterion,
    Gate,
    Stage,
    next_stage,
)
from openkam.analytics.terms import OpenKamError

FEWEST_SOURCES = 2


@dataclass(frozen=True, slots=True)
class StageEvidence:
    """Something that was shown on a day about one criterion, from a `source` (document, system, survey, person).

    `holds` is False for what speaks against it; `is_claim` for what nobody has backed. `expires_on` is the last day on which it
    counts, where that is before the end of the criterion's own time.
    """

    criterion: str
    on: date
    source: str
    holds: bool = True
    is_claim: bool = False
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class CriterionState:
    """One criterion today: `evidence` that holds, or None. `counts_until` is its last day. `is_claimed`: only said so far.

    `expired_on` is the last day on which the latest evidence for it counted; None where there was none, or it was contradicted.
    """

    criterion: Criterion
    evidence: StageEvidence | None
    counts_until: date | None
    is_claimed: bool
    expired_on: date | None


@dataclass(frozen=True, slots=True)
class GateState:
    """A gate today: its criteria, points held and needed, `is_open`, and `missing`, the criteria that are not held (heavy first).

    `support` is the share of all points that is held; `oldest_on` the day of the oldest evidence that it rests on, `open_until` the
    last day on which it stays open with nothing new; None where it is closed.
    """

    gate: Gate
    states: tuple[CriterionState, ...]
    points: int
    is_open: bool
    open_until: date | None

    @property
    def support(self) -> float:
        """Points held over all points (share)."""
        return self.points / self.gate.points

    @property
    def oldest_on(self) -> date | None:
        """Day of the oldest evidence that counts; None without any."""
        return min((state.evidence.on for state in self.states if state.evidence), default=None)

    @property
    def missing(self) -> tuple[CriterionState, ...]:
        """Criteria that are not held, those with most points first."""
        return tuple(sorted((state for state in self.states if not state.evidence), key=lambda state: -state.criterion.points))


@dataclass(frozen=True, slots=True)
class StageAssessment:
    """The current `stage` against its evidence as of a day.

    `own` is the gate of the stage itself, `next` that of the one above; None where there is none. `proposal` is the next stage, if both
    gates are open. `is_on_watch`: its own gate has closed. `supported` is the highest stage up to this one (any, while it
    uncouples) whose gate is open; the first where none is.
    """

    stage: Stage
    as_of_on: date
    own: GateState | None
    next: GateState | None
    proposal: Stage | None
    is_on_watch: bool
    supported: Stage


def assess_stage(
    stage: Stage, evidence: Iterable[StageEvidence], as_of_on: date, gates: tuple[Gate, ...] = GATES
) -> StageAssessment:
    """The assessment of a relation in `stage`. Raises `OpenKamError` for evidence of a criterion that no gate has."""
    known = tuple(evidence)
    names = {criterion.name for gate in gates for criterion in gate.criteria}
    foreign = sorted({one.criterion for one in known} - names)
    if foreign:
        raise OpenKamError(f"No gate asks for {', '.join(foreign)}: give the name of one of its criteria.")
    states = {gate.stage: gate_state(gate, known, as_of_on) for gate in gates}
    above, own = next_stage(stage), states.get(stage)
    following = states[above] if above else None
    below = ORDER if stage == Stage.UNCOUPLING else ORDER[: ORDER.index(stage) + 1]
    supported = next((one for one in reversed(below) if states[one].is_open), ORDER[0])
    is_proposed = own is not None and own.is_open and following is not None and following.is_open
    return StageAssessment(
        stage=stage,
        as_of_on=as_of_on,
        own=own,
        next=following,
        proposal=above if is_proposed else None,
        is_on_watch=own is not None and not own.is_open,
        supported=supported,
    )


def gate_state(gate: Gate, evidence: tuple[StageEvidence, ...], as_of_on: date) -> GateState:
    """One gate as of a day; evidence of a later day does not count yet."""
    states = tuple(_criterion_state(criterion, evidence, as_of_on) for criterion in gate.criteria)
    points = sum(state.criterion.points for state in states if state.evidence)
    ends = sorted({state.counts_until for state in states if state.counts_until})
    is_open = _is_open(gate, states, as_of_on)
    open_until = next((end for end in ends if not _is_open(gate, states, end + timedelta(days=1))), None) if is_open else None
    return GateState(gate, states, points, is_open, open_until)


def _is_open(gate: Gate, states: tuple[CriterionState, ...], on: date) -> bool:
    held = [state for state in states if state.evidence and state.counts_until and on <= state.counts_until]
    sources = {state.evidence.source for state in held if state.evidence}
    has_heavy = any(state.criterion.points >= HEAVY_POINTS for state in held)
    return has_heavy and len(sources) >= FEWEST_SOURCES and sum(state.criterion.points for state in held) >= gate.points_needed


def _criterion_state(criterion: Criterion, evidence: tuple[StageEvidence, ...], as_of_on: date) -> CriterionState:
    told = [one for one in evidence if one.criterion == criterion.name and one.on <= as_of_on]
    backed = [one for one in told if not one.is_claim]
    is_claimed = any(one.is_claim and one.holds for one in told)
    # Of one day, what speaks against it wins, and of the rest what lasts longest; the source only makes the order of rows not matter.
    latest = max(backed, key=lambda one: (one.on, not one.holds, _counts_until(criterion, one), one.source), default=None)
    if latest is None or not latest.holds:
        return CriterionState(criterion, None, None, is_claimed and latest is None, None)
    until = _counts_until(criterion, latest)
    if as_of_on > until:
        return CriterionState(criterion, None, None, is_claimed, until)
    return CriterionState(criterion, latest, until, is_claimed=False, expired_on=None)


def _counts_until(criterion: Criterion, evidence: StageEvidence) -> date:
    own = evidence.on + timedelta(days=criterion.lasts_days)
    return own if evidence.expires_on is None else min(own, evidence.expires_on)
