"""What one side promised the other."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.models.interaction import Interaction
from openkam.app.relationships.terms import PromiseState, Side


class Commitment(models.Model):
    """A promise of ours or theirs. `due_on` null: no day was named, and nobody can be late.

    What is promised in a private entry is as private as the entry.
    """

    account_id: int
    interaction_id: int | None
    by_user_id: int | None
    by_contact_id: int | None
    get_side_display: Callable[[], str]
    get_state_display: Callable[[], str]

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    side = models.CharField(max_length=6, choices=Side)
    text = models.CharField(max_length=500)
    interaction = models.ForeignKey(Interaction, models.CASCADE, null=True, blank=True, related_name="commitments")
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    promised_on = models.DateField("promised on")
    due_on = models.DateField("due on", null=True, blank=True)
    state = models.CharField(max_length=10, choices=PromiseState, default=PromiseState.OPEN)
    closed_on = models.DateField("closed on", null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)

    class Meta:
        verbose_name = "promise"
        ordering: ClassVar[list[models.OrderBy]] = [F("due_on").asc(nulls_last=True), F("id").asc()]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(Q(state=PromiseState.OPEN, closed_on=None))
                | (~Q(state=PromiseState.OPEN) & Q(closed_on__isnull=False)),
                name="relationships_promise_closes_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(side=Side.OURS, by_contact=None) | Q(side=Side.THEIRS, by_user=None),
                name="relationships_promise_by_its_side",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("promised_on")), name="relationships_promise_due_after_made"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "state", "due_on"], name="relationships_promises"),
            models.Index(fields=["due_on"], condition=Q(state=PromiseState.OPEN), name="relationships_promises_due"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def promiser(self) -> User | Contact | None:
        """Who gave it, where that is known."""
        return self.by_user or self.by_contact
