"""Why one account is in or out, without a word about accounts that the person does not see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from openkam.app.people.models import User
from openkam.app.selection.models import Candidate, CandidateShare, Decision, KeyStatus, Scenario
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.candidates import names_of, visible_candidates
from openkam.app.selection.queries.robustness import shares_in_order
from openkam.app.selection.queries.status import status_history
from openkam.app.selection.terms import NEAR_TIE_PERCENT

HIDDEN = "an account you do not see"
HIDDEN_GROUP = "(not named here)"


@dataclass(frozen=True, slots=True)
class Others:
    """Accounts beside the one explained: the names of those the person sees, and whether there are others."""

    names: tuple[str, ...]
    has_hidden: bool

    @property
    def is_empty(self) -> bool:
        """Whether there are none at all."""
        return not self.names and not self.has_hidden


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion's share of the utility."""

    label: str
    weight: float
    contribution: float
    level: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One account's drawer. `leave` and `come_in` say what forcing the decision the other way would do."""

    candidate: Candidate
    is_near_tie: bool
    words: str
    leave: Others
    come_in: Others
    parts: tuple[Part, ...]
    decision: Decision | None
    history: Sequence[KeyStatus]
    has_shares: bool
    share: CandidateShare | None
    """In how many other weightings it is key; None where it never is, or they were not tried (`has_shares`)."""


def explanation(user: User, scenario: Scenario, pk: int) -> Explanation:
    """The explanation of one visible candidate; raises `Http404`."""
    candidate = visible_candidates(user, scenario).select_related("account").filter(pk=pk).first()
    if candidate is None:
        raise Http404("No such candidate.")
    own, other = [candidate.ledger_account], candidate.displaces
    leave, come_in = (own, other) if candidate.is_selected else (other, [*own, *candidate.brings_in])
    names = names_of(user, scenario, [*leave, *come_in])
    account = candidate.account
    regret = candidate.regret_percent
    shares = shares_in_order(user, scenario, [candidate.pk])
    return Explanation(
        candidate=candidate,
        is_near_tie=candidate.is_explained and not candidate.pin and regret is not None and regret < NEAR_TIE_PERCENT,
        words=_words(user, scenario, candidate),
        leave=_others(leave, names),
        come_in=_others(come_in, names),
        parts=tuple(
            Part(criterion["label"], criterion["weight"], contribution, level, criterion["unit"])
            for criterion, contribution, level in zip(scenario.criteria, candidate.contributions, candidate.levels, strict=True)
        ),
        decision=Decision.objects.select_related("decided_by").filter(round_id=scenario.round_id, account=account).first()
        if account
        else None,
        history=list(status_history(user, account)) if account else [],
        has_shares=shares is not None,
        share=shares.get(candidate.pk) if shares else None,
    )


def _others(ledger_accounts: Sequence[str], names: dict[str, str]) -> Others:
    known = tuple(names[account] for account in ledger_accounts if account in names)
    return Others(known, len(known) < len(ledger_accounts))


def _words(user: User, scenario: Scenario, candidate: Candidate) -> str:
    """The engine's words, with the accounts that they name by their keys told by name, or not at all."""
    words = candidate.binding[:1].upper() + candidate.binding[1:]
    if not sees_all_records(user):
        words = _without_groups(words, scenario)
        if candidate.partners:  # a pair's reason is free text that may name the other firm
            words = re.sub(r" \(.*\)", "", words)
    names = names_of(user, scenario, candidate.partners)
    for key in sorted(candidate.partners, key=len, reverse=True):
        if key != candidate.ledger_account:
            words = words.replace(key, names.get(key, HIDDEN))
    return words


def _without_groups(words: str, scenario: Scenario) -> str:
    """The words with no buying group named: a limit on a group's share tells who belongs to it, and how much they buy."""
    named = (limit["name"].split(":", 2) for limit in scenario.limits)
    groups = {value for _, field, value in (parts for parts in named if len(parts) == 3) if field == "group_name"}
    for group in sorted(groups, key=len, reverse=True):
        words = words.replace(group, HIDDEN_GROUP)
    return words
