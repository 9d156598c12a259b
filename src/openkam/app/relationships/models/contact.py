"""A person, and how to reach them."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from openkam.app.accounts.models.search_text import SearchText
from openkam.app.accounts.terms.names import folded
from openkam.app.people.models import User
from openkam.app.people.terms import check_time_zone
from openkam.app.relationships.terms import PointKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone

BRACKETS = re.compile(r"\([^)]*\)")


class Contact(models.Model):
    """Somebody at an account, now or once: the person outlives the post. `sort_name` is the folded name that lists search and sort by.

    Of somebody `erased_at` their own request, posts, roles and lines stay under a number: the map keeps its shape.
    """

    employments: "RelatedManager[Any]"
    buying_roles: "RelatedManager[Any]"
    points: "RelatedManager[ContactPoint]"

    name = models.CharField(max_length=200)
    honorific = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=35, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, validators=[check_time_zone])
    sort_name = SearchText(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    archived_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_name", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sort_name", "id"], name="relationships_contact_by_name"),
            models.Index(fields=["id"], condition=models.Q(archived_at__isnull=False), name="relationships_contact_archived"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return reverse("relationships:contact", args=[self.pk])

    @property
    def initials(self) -> str:
        """First letters of the first and the last name; what stands in brackets is no name."""
        words = folded(BRACKETS.sub(" ", self.name)).split()
        return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else "?"


class ContactPoint(models.Model):
    """One mail address or phone number of a person; `label` says which, as in mobile."""

    contact_id: int
    get_kind_display: Callable[[], str]

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="points")
    kind = models.CharField(max_length=10, choices=PointKind)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "way to reach a contact"
        verbose_name_plural = "ways to reach contacts"
        ordering: ClassVar[list[str]] = ["kind", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contact", "kind", "value"], name="relationships_point_once"),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.label})" if self.label else self.value
