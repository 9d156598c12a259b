"""What passed between us and the accounts that a person sees."""

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.relationships.models import Interaction, Mention, Participant
from openkam.app.relationships.queries.claims import own_accounts

PARTICIPANT_TOLD = ("interaction_id", "side", "part", "address", "user__name", "contact__name")
"""What a line says of who took part."""


def visible_interactions(user: User) -> QuerySet[Interaction]:
    """What passed with the accounts that the user sees, the removed left out; private entries only for the account's manager and team."""
    return Interaction.objects.filter(
        Q(is_private=False) | Q(account__in=own_accounts(user)),
        account__in=visible_accounts(user).order_by(),
        removed_at=None,
    )


def interaction(user: User, pk: int) -> Interaction:
    """One interaction that the user may read, with its account; raises `Http404` for any other."""
    found = visible_interactions(user).select_related("account", "recorded_by").filter(pk=pk).first()
    if found is None:
        raise Http404("No such interaction.")
    return found


def timeline_of(user: User, account: Account) -> QuerySet[Interaction]:
    """What the user may read of an account's interactions, the latest first, each with who took part (two queries in all)."""
    return _timeline(user, account.pk)


def lately(user: User, account: Account, limit: int) -> list[Interaction]:
    """The first of `timeline_of`."""
    return _lately(user, account.pk, limit=limit)


@compiled_once
def _lately(user: User, account: int, *, limit: int) -> QuerySet[Interaction]:
    return _timeline(user, account)[:limit]


def _timeline(user: User, account: int) -> QuerySet[Interaction]:
    people = Participant.objects.select_related("user", "contact").only(*PARTICIPANT_TOLD)
    return (
        visible_interactions(user)
        .filter(account=account)
        .select_related("recorded_by")
        .prefetch_related(Prefetch("participants", queryset=people))
    )


def with_mentions(entries: QuerySet[Interaction]) -> QuerySet[Interaction]:
    """The entries with whom each mentions (one more query)."""
    return entries.prefetch_related(Prefetch("mentions", queryset=Mention.objects.select_related("user", "contact")))
