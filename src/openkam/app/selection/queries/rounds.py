"""Rounds and their scenarios, and a round's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.runs.queries import visible_runs
from openkam.app.runs.terms import OPEN_STATUSES
from openkam.app.selection.models import Candidate, CandidateShare, Decision, Round, Scenario
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.candidates import IS_NEAR_TIE, baseline_candidates, clear_candidates, visible_candidates
from openkam.app.selection.queries.robustness import shares_in_order
from openkam.app.selection.queries.status import current_statuses
from openkam.app.selection.terms import NEAR_TIE_PERCENT, REVIEW_KIND

ROWS_PER_PAGE = 60


def rounds(user: User) -> QuerySet[Round]:
    """All rounds, newest first, with how many accounts that the person sees were decided to be key; a round names no account."""
    seen = Q(decisions__in_key=True)
    if not sees_all_records(user):
        seen &= Q(decisions__account__in=visible_accounts(user).order_by())
    counted = Count("decisions", filter=seen, distinct=True)
    return Round.objects.select_related("opened_by", "closed_by").annotate(key_count=counted).defer("programme", "notes")


def round_of(user: User, pk: int) -> Round:
    """One round; raises `Http404`."""
    found = Round.objects.select_related("opened_by", "closed_by").filter(pk=pk).first()
    if found is None:
        raise Http404("No such round.")
    return found


def open_review_run(user: User) -> Run | None:
    """A review that is at work, as far as the person sees its run."""
    return visible_runs(user).filter(kind=REVIEW_KIND, status__in=OPEN_STATUSES).first()


def scenarios(user: User, selection_round: Round) -> list[Scenario]:
    """The baseline, then what was tried, without their texts."""
    found = Scenario.objects.filter(round=selection_round).select_related("made_by", "explanation_run")
    return list(found.defer("programme"))


def scenario_of(user: User, selection_round: Round, pk: int | None) -> Scenario:
    """A scenario of the round, the baseline without a number; raises `Http404`."""
    found = Scenario.objects.filter(round=selection_round).select_related("round", "made_by", "explanation_run", "robustness_run")
    wanted = found.filter(is_baseline=True) if pk is None else found.filter(pk=pk)
    scenario = wanted.first()
    if scenario is None:
        raise Http404("No such scenario.")
    return scenario


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate as the list shows it: what was decided, whether it is key today, and whether it is a near-tie."""

    candidate: Candidate
    decision: Decision | None
    is_near_tie: bool
    is_key_now: bool
    is_first_out: bool
    share: CandidateShare | None
    """In how many other weightings it is key; None where they were not tried, or it never is."""

    @property
    def moves(self) -> str:
        """`new` for who would come in, `drops` for who would go."""
        if self.candidate.is_selected == self.is_key_now:
            return ""
        return "new" if self.candidate.is_selected else "drops"


@dataclass(frozen=True, slots=True)
class RoundPage:
    """Everything a round's page shows beside its constraints. Counts are of candidates the person sees.

    `change_count` is of those that are key today and would not be, or are not and would be.
    """

    page: Page[Candidate]
    lines: Sequence[CandidateLine]
    visible_count: int
    selected_count: int
    near_tie_count: int
    change_count: int
    clear_count: int
    decided_count: int
    has_shares: bool


def round_page(user: User, scenario: Scenario, number: str | int, name: str = "") -> RoundPage:
    """One page of the candidates, in as many queries whatever their number."""
    candidates = visible_candidates(user, scenario)
    today = current_statuses(timezone.localdate())
    is_key = Exists(today.filter(account=OuterRef("account")))
    counts = candidates.order_by().aggregate(
        visible=Count("pk"),
        selected=Count("pk", filter=Q(is_selected=True)),
        changes=Count("pk", filter=Q(is_selected=True) & ~is_key | Q(is_selected=False) & is_key),
        near=Count("pk", filter=IS_NEAR_TIE),
    )
    shown = candidates.filter(name__icontains=name) if name else candidates
    page = Paginator(shown.defer("measures", "needs", "partners"), ROWS_PER_PAGE).get_page(number)
    rows = list(page.object_list)
    ids = [row.account_id for row in rows if row.account_id]
    decisions = {d.account_id: d for d in Decision.objects.filter(round_id=scenario.round_id, account_id__in=ids)}
    key_now = set(today.filter(account_id__in=ids).values_list("account_id", flat=True))
    shares = shares_in_order(user, scenario, [row.pk for row in rows])
    lines = [
        CandidateLine(
            candidate=row,
            decision=decisions.get(row.account_id) if row.account_id else None,
            is_near_tie=row.is_explained
            and not row.pin
            and row.regret_percent is not None
            and row.regret_percent < NEAR_TIE_PERCENT,
            is_key_now=row.account_id in key_now,
            is_first_out=not row.is_selected and (position > 0 and rows[position - 1].is_selected),
            share=shares.get(row.pk) if shares else None,
        )
        for position, row in enumerate(rows)
    ]
    return RoundPage(
        page=page,
        lines=lines,
        visible_count=counts["visible"],
        selected_count=counts["selected"],
        near_tie_count=counts["near"],
        change_count=counts["changes"],
        clear_count=clear_candidates(user, scenario.round).count() if scenario.is_baseline else 0,
        decided_count=visible_decisions(user, scenario.round).count(),
        has_shares=shares is not None,
    )


def visible_decisions(user: User, selection_round: Round) -> QuerySet[Decision]:
    """The decisions of a round about accounts that the person sees, newest first."""
    seen = baseline_candidates(user, selection_round)
    found = Decision.objects.filter(round=selection_round).select_related("account", "decided_by")
    return found.filter(Exists(seen.filter(account=OuterRef("account")).order_by()))
