"""What the demo's head decided about the first round, so that a newcomer finds every kind of decision, and some still to be made."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from openkam.app.accounts.terms.account import Kind
from openkam.app.people.models import User
from openkam.app.selection.models import Candidate, Round
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.queries.candidates import baseline_candidates, clear_candidates, near_ties
from openkam.app.selection.terms import Choice, Tier

STRATEGIC = 3
"""The best of the clear accounts become strategic."""
LEFT_WAITING = 2
"""Clear accounts that nobody decided about yet, beside the near-ties."""
TAKEN_IN = "Illustrative: the contract is renewed in September; leaving it out now would be read as a signal."
DEFERRED = "Illustrative: its buyer leaves in June; to be decided once we have met the next one."
YEAR = timedelta(days=365)


def decide_demo(head: User, made: Round) -> None:
    """Approve clear accounts from the day after the facts, take one near-tie in against the search, defer another."""
    day = made.as_of_on + timedelta(days=1)
    clear = list(clear_candidates(head, made).select_related("account"))
    approved = clear[: len(clear) - LEFT_WAITING] or clear
    by_tier: dict[Tier, list[Candidate]] = {}
    for position, candidate in enumerate(approved):
        is_prospect = candidate.account is not None and candidate.account.kind == Kind.PROSPECT
        tier = Tier.PROSPECTIVE if is_prospect else Tier.STRATEGIC if position < STRATEGIC else Tier.KEY
        by_tier.setdefault(tier, []).append(candidate)
    for tier, candidates in by_tier.items():
        _decide(head, made, candidates, Verdict(Choice.APPROVE, day, tier=tier))
    close = (
        near_ties(baseline_candidates(head, made))
        .filter(account__isnull=False)
        .select_related("account")
        .order_by("regret_percent", "pk")
    )
    last_day = timezone.localdate() + YEAR
    _decide(head, made, close.filter(is_selected=False)[:1], Verdict(Choice.OVERRIDE, day, reason=TAKEN_IN, valid_until=last_day))
    _decide(head, made, close.filter(is_selected=True)[:1], Verdict(Choice.DEFER, day, reason=DEFERRED))


def _decide(head: User, made: Round, candidates: Iterable[Candidate], verdict: Verdict) -> None:
    accounts = [candidate.account.pk for candidate in candidates if candidate.account]
    if accounts:
        decide(actor=head, selection_round=made, account_ids=accounts, verdict=verdict)
