"""Why an account's sales or contribution differ from those of a year before."""

from typing import ClassVar

from django.db import models

from openkam.app.accounts.models import Account
from openkam.app.valuation.models.valuation import Valuation
from openkam.app.valuation.terms import BridgeOf


class AccountBridge(models.Model):
    """One account's way from the period before to this one, every part in whole ten-thousandths of the valuation's currency.

    Whole numbers, so that the parts sum exactly for one account and for any number of them, in any database.
    """

    valuation_id: int
    account_id: int | None

    valuation = models.ForeignKey(Valuation, models.PROTECT, related_name="bridges")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ledger_account = models.CharField(max_length=400)
    name = models.CharField(max_length=300)
    of = models.CharField(max_length=20, choices=BridgeOf)
    before = models.BigIntegerField()
    lost_accounts = models.BigIntegerField()
    new_accounts = models.BigIntegerField()
    lost_sites = models.BigIntegerField()
    new_sites = models.BigIntegerField()
    lost_products = models.BigIntegerField()
    new_products = models.BigIntegerField()
    price = models.BigIntegerField()
    unit_cost = models.BigIntegerField()
    volume = models.BigIntegerField()
    mix = models.BigIntegerField()
    other = models.BigIntegerField()
    after = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["valuation", "of", "ledger_account"], name="valuation_bridge_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["valuation", "of", "account"], name="valuation_bridge_account"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.of}"
