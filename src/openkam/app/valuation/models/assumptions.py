"""What a valuation assumes beside the ledger: what is lost of late money, and what levers aim at."""

from decimal import Decimal
from typing import ClassVar

from django.db import models

from openkam.app.people.models import User
from openkam.app.ui.templatetags.figures import day_text


def rate(label: str, default: str) -> "models.DecimalField[Decimal, Decimal]":
    """A share of one, four places."""
    return models.DecimalField(label, max_digits=5, decimal_places=4, default=Decimal(default))


class Assumptions(models.Model):
    """What is assumed from a day on, until later ones begin; of two from the same day the newer. Never changed: triggers keep it so.

    `loss_…` are shares of what is owed that are expected to be lost, by days overdue. The targets of the levers are shares, but
    `order_value` (currency of the valuation), which is the middle account's where it is null; without `discount_cut` there is no such
    lever. A manager gets `alerts_per_manager_week` at most, where it is null as many as the engine's example says. `is_illustrative`
    marks loss rates that are nobody's experience.
    """

    made_by_id: int | None

    valid_from = models.DateField("holds from")
    loss_not_due = rate("expected loss, not yet due", "0.003")
    loss_1_30 = rate("1 to 30 days overdue", "0.016")
    loss_31_60 = rate("31 to 60 days overdue", "0.036")
    loss_61_90 = rate("61 to 90 days overdue", "0.066")
    loss_over_90 = rate("over 90 days overdue", "0.106")
    order_value = models.DecimalField("least value of an order", max_digits=18, decimal_places=2, null=True)
    freight_share = rate("freight that the customer pays", "1")
    terms_share = rate("late payment that comes in time", "1")
    discount_cut = models.DecimalField("discounts taken back", max_digits=5, decimal_places=4, null=True)
    price_rise = rate("price rise", "0.02")
    alerts_per_manager_week = models.PositiveSmallIntegerField("alerts per manager and week", null=True)
    is_illustrative = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-valid_from", "-id"]
        verbose_name = "assumptions"
        verbose_name_plural = "assumptions"

    def __str__(self) -> str:
        return f"Assumptions from {day_text(self.valid_from)}"
