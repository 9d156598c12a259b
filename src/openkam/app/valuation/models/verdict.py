"""What people found when they looked into an alert, and what of it they took back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.models.valuation import Valuation
from openkam.app.valuation.models.worth import amount
from openkam.app.valuation.terms import Finding

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class AlertVerdict(models.Model):
    """Somebody dealt with the silence of an account. The database refuses to change or delete one.

    The silence stands as it was told: the days of the rhythm, `at_stake` (currency of the valuation) and `silence_probability`, as of
    the valuation's day. The alert comes back on `silent_until_on`, unless the account has ordered by then. `order_expected_on` is
    what the customer said, where they said it.
    """

    account_id: int
    valuation_id: int
    made_by_id: int
    get_found_display: Callable[[], str]
    withdrawals: "RelatedManager[VerdictWithdrawal]"

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    valuation = models.ForeignKey(Valuation, models.PROTECT, related_name="+")
    last_order_on = models.DateField()
    expected_on = models.DateField()
    overdue_on = models.DateField()
    silence_probability = models.FloatField(null=True)
    gap_count = models.PositiveIntegerField()
    is_thin = models.BooleanField()
    at_stake = amount()
    found = models.CharField("what was found", max_length=12, choices=Finding)
    order_expected_on = models.DateField("order expected on", null=True)
    note = models.TextField(max_length=2000, blank=True)
    silent_until_on = models.DateField("silent until")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "finding about an alert"
        verbose_name_plural = "findings about alerts"
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(silent_until_on__gt=F("last_order_on")), name="valuation_verdict_looks_ahead"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-last_order_on"], name="valuation_verdict_account")
        ]

    def __str__(self) -> str:
        return f"{self.get_found_display()}, silent until {day_text(self.silent_until_on)}"


class VerdictWithdrawal(models.Model):
    """Somebody took back that an alert was dealt with. The database refuses to change or delete one."""

    verdict_id: int
    made_by_id: int

    verdict = models.ForeignKey(AlertVerdict, models.PROTECT, related_name="withdrawals")
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "finding taken back"
        verbose_name_plural = "findings taken back"
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["verdict"], name="valuation_verdict_taken_back_once"),
        ]

    def __str__(self) -> str:
        return f"Taken back: {self.verdict_id}"
