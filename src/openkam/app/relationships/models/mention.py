"""Who is mentioned in an entry."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.models.interaction import Interaction


class Mention(models.Model):
    """One of our users or a contact named in the note of an entry. The name itself stands in the note alone."""

    interaction_id: int
    user_id: int | None
    contact_id: int | None

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(user=None, contact__isnull=False) | Q(user__isnull=False, contact=None),
                name="relationships_mention_is_one",
            ),
            models.UniqueConstraint(
                fields=["interaction", "user"], condition=Q(user__isnull=False), name="relationships_user_mentioned_once"
            ),
            models.UniqueConstraint(
                fields=["interaction", "contact"], condition=Q(contact__isnull=False), name="relationships_contact_mentioned_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.contact)
