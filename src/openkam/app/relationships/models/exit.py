"""An orderly exit from a relation: what comes back, and what could go wrong. Promises are the room's own."""

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class ExitPlan(models.Model):
    """Why we leave, by when, and who answers for it. Of one account one plan at most is not `closed_on` yet."""

    account_id: int
    owner_id: int
    values: "RelatedManager[ExitValue]"
    risks: "RelatedManager[ExitRisk]"

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    reason = models.TextField(max_length=2000)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    ends_on = models.DateField("ends on")
    closed_on = models.DateField(null=True, editable=False)
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account"], condition=Q(closed_on=None), name="relationships_exit_once"),
        ]

    def __str__(self) -> str:
        return f"Exit until {self.ends_on}"


class ExitValue(models.Model):
    """Something of ours at the account: open invoices, stock, tools, data, a deposit (amounts in `currency`)."""

    plan_id: int

    plan = models.ForeignKey(ExitPlan, models.CASCADE, related_name="values")
    name = models.CharField("what", max_length=200)
    expected = models.DecimalField("worth", max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$", "Three letters, as in EUR.")])
    recovered = models.DecimalField("came back", max_digits=18, decimal_places=2, default=0, validators=[MinValueValidator(0)])
    given_up_because = models.CharField("given up because", max_length=500, blank=True)

    class Meta:
        verbose_name = "value to recover"
        verbose_name_plural = "values to recover"
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(expected__gte=0, recovered__gte=0), name="relationships_exit_value_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class ExitRisk(models.Model):
    """What could go wrong, who looks after it and what is done; without both nobody does."""

    plan_id: int

    plan = models.ForeignKey(ExitPlan, models.CASCADE, related_name="risks")
    text = models.CharField("what could go wrong", max_length=500)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    response = models.CharField("what is done", max_length=500, blank=True)

    class Meta:
        verbose_name = "risk of an exit"
        verbose_name_plural = "risks of an exit"
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.text
