"""An account in the programme: its standing, why the latest round has it in or out, its money as measured, every decision about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from openkam.analytics.report.illustrative import generated_measures
from openkam.analytics.review.measures_file import read_catalogue
from openkam.analytics.terms import Measure, OpenKamError
from openkam.analytics.valuation.margin_steps import MarginStep, margin_steps
from openkam.app.accounts.models import Account
from openkam.app.cockpit.queries.standing import latest_baseline
from openkam.app.cockpit.terms import MEASURES, MeasureShown
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once, only_row
from openkam.app.selection.models import Candidate, Decision, KeyStatus, Round, Scenario
from openkam.app.selection.queries.explanation import Explanation, Part, explanation
from openkam.app.selection.queries.status import statuses_of
from openkam.app.selection.queries.workspace import measures_path
from openkam.app.ui.templatetags.graphics import SERIES

DECISIONS_SHOWN = 10
DECISION_TOLD = (
    *("account_id", "choice", "proposed", "in_key", "tier", "valid_from", "valid_until", "reason", "decided_at"),
    *("decided_by__name", "round__name"),
)
"""What a line of the history says of a decision."""


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure of the account: None where the facts cannot tell. `meaning` is the engine's sentence."""

    shown: MeasureShown
    value: object
    meaning: str
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion's part in the utility: `fill` is the value reached, of one; `tone` its colour in the make-up."""

    tone: str
    label: str
    weight: float
    contribution: float
    fill: float
    level: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class MeasureGroup:
    """Measures about one thing."""

    label: str
    lines: tuple[MeasureLine, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """What the round measured of the account. `steps` is empty where no cost is known, `problem` says what cannot be read."""

    steps: tuple[MarginStep, ...]
    lines: tuple[MeasureLine, ...]
    is_illustrative: bool
    problem: str

    @property
    def groups(self) -> list[MeasureGroup]:
        """The measures by what they are about."""
        labels = dict.fromkeys(line.shown.group for line in self.lines)
        return [MeasureGroup(label, tuple(line for line in self.lines if line.shown.group == label)) for label in labels]


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """`why` and `money` are None where the latest round did not weigh the account, `round` where there is none yet."""

    round: Round | None
    status: KeyStatus | None
    statuses: Sequence[KeyStatus]
    why: Explanation | None
    criteria: tuple[CriterionLine, ...]
    money: Money | None
    decisions: tuple[Decision, ...]

    @property
    def decision(self) -> Decision | None:
        """What was decided in the latest round."""
        return self.why.decision if self.why else None

    @property
    def ended(self) -> list[KeyStatus]:
        """The spans over which it was key, without the one in force."""
        return [status for status in self.statuses if status != self.status]

    @property
    def is_proposed(self) -> bool:
        """Whether the latest round would take it in and nobody decided yet."""
        return self.why is not None and self.why.candidate.is_selected and (self.decision is None or self.decision.in_key is None)


def account_standing(user: User, account: Account, on: date) -> AccountStanding:
    """The standing of a visible account on a day."""
    baseline = latest_baseline()
    selection_round = baseline.round if baseline else None
    why = _why(user, baseline, account) if baseline else None
    statuses = statuses_of(user, account)
    return AccountStanding(
        round=selection_round,
        status=next((status for status in statuses if status.is_in_force(on)), None),
        statuses=statuses,
        why=why,
        criteria=tuple(_criterion(position, part) for position, part in enumerate(why.parts)) if why else (),
        money=_money(why.candidate, selection_round) if why and selection_round else None,
        decisions=tuple(_decisions(account.pk)),
    )


def _why(user: User, baseline: Scenario, account: Account) -> Explanation | None:
    pk = only_row(_candidate(baseline.pk, account.pk))
    return None if pk is None else explanation(user, baseline, pk)


@compiled_once
def _candidate(baseline: int, account: int) -> QuerySet[Candidate, int]:
    return Candidate.objects.filter(scenario=baseline, account=account).values_list("pk", flat=True)[:1]


@compiled_once
def _decisions(account: int) -> QuerySet[Decision]:
    made = Decision.objects.filter(account=account).select_related("round", "decided_by").only(*DECISION_TOLD)
    return made[:DECISIONS_SHOWN]


def _criterion(position: int, part: Part) -> CriterionLine:
    reached = part.contribution / part.weight if part.weight else 0.0
    tone = SERIES[position % len(SERIES)]
    return CriterionLine(tone, part.label, part.weight, part.contribution, reached, part.level, part.unit)


def _money(candidate: Candidate, selection_round: Round) -> Money:
    catalogue, problem = _catalogue(selection_round)
    generated = generated_measures(catalogue.values(), selection_round.illustrative)
    return Money(
        steps=margin_steps(candidate.measures),
        lines=tuple(
            MeasureLine(
                shown=shown,
                value=_day(candidate.measures.get(shown.name)) if shown.kind == "day" else candidate.measures.get(shown.name),
                meaning=catalogue[shown.name].meaning if shown.name in catalogue else "",
                is_illustrative=shown.name in generated,
            )
            for shown in MEASURES
        ),
        is_illustrative="contribution_margin" in generated,
        problem=problem,
    )


def _catalogue(selection_round: Round) -> tuple[dict[str, Measure], str]:
    try:
        found = read_catalogue(measures_path(selection_round.measures_file))
    except OpenKamError as error:
        return {}, str(error)
    return {measure.name: measure for measure in found}, ""


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
