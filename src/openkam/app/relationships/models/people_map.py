"""Where the cards of a people map were put by hand, map by map."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact


class PeopleMap(models.Model):
    """A map of an account's people: `category` blank is all of them, `name` blank is the map that is there by itself."""

    account_id: int

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    category = models.CharField("purchase category", max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "category", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "category"], condition=Q(name=""), name="relationships_map_by_itself"),
            models.UniqueConstraint(fields=["account", "name"], condition=~Q(name=""), name="relationships_map_named_once"),
        ]

    def __str__(self) -> str:
        return self.name or (f"People map, {self.category}" if self.category else "People map")


class MapPlace(models.Model):
    """Where a card was put: its upper left corner (points of the drawing)."""

    map_id: int
    contact_id: int

    map = models.ForeignKey(PeopleMap, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    x = models.IntegerField()
    y = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["map", "contact"], name="relationships_place_once"),
        ]

    def __str__(self) -> str:
        return "Place on a people map"
