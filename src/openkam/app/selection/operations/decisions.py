"""Decisions: a person approves, overrides or defers what the search proposed, and so makes or ends a key status."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.models import Decision, KeyStatus, Round
from openkam.app.selection.operations.rounds import refuse_closed
from openkam.app.selection.queries.candidates import baseline_candidates
from openkam.app.selection.queries.status import tiers_on
from openkam.app.selection.terms import Choice, RefusedError, Tier


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided. `tier` counts where the account becomes or stays key: None keeps the tier it has, or makes it a plain key
    account; `valid_until` null means until further notice."""

    choice: Choice
    valid_from: date
    tier: Tier | None = None
    reason: str = ""
    valid_until: date | None = None


@transaction.atomic
def decide(*, actor: User, selection_round: Round, account_ids: Iterable[int], verdict: Verdict) -> list[Decision]:
    """Decide about accounts of a round, one or many, against what its baseline proposes; deciding again replaces the decision.

    Raises `RefusedError` for a closed round, an override without a reason, days that contradict, and an account that is no
    candidate or that the actor does not see.
    """
    require(actor, Permission.DECIDE_SELECTION)
    locked = Round.objects.select_for_update().get(pk=selection_round.pk)
    refuse_closed(locked)
    _check(verdict)
    wanted = set(account_ids)
    candidates = {
        c.account_id: c for c in baseline_candidates(actor, locked).filter(account_id__in=wanted).select_related("account")
    }
    if wanted - candidates.keys() or not wanted:
        raise RefusedError("Some of these accounts are no candidates of the round: load the page again.")
    tiers = tiers_on(verdict.valid_from - timedelta(days=1), wanted)
    known = {d.account_id: d for d in Decision.objects.filter(round=locked, account_id__in=wanted).select_related("account")}
    made: list[Decision] = []
    for pk in sorted(wanted):
        candidate = candidates[pk]
        decision = known.get(pk) or Decision(round=locked, account=candidate.account)
        is_key = {Choice.APPROVE: candidate.is_selected, Choice.OVERRIDE: not candidate.is_selected, Choice.DEFER: None}
        _withdraw(actor, decision)
        with recorded(actor=actor, verb="decided", record=decision, reason=verdict.reason):
            decision.proposed, decision.choice = candidate.is_selected, verdict.choice
            decision.in_key = is_key[verdict.choice]
            decision.tier = (verdict.tier or tiers.get(pk, Tier.KEY)) if decision.in_key else ""
            decision.reason, decision.price_percent = verdict.reason, candidate.regret_percent
            decision.valid_from, decision.valid_until = verdict.valid_from, verdict.valid_until
            decision.decided_by, decision.decided_at = actor, timezone.now()
            decision.save()
        if decision.in_key is not None:
            _apply(actor, decision, candidate.account)
        made.append(decision)
    return made


def _check(verdict: Verdict) -> None:
    if verdict.choice == Choice.OVERRIDE and not verdict.reason.strip():
        raise RefusedError("An override needs a reason: it is kept with the decision and shown in every later review.")
    if verdict.valid_until is not None and verdict.valid_until < verdict.valid_from:
        raise RefusedError("The decision ends before it begins: correct the days.")


def _withdraw(actor: User, decision: Decision) -> None:
    """Take back what an earlier decision of the same round did to the account's status."""
    if decision.pk is None:
        return
    own = KeyStatus.objects.select_related("account").filter(decision=decision).first()
    if own is not None:
        if own.ended_by_id is not None:
            raise RefusedError(f"A later round has decided about {decision.account} since: change it there.")
        with recorded(actor=actor, verb="withdrew", record=own):
            own.delete()
    for ended in KeyStatus.objects.select_related("account").filter(ended_by=decision):
        with recorded(actor=actor, verb="reopened", record=ended):
            ended.ended_on, ended.ended_by = None, None
            ended.save(update_fields=["ended_on", "ended_by"])


def _apply(actor: User, decision: Decision, account: Account) -> None:
    """End the status that would go on, and begin the new one where the account is key."""
    day = decision.valid_from
    begun = KeyStatus.objects.filter(account=account, from_on__gte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day)).first()
    if begun is not None:
        raise RefusedError(
            f"{account} has a status from {begun.from_on} by round {begun.round}: choose a day after it, "
            f"such as {begun.from_on + timedelta(days=1)}."
        )
    going_on = KeyStatus.objects.select_related("account").filter(
        Q(until_on=None) | Q(until_on__gte=day), account=account, from_on__lt=day
    )
    for status in going_on.filter(ended_on=None):
        with recorded(actor=actor, verb="ended", record=status):
            status.ended_on, status.ended_by = day, decision
            status.save(update_fields=["ended_on", "ended_by"])
    if decision.in_key:
        status = KeyStatus(
            account=account,
            tier=decision.tier,
            from_on=day,
            until_on=decision.valid_until,
            round_id=decision.round_id,
            decision=decision,
        )
        with recorded(actor=actor, verb="began", record=status):
            status.save()
