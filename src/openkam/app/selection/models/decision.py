"""What people decided, and who is key since when."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.selection.models.round import Round
from openkam.app.selection.terms import Choice, Tier


class Decision(models.Model):
    """What a person decided about one account in a round: what the search proposed, and whether the account is key.

    `in_key` is null while it is deferred. `price_percent` is what an override costs, percent of the objective, where known.
    """

    round_id: int
    account_id: int
    decided_by_id: int
    get_choice_display: Callable[[], str]
    get_tier_display: Callable[[], str]

    round = models.ForeignKey(Round, models.PROTECT, related_name="decisions")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed = models.BooleanField()
    choice = models.CharField(max_length=10, choices=Choice)
    in_key = models.BooleanField(null=True)
    tier = models.CharField(max_length=20, choices=Tier, blank=True)
    reason = models.TextField(blank=True)
    price_percent = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-decided_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "account"], name="selection_decision_once"),
            models.CheckConstraint(
                condition=Q(choice=Choice.APPROVE, in_key=F("proposed"), in_key__isnull=False)
                | (Q(choice=Choice.OVERRIDE, in_key=True, in_key__isnull=False, proposed=False) & ~Q(reason=""))
                | (Q(choice=Choice.OVERRIDE, in_key=False, in_key__isnull=False, proposed=True) & ~Q(reason=""))
                | Q(choice=Choice.DEFER, in_key=None),
                name="selection_decision_says_what",
            ),
            models.CheckConstraint(
                condition=(Q(in_key=True, in_key__isnull=False) & ~Q(tier=""))
                | ((Q(in_key=False) | Q(in_key=None)) & Q(tier="")),
                name="selection_tier_of_key_accounts",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="selection_decision_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_choice_display()}: {self.account}"


class KeyStatus(models.Model):
    """A span of days over which an account is key, by a person's decision. `until_on` was decided with it (null: open).

    `ended_on` is the first day on which a later decision, `ended_by`, made it no longer so. Days of one account never overlap.
    """

    account_id: int
    round_id: int
    decision_id: int
    ended_by_id: int | None
    get_tier_display: Callable[[], str]

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    tier = models.CharField(max_length=20, choices=Tier)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="status")

    class Meta:
        ordering: ClassVar[list[str]] = ["-from_on", "-id"]
        verbose_name_plural = "key statuses"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None) | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="selection_status_ended_by_decision",
            ),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="selection_status_days"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "-from_on"], name="selection_status_account")]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_tier_display().lower()} from {self.from_on}"

    def is_in_force(self, on: date) -> bool:
        """Whether the account is key by it on a day: what `queries.status.current_statuses` asks the database."""
        return (
            self.from_on <= on
            and (self.until_on is None or self.until_on >= on)
            and (self.ended_on is None or self.ended_on > on)
        )
