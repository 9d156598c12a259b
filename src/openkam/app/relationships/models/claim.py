"""What people believe about a contact or an account, on whose word, and how long it keeps."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models

from openkam.app.accounts.models import Account
from openkam.app.accounts.models.card import Statement
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import CLAIM_SHELF_LIFE_DAYS, Topic


class Claim(Statement):
    """A soft statement about an account, or about a contact in its dealings with the account. Newer ones replace it, none is changed.

    `is_private`: for the account's manager and team only, whatever the scope of others.
    """

    account_id: int
    contact_id: int | None
    get_topic_display: Callable[[], str]

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    topic = models.CharField(max_length=20, choices=Topic)
    text = models.TextField(max_length=2000)
    shelf_life_days = models.PositiveIntegerField("shelf life (days)", default=CLAIM_SHELF_LIFE_DAYS)
    is_private = models.BooleanField("for manager and team only", default=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(Statement.Meta):
        abstract = False
        ordering: ClassVar[list[str]] = ["-as_of_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(shelf_life_days__gte=1), name="relationships_claim_keeps"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-as_of_on", "-id"], name="relationships_claim_latest"),
        ]

    def __str__(self) -> str:
        return self.get_topic_display()
