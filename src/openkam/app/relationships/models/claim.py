"""What people believe about a contact or an account, on whose word, and how long it keeps."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models

from openkam.app.accounts.models import Account
from openkam.app.accounts.models.card import Statement
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import CLAIM_SHELF_LIFE_DAYS, SCALES, Topic


class Claim(Statement):
    """A soft statement about an account, or about a contact in its dealings with the account. Newer ones replace it, none is changed.

    `value` is its grade on the topic's scale (`terms.SCALES`); null where there is no scale or nobody graded it.
    `is_private`: for the account's manager and team only, whatever the scope of others.
    """

    account_id: int
    contact_id: int | None
    get_topic_display: Callable[[], str]

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    topic = models.CharField(max_length=20, choices=Topic)
    text = models.TextField(max_length=2000)
    value = models.SmallIntegerField("grade", null=True, blank=True)
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

    @property
    def grade(self) -> str:
        """The grade in the words of the topic's scale; empty without one."""
        return "" if self.value is None else SCALES[self.topic][self.value]
