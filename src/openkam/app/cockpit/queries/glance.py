"""The portfolio at a glance: who is key by tier, what key accounts carry, what waits for a decision, whose hours are used."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window

from openkam.analytics.report.portfolio import TOTALS_READ, Carried, Group, Totals, carried_by, standing_totals
from openkam.analytics.review.measures_file import read_measures
from openkam.analytics.terms import OpenKamError
from openkam.app.cockpit.queries.standing import Standings, counted
from openkam.app.cockpit.terms import KEY_STANDINGS, Standing
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.selection.models import Candidate, Decision, Round, Scenario
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.candidates import IS_NEAR_TIE, visible_candidates
from openkam.app.selection.queries.workspace import measures_path
from openkam.app.selection.terms import NEAR_TIE_PERCENT, Choice

WAITING_SHOWN = 6
HOURS_SHOWN = 10
WAITING_TOLD = ("account_id", "name", "rank", "region", "is_selected", "is_explained", "pin", "regret_percent")
"""What a line about a candidate says."""
MANAGER = "manager:"
"""How the engine's name of a limit on one manager's hours begins."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate that a person has still to decide about; `is_deferred` where somebody put it off, with the reason."""

    candidate: Candidate
    is_near_tie: bool
    deferred: Decision | None


@dataclass(frozen=True, slots=True)
class TierLine:
    """One standing with its sums; `totals` is None where the round did not measure its accounts."""

    standing: Standing
    account_count: int
    totals: Totals | None


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of one manager that the proposal uses."""

    name: str
    used: float
    bound: float
    fill: float
    is_binding: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """What of the latest round a person sees. `problem` says why the measures cannot be read; then the sums are missing."""

    round: Round
    key_count: int
    tiers: tuple[TierLine, ...]
    totals: Totals | None
    key: Carried
    waiting: tuple[Waiting, ...]
    waiting_count: int
    near_tie_count: int
    hours: tuple[Hours, ...]
    more_hours_count: int
    problem: str

    @property
    def key_tiers(self) -> tuple[TierLine, ...]:
        """The tiers that have accounts."""
        return tuple(tier for tier in self.tiers if tier.standing.is_key)


def glance(user: User, standings: Standings) -> Glance:
    """The glance of a person who sees a portfolio; every sum is over accounts that they see."""
    waiting = (
        _first_waiting(user, standings.baseline.pk, standings.round.pk, standings.key_now) if standings.round.is_open else []
    )
    whole, groups, problem = _sums(user, standings)
    by_name = {group.name: group.totals for group in groups}
    held = Counter(standings.by_account.values())
    hours = hours_used(user, standings.baseline)
    return Glance(
        round=standings.round,
        key_count=sum(held[one] for one in KEY_STANDINGS),
        tiers=tuple(TierLine(one, held[one], by_name.get(one)) for one in (*KEY_STANDINGS, Standing.PROPOSED) if held[one]),
        totals=whole,
        key=carried_by(groups, KEY_STANDINGS),
        waiting=waiting_lines(standings.round, waiting),
        waiting_count=waiting[0].waiting_count if waiting else 0,  # pyright: ignore[reportAttributeAccessIssue] - annotated
        near_tie_count=waiting[0].near_count if waiting else 0,  # pyright: ignore[reportAttributeAccessIssue] - annotated
        hours=hours[:HOURS_SHOWN],
        more_hours_count=max(len(hours) - HOURS_SHOWN, 0),
        problem=problem,
    )


def still_waiting(user: User, standings: Standings) -> QuerySet[Candidate]:
    """The visible accounts of an open round that the search would take in, or let go, and that nobody decided about for good."""
    if not standings.round.is_open:
        return visible_candidates(user, standings.baseline).none()
    return _waiting(user, standings.baseline.pk, standings.round.pk, standings.key_now)


@compiled_once
def _first_waiting(user: User, baseline: int, selection_round: int, key_now: tuple[int, ...]) -> QuerySet[Candidate]:
    # All are counted along with the first: a window is over what is found before it is cut.
    every = Window(Count("pk")), Window(Count("pk", filter=IS_NEAR_TIE))
    found = _waiting(user, baseline, selection_round, key_now).only(*WAITING_TOLD)
    return found.annotate(waiting_count=every[0], near_count=every[1])[:WAITING_SHOWN]


def _waiting(user: User, baseline: int, selection_round: int, key_now: tuple[int, ...]) -> QuerySet[Candidate]:
    decided = Decision.objects.filter(round=selection_round, account=OuterRef("account")).exclude(choice=Choice.DEFER)
    moves = Q(is_selected=True) | Q(account__in=key_now)
    candidates = visible_candidates(user, baseline).filter(moves, ~Exists(decided), account__isnull=False)
    return candidates.order_by("-is_selected", "rank")


def waiting_lines(selection_round: Round, candidates: Sequence[Candidate]) -> tuple[Waiting, ...]:
    """The candidates, each with what is known of the decision about it."""
    accounts = tuple(candidate.account_id for candidate in candidates if candidate.account_id)
    deferred = {decision.account_id: decision for decision in _made(selection_round.pk, accounts)}
    return tuple(Waiting(one, is_near_tie(one), deferred.get(one.account_id or 0)) for one in candidates)


@compiled_once
def _made(selection_round: int, accounts: tuple[int, ...]) -> QuerySet[Decision]:
    return Decision.objects.filter(round=selection_round, account__in=accounts)


def is_near_tie(candidate: Candidate) -> bool:
    """Whether the decision about it could well be otherwise."""
    regret = candidate.regret_percent
    return candidate.is_explained and not candidate.pin and regret is not None and regret < NEAR_TIE_PERCENT


def hours_used(user: User, baseline: Scenario) -> tuple[Hours, ...]:
    """The managers' hours as the proposal uses them, the fullest first; nobody's for who does not see all accounts, as they tell of
    others' work.
    """
    if not sees_all_records(user):
        return ()
    lines = (
        Hours(limit["name"].removeprefix(MANAGER), limit["used"], limit["bound"], limit["fill"], limit["is_binding"])
        for limit in baseline.limits
        if limit["name"].startswith(MANAGER)
    )
    return tuple(sorted(lines, key=lambda line: -line.fill))


def _sums(user: User, standings: Standings) -> tuple[Totals | None, tuple[Group, ...], str]:
    try:
        measures = read_measures(measures_path(standings.round.measures_file), TOTALS_READ)
    except OpenKamError as error:
        return None, (), str(error)
    return *standing_totals(measures, standing=standings.by_ledger_account, **counted(user)), ""
