"""What speaks for a rung of the ladder of loyalty beyond what can be measured."""

from collections.abc import Callable
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import LoyaltyKind


class LoyaltyEvidence(models.Model):
    """One piece of it, about the account or about what a `contact` did.

    `until_on` is the last day of a contract or plan. `recommends` is an attitude from 0 to 10. `confirmed_by` checked a recommendation
    or stands for a plan on our side, `confirmed_by_them` names who does on theirs.
    """

    account_id: int
    contact_id: int | None
    confirmed_by_id: int | None
    get_kind_display: Callable[[], str]

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=16, choices=LoyaltyKind)
    on = models.DateField("on")
    until_on = models.DateField("until", null=True, blank=True)
    recommends = models.PositiveSmallIntegerField("attitude", null=True, blank=True, validators=[MaxValueValidator(10)])
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by_them = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "evidence of loyalty"
        verbose_name_plural = "evidence of loyalty"
        ordering: ClassVar[list[str]] = ["-on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("on")), name="relationships_loyalty_days"),
            models.CheckConstraint(
                condition=~Q(kind=LoyaltyKind.ATTITUDE) | Q(recommends__isnull=False), name="relationships_attitude_scored"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "kind"], name="relationships_loyalty")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.source})"


class LadderPlace(models.Model):
    """Which rung from below an account had reached (0: none) when it was reckoned: what the list of all accounts counts and sorts by.

    A result and no record: it is reckoned again whenever evidence comes in or ages.
    """

    account_id: int

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    place = models.PositiveSmallIntegerField()
    reckoned_on = models.DateField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["place"], name="relationships_ladder_place")]

    def __str__(self) -> str:
        return f"rung {self.place}"
