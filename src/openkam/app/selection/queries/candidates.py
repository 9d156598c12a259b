"""The candidates a person sees: those whose account they may see; with all records, also those without an account of ours."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.selection.models import Candidate, Decision, Round, Scenario
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.terms import NEAR_TIE_PERCENT


def visible_candidates(user: User, scenario: Scenario | int) -> QuerySet[Candidate]:
    """The candidates of a scenario, or of one with this key, that the person sees, the chosen first, then by rank. All other reads
    start here.
    """
    candidates = Candidate.objects.filter(scenario=scenario)
    if sees_all_records(user):
        return candidates
    return candidates.filter(account__in=visible_accounts(user).order_by())


def baseline_candidates(user: User, selection_round: Round) -> QuerySet[Candidate]:
    """The visible candidates of what the round proposes."""
    return visible_candidates(user, Scenario.objects.get(round=selection_round, is_baseline=True))


IS_NEAR_TIE = Q(is_explained=True, regret_percent__lt=NEAR_TIE_PERCENT, pin="")
"""The decision about a candidate could well be otherwise."""


def near_ties(candidates: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """Those whose decision could well be otherwise."""
    return candidates.filter(IS_NEAR_TIE)


def undecided_candidates(user: User, selection_round: Round) -> QuerySet[Candidate]:
    """The chosen accounts that nobody decided about yet."""
    candidates = baseline_candidates(user, selection_round).filter(is_selected=True, account__isnull=False)
    return candidates.filter(~Exists(Decision.objects.filter(round=selection_round, account=OuterRef("account"))))


def clear_candidates(user: User, selection_round: Round) -> QuerySet[Candidate]:
    """Those of them that are no near-tie: what can be approved in one go."""
    undecided = undecided_candidates(user, selection_round)
    return undecided.exclude(pk__in=near_ties(undecided).order_by().values("pk"))


def names_of(user: User, scenario: Scenario, ledger_accounts: Iterable[str]) -> dict[str, str]:
    """By ledger account the name, of those that the person sees."""
    found = visible_candidates(user, scenario).filter(ledger_account__in=set(ledger_accounts)).order_by()
    return dict(found.values_list("ledger_account", "name"))
