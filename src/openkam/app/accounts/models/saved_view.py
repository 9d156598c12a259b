"""Lists of accounts that somebody comes back to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openkam.app.people.models import User


class SavedView(models.Model):
    """Filters, columns and order of a list of accounts. A shared one is for everybody; who opens it still sees only their own accounts.

    `filters` maps the names of the list's filters to lists of values, as in an address.
    """

    owner_id: int

    name = models.CharField(max_length=100)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    filters = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=40, blank=True)
    is_shared = models.BooleanField("for everybody", default=False)
    is_default = models.BooleanField("opens first for me", default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "name"], name="accounts_view_once"),
            models.UniqueConstraint(fields=["owner"], condition=Q(is_default=True), name="accounts_view_one_default"),
        ]

    def __str__(self) -> str:
        return self.name
