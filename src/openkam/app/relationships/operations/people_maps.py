"""Maps of an account's people: keep one under a name, remove it, put a card somewhere else."""

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.accounts.models import Account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Contact, Employment, MapPlace, PeopleMap

FARTHEST = 100_000
"""Points of the drawing from its origin beyond which no card is put."""


@transaction.atomic
def save_map(*, actor: User, account: Account, name: str, category: str = "") -> PeopleMap:
    """Keep the map of a category as it lies now under a name. Raises `ValidationError` for a name that is taken or missing."""
    require(actor, Permission.EDIT_ACCOUNTS)
    made = PeopleMap(account=account, name=" ".join(name.split()), category=category, created_by=actor)
    if not made.name:
        raise ValidationError({"name": "A saved map needs a name."})
    if PeopleMap.objects.filter(account=account, name__iexact=made.name).exists():
        raise ValidationError({"name": f"There is a map {made.name} already."})
    made.full_clean(exclude=["account", "created_by"], validate_constraints=False)
    with recorded(actor=actor, verb="saved", record=made):
        made.save()
    places = MapPlace.objects.filter(map__account=account, map__name="", map__category=category)
    MapPlace.objects.bulk_create(MapPlace(map=made, contact_id=one.contact_id, x=one.x, y=one.y) for one in places)
    return made


@transaction.atomic
def remove_map(*, actor: User, people_map: PeopleMap) -> None:
    """Remove a saved map with its places; people and lines stay."""
    require(actor, Permission.EDIT_ACCOUNTS)
    with recorded(actor=actor, verb="removed", record=people_map):
        people_map.delete()


@transaction.atomic
def move_card(
    *, actor: User, account: Account, people_map: PeopleMap | None, category: str, contact: Contact, x: int, y: int
) -> MapPlace:
    """Put a person's card somewhere else on one map (None: the one that the category has by itself).

    Raises `ValidationError` for somebody who never worked there and a place far off the drawing.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if not Employment.objects.filter(account=account, contact=contact).exists():
        raise ValidationError(f"{contact.name} never held a post at {account.name}.")
    if max(abs(x), abs(y)) > FARTHEST:
        raise ValidationError("This place lies too far off the map.")
    if people_map is None:
        people_map, _ = PeopleMap.objects.get_or_create(account=account, name="", category=category)
    place = MapPlace.objects.filter(map=people_map, contact=contact).first() or MapPlace(map=people_map, contact=contact)
    with recorded(actor=actor, verb="moved", record=place):
        place.x, place.y = x, y
        place.save()
    return place


@transaction.atomic
def lay_out_again(*, actor: User, people_map: PeopleMap) -> None:
    """Forget where cards were put by hand on a map."""
    require(actor, Permission.EDIT_ACCOUNTS)
    for place in MapPlace.objects.filter(map=people_map):
        with recorded(actor=actor, verb="removed", record=place):
            place.delete()
