"""What a valuation's pages show beside its figures: computed after it, since no figure waits for it."""

from typing import ClassVar

from django.db import models

from openkam.app.accounts.models import Account
from openkam.app.runs.models import Run
from openkam.app.valuation.models.valuation import Valuation


class ValuationDetail(models.Model):
    """Of the firm: the months ahead (`outlook`), how invoices are paid (`payments`), past `alerts`; null where it cannot be told.

    `not_computed` says why. Each holds what the engine's class of that name keeps (`worth.outlook.FirmOutlook`,
    `worth.payment_curves.PaymentCurve`, `worth.alert_watch.AlertBackTest`).
    """

    valuation_id: int
    run_id: int | None

    valuation = models.OneToOneField(Valuation, models.PROTECT, related_name="detail")
    outlook = models.JSONField(null=True)
    payments = models.JSONField(null=True)
    alerts = models.JSONField(null=True)
    not_computed = models.JSONField(default=list)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Details of {self.valuation}"


class AccountDetail(models.Model):
    """Of one account: what it buys (`usage`), its months `ahead`, how it pays (`payments`); null and empty where it cannot be told.

    Stored apart from `AccountWorth`, so that lists of accounts do not read it.
    """

    valuation_id: int
    account_id: int | None

    valuation = models.ForeignKey(Valuation, models.PROTECT, related_name="account_details")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ledger_account = models.CharField(max_length=400)
    name = models.CharField(max_length=300)
    usage = models.JSONField(null=True)
    ahead = models.JSONField(default=list)
    payments = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["valuation", "ledger_account"], name="valuation_detail_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["valuation", "account"], name="valuation_detail_account"),
        ]

    def __str__(self) -> str:
        return self.name
