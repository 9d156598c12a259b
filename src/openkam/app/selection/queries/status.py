"""Who is key on a day, and since when."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.selection.models import Decision, KeyStatus


def current_statuses(on: date) -> QuerySet[KeyStatus]:
    """Every status in force on a day, of any account: for counts and joins within the room."""
    in_force = Q(until_on=None) | Q(until_on__gte=on)
    return KeyStatus.objects.filter(in_force, Q(ended_on=None) | Q(ended_on__gt=on), from_on__lte=on).order_by()


def tiers_on(on: date, account_ids: Iterable[int]) -> dict[int, str]:
    """The tier on a day, by account, of those of the given accounts that are key then."""
    return dict(current_statuses(on).filter(account_id__in=set(account_ids)).values_list("account_id", "tier"))


def key_accounts(user: User, on: date) -> QuerySet[KeyStatus]:
    """The accounts that are key on a day and that the person sees, by name, each with its tier and the decision behind it."""
    seen = current_statuses(on).filter(account__in=visible_accounts(user).order_by())
    return seen.select_related("account", "round", "decision__decided_by").order_by("account__sort_name", "account_id")


def status_history(user: User, account: Account) -> QuerySet[KeyStatus]:
    """Every span over which a visible account was key, newest first; nothing for one that the person does not see."""
    seen = KeyStatus.objects.filter(account=account, account__in=visible_accounts(user).order_by())
    return seen.select_related("round", "decision__decided_by", "ended_by__round", "ended_by__decided_by")


def statuses_of(user: User, account: Account) -> list[KeyStatus]:
    """Those spans alone, without the decisions that began and ended them."""
    return _statuses_of(user, account.pk)


@compiled_once
def _statuses_of(user: User, account: int) -> QuerySet[KeyStatus]:
    return KeyStatus.objects.filter(account=account, account__in=visible_accounts(user).order_by())


def decision_history(user: User, account: Account) -> QuerySet[Decision]:
    """Every decision about a visible account, of any round, newest first; nothing for one that the person does not see."""
    seen = Decision.objects.filter(account=account, account__in=visible_accounts(user).order_by())
    return seen.select_related("round", "decided_by")
