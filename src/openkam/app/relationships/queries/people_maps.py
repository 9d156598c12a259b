"""The maps of an account's people: those saved under a name, those of its purchase categories, and where cards were put on them."""

from django.db.models import QuerySet
from django.http import Http404

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.relationships.models import BuyingRole, MapPlace, PeopleMap


def visible_maps(user: User) -> QuerySet[PeopleMap]:
    """Every map of an account that the user sees."""
    return PeopleMap.objects.filter(account__in=visible_accounts(user).order_by())


def visible_places(user: User) -> QuerySet[MapPlace]:
    """Where cards lie on the maps that the user sees."""
    return MapPlace.objects.filter(map__in=visible_maps(user).order_by())


def saved_maps(user: User, account: Account) -> list[PeopleMap]:
    """The maps that were saved for an account that the user sees."""
    return list(visible_maps(user).filter(account=account).exclude(name=""))


def saved_map(user: User, account: Account, pk: int) -> PeopleMap:
    """One saved map of a visible account; raises `Http404` for any other."""
    found = visible_maps(user).filter(account=account, pk=pk).exclude(name="").first()
    if found is None:
        raise Http404("No such map.")
    return found


def map_of_category(account: Account, category: str) -> PeopleMap | None:
    """The map that a category of the account has by itself; None until a card was moved on it."""
    return PeopleMap.objects.filter(account=account, name="", category=category).first()


def categories_of(account: Account) -> list[str]:
    """The purchase categories in which somebody at the account has, or had, a role."""
    roles = BuyingRole.objects.filter(account=account).exclude(category="").order_by("category")
    return list(dict.fromkeys(roles.values_list("category", flat=True)))
