"""An address at an account's domain that nobody is known by: proposed as a contact, never made one in silence."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import ProposalState


class ContactProposal(models.Model):
    """Somebody who wrote or was written to. `name` is as their program gave it. What was ignored once is proposed no more."""

    account_id: int

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = "proposed contact"
        ordering: ClassVar[list[str]] = ["account_id", "address"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "address"], name="relationships_proposal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address
