"""What filters and forms offer to choose from: never a name that leads to an account the user does not see."""

import re
from collections.abc import Sequence

from django.db.models import QuerySet

from openkam.app.accounts.models import Account, Tag
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.names import folded
from openkam.app.people.models import Team, User
from openkam.app.people.queries import active_users
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.people.terms import Scope

NUMBERED = re.compile(r"#(\d{1,18})\)?\s*$")


def account_managers(user: User) -> QuerySet[User]:
    """Who looks after accounts that the user sees; who sees all accounts may as well read the names of all people."""
    if user.effective_scope == Scope.ALL:
        return User.objects.all()
    return User.objects.filter(pk__in=visible_accounts(user).order_by().values("manager"))


def account_teams(user: User) -> QuerySet[Team]:
    """The teams of accounts that the user sees, or all."""
    if user.effective_scope == Scope.ALL:
        return Team.objects.all()
    return Team.objects.filter(pk__in=visible_accounts(user).order_by().values("team"))


def account_tags(user: User) -> QuerySet[Tag]:
    """The tags of accounts that the user sees, or all."""
    if user.effective_scope == Scope.ALL:
        return Tag.objects.all()
    links = Account.tags.through.objects.filter(account__in=visible_accounts(user).order_by())
    return Tag.objects.filter(pk__in=links.values("tag"))


@compiled_once
def manager_names(user: User) -> "QuerySet[User, tuple[int, str]]":
    """Keys and names of `account_managers`."""
    return account_managers(user).values_list("pk", "name")


@compiled_once
def team_names(user: User) -> "QuerySet[Team, tuple[int, str]]":
    """Keys and names of `account_teams`."""
    return account_teams(user).values_list("pk", "name")


@compiled_once
def tag_names(user: User) -> "QuerySet[Tag, tuple[int, str]]":
    """Keys and names of `account_tags`."""
    return account_tags(user).values_list("pk", "name")


def assignable_managers() -> QuerySet[User]:
    """Whom an account may be given to: everybody who may sign in."""
    return active_users()


def assignable_teams() -> QuerySet[Team]:
    """The teams an account may be given to."""
    return Team.objects.all()


def tags_named(names: Sequence[str]) -> list[Tag]:
    """The tags of those names, whatever their case; one that does not exist yet is not saved."""
    return [Tag.objects.filter(name__iexact=name).first() or Tag(name=name) for name in names]


def named(accounts: QuerySet[Account], text: str) -> QuerySet[Account]:
    """Those of the accounts whose names, trade names or ledger keys hold every word of the text, in whatever accents and case."""
    for word in folded(text).split():
        accounts = accounts.filter(search_text__fragment=word)
    return accounts


def account_options(user: User, text: str, limit: int = 20) -> list[Account]:
    """The first visible accounts that a fragment finds, for a picker."""
    return list(named(visible_accounts(user), text).only("name", "kind", "country")[:limit])


def account_by_reference(user: User, text: str) -> Account | None:
    """The visible account that a picker's text means: `Name (#12)`, `#12`, or a name that only one account bears."""
    if found := NUMBERED.search(text):
        return visible_accounts(user).filter(pk=int(found[1])).first()
    bearers = list(visible_accounts(user).filter(sort_name=folded(text)[:300])[:2]) if folded(text) else []
    return bearers[0] if len(bearers) == 1 else None


def reference(account: Account) -> str:
    """How a picker writes an account, so that `account_by_reference` finds it again."""
    return f"{account.name} (#{account.pk})"
