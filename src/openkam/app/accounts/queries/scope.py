"""The accounts a person sees: their own, their teams', those of who reports to them, what is shared with them, or all."""

from django.db.models import Q, QuerySet
from django.http import Http404

from openkam.app.accounts.models import Account, Descent, Share
from openkam.app.people.models import User
from openkam.app.people.queries import owned_by
from openkam.app.people.queries.compiled import compiled_once, only_row
from openkam.app.people.terms import Scope


def visible_accounts(user: User) -> QuerySet[Account]:
    """Every account outside the bin that the user sees. All other reads of the product start here."""
    return Account.objects.filter(_in_scope(user), deleted_at=None)


def account_bin(user: User) -> QuerySet[Account]:
    """The deleted accounts that the user would see, the last deleted first."""
    deleted = Account.objects.filter(_in_scope(user)).exclude(deleted_at=None)
    return deleted.select_related("manager", "deleted_by").order_by("-deleted_at", "-id")


def account(user: User, pk: int) -> Account:
    """One visible account with manager and team; raises `Http404` when there is none, or none that the user sees."""
    found = only_row(_account(user, pk))
    if found is None:
        raise Http404("No such account.")
    return found


def deleted_account(user: User, pk: int) -> Account:
    """One account of the user's bin; raises `Http404` when there is none."""
    found = account_bin(user).filter(pk=pk).first()
    if found is None:
        raise Http404("No such account in the bin.")
    return found


def with_descendants(user: User, accounts: QuerySet[Account]) -> QuerySet[Account]:
    """The given accounts and everything below them that the user sees, in one query."""
    below = Descent.objects.filter(ancestor__in=accounts.order_by().values("pk")).values("descendant")
    return visible_accounts(user).filter(pk__in=below)


def ancestors(user: User, account: Account) -> list[Account]:
    """The visible accounts above one, the topmost first."""
    return [line.ancestor for line in _ancestors(user, account.pk)]


@compiled_once
def _account(user: User, pk: int) -> QuerySet[Account]:
    return visible_accounts(user).select_related("manager", "team", "created_by").filter(pk=pk).order_by()


@compiled_once
def _ancestors(user: User, account: int) -> QuerySet[Descent]:
    above = Descent.objects.filter(descendant=account, levels__gt=0, ancestor__in=visible_accounts(user))
    return above.select_related("ancestor").order_by("-levels")


def _in_scope(user: User) -> Q:
    """Sharing is asked by a subquery: joined, it would repeat an account for every person it is shared with."""
    if user.effective_scope == Scope.ALL:
        return Q()
    return owned_by(user, "manager", "team") | Q(pk__in=Share.objects.filter(user=user).values("account"))
