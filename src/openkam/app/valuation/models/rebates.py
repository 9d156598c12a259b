"""What we grant an account for turnover, and how far a valuation found it."""

from typing import ClassVar

from django.db import models

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.valuation.models.valuation import Valuation


class RebateSchedule(models.Model):
    """Tiers of rebate on an account's net sales from one day to another, both included, in a currency.

    `tiers` are pairs of `from` (currency) and `rate` (share), written as decimals, ascending. A retroactive schedule pays the rate of
    the tier reached on all turnover, another each rate on the turnover within its tier. One that is removed keeps its `removed_at`.
    """

    account_id: int
    made_by_id: int | None

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    starts_on = models.DateField("starts")
    ends_on = models.DateField("ends")
    is_retroactive = models.BooleanField("the rate reached holds for all turnover", default=True)
    tiers = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-ends_on", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "ends_on"], name="valuation_rebate_account")]

    def __str__(self) -> str:
        return self.name


class RebateTurnover(models.Model):
    """Net sales (`sold`, currency of the valuation) of a schedule's days up to the valuation's, as the valuation found them.

    The days are kept too: a schedule whose days were changed afterwards has no turnover until the next valuation.
    """

    valuation_id: int
    schedule_id: int

    valuation = models.ForeignKey(Valuation, models.PROTECT, related_name="+")
    schedule = models.ForeignKey(RebateSchedule, models.PROTECT, related_name="turnovers")
    starts_on = models.DateField()
    ends_on = models.DateField()
    sold = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["valuation", "schedule"], name="valuation_rebate_turnover_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule}: {self.sold}"
