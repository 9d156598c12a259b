"""What both sides promised: what a person may read of it, what is overdue, how reliable each side is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from openkam.analytics.relationship.reliability import Promise, Reliability, reliability
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.relationships.models import Commitment, Interaction, Participant
from openkam.app.relationships.queries.claims import has_own_accounts, own_accounts
from openkam.app.relationships.terms import PromiseState, Side

LATELY_CLOSED = 20
AT_RISK = ("side", "text", "due_on", "account__name", "by_user__name", "by_contact__name")
"""What a line about a promise at risk says."""


@dataclass(frozen=True, slots=True)
class SideOfPromises:
    """The promises of one side: open ones by their day, the last closed ones, and how reliable the side is."""

    side: Side
    open: Sequence[Commitment]
    closed: Sequence[Commitment]
    closed_count: int
    reliability: Reliability


def visible_commitments(user: User) -> QuerySet[Commitment]:
    """Promises at the accounts that the user sees; those of a removed entry left out, those of a private one for manager and team."""
    is_open_to_all = Q(interaction=None) | Q(interaction__is_private=False)
    return Commitment.objects.filter(
        is_open_to_all | Q(account__in=own_accounts(user)),
        account__in=visible_accounts(user).order_by(),
        interaction__removed_at=None,
    )


def commitment(user: User, pk: int) -> Commitment:
    """One promise that the user may read; raises `Http404` for any other."""
    found = visible_commitments(user).select_related("account", "interaction").filter(pk=pk).first()
    if found is None:
        raise Http404("No such promise.")
    return found


def promises_of(user: User, account: Account, today: date) -> tuple[SideOfPromises, SideOfPromises]:
    """Our promises to a visible account and theirs to us, in one query."""
    found = list(visible_commitments(user).filter(account=account).select_related("by_user", "by_contact", "interaction"))
    return _side(found, Side.OURS, today), _side(found, Side.THEIRS, today)


def promised_in(user: User, entry: Interaction) -> list[Commitment]:
    """What was promised in an entry, as far as the user may read it."""
    return list(visible_commitments(user).filter(interaction=entry).select_related("by_user", "by_contact"))


def promises_of_leaving(
    user: User, account: Account, *, user_id: int | None = None, contact_id: int | None = None
) -> list[Commitment]:
    """Open promises at a visible account that would lose somebody: who gave them, or the only one of the other side who was there when
    they were given. Of ours by `user_id`, of theirs by `contact_id`.
    """
    who = {"user": user_id} if user_id is not None else {"contact": contact_id}
    side, other = (Side.OURS, Side.THEIRS) if user_id is not None else (Side.THEIRS, Side.OURS)
    given = Q(by_user=user_id) if user_id is not None else Q(by_contact=contact_id)
    was_there = Participant.objects.filter(interaction=OuterRef("interaction"), side=side)
    heard_alone = Q(side=other) & Exists(was_there.filter(**who)) & ~Exists(was_there.exclude(**who))
    found = visible_commitments(user).filter(given | heard_alone, account=account, state=PromiseState.OPEN)
    return list(found.select_related("by_user", "by_contact"))


def promises_at_risk(user: User, today: date, limit: int) -> list[Commitment]:
    """Open promises of the accounts that the user looks after whose day has gone by, or is today, the oldest first.

    What is private about these accounts is theirs to read, so it need not be asked for.
    """
    if not has_own_accounts(user):
        return []
    own = visible_accounts(user).filter(pk__in=own_accounts(user)).order_by()
    found = Commitment.objects.filter(account__in=own, state=PromiseState.OPEN, due_on__lte=today, interaction__removed_at=None)
    return list(found.select_related("account", "by_user", "by_contact").only(*AT_RISK)[:limit])


def _side(found: Sequence[Commitment], side: Side, today: date) -> SideOfPromises:
    own = [one for one in found if one.side == side]
    closed = sorted((one for one in own if one.closed_on), key=lambda one: (one.closed_on or today, one.pk), reverse=True)
    return SideOfPromises(
        side=side,
        open=[one for one in own if one.state == PromiseState.OPEN],
        closed=closed[:LATELY_CLOSED],
        closed_count=len(closed),
        reliability=reliability([Promise(one.state, one.due_on) for one in own], today),
    )
