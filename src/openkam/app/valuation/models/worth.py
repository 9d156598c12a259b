"""What each account was found to be worth."""

from datetime import date
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from openkam.app.accounts.models import Account
from openkam.app.valuation.models.valuation import Valuation
from openkam.app.valuation.terms import RUNG_LABELS


def amount() -> Any:
    """An amount in the currency of the valuation; null where it is not known."""
    return models.DecimalField(max_digits=20, decimal_places=2, null=True)


class AccountWorth(models.Model):
    """One account of a valuation. Null is not known, never zero.

    The ladder leads from gross sales to CM4, each step above zero as it stands on it; `contribution` is its deepest known rung up to CM3
    (`contribution_basis`). `lifetime_reason` says why there is no lifetime value. `silence_probability` is that of a gap longer than the
    one since the last order. `change_told` is what changed against a year ago, in a sentence. `owed` is split by days overdue.
    `at_stake` are net sales of the 365 days to the day. `contribution_by_volume` is what it would seem to leave after
    `service_by_volume`, were capacity spread by sales. `account` is null where no account of ours stands for the ledger's.
    """

    valuation_id: int
    account_id: int | None

    valuation = models.ForeignKey(Valuation, models.PROTECT, related_name="worths")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ledger_account = models.CharField(max_length=400)
    name = models.CharField(max_length=300)
    segment = models.CharField(max_length=200, blank=True)
    group_name = models.CharField(max_length=200, blank=True)

    gross_sales = amount()
    invoice_reductions = amount()
    unlisted_sales = amount()
    net_invoice = amount()
    off_invoice = amount()
    charges = amount()
    pocket = amount()
    uncosted_sales = amount()
    cost_of_goods = amount()
    cm1 = amount()
    order_and_logistics = amount()
    freight_cost = amount()
    cm2 = amount()
    selling_and_service = amount()
    cm3 = amount()
    capital_charge = amount()
    expected_loss = amount()
    cm4 = amount()
    step_sources = models.JSONField(default=list)
    contribution = amount()
    contribution_basis = models.CharField(max_length=10, blank=True)
    cost_to_serve = amount()
    capacity_cost = amount()
    service_by_volume = amount()
    contribution_by_volume = amount()
    sales_rank = models.PositiveIntegerField(null=True)
    margin_rank = models.PositiveIntegerField(null=True)
    levers = models.JSONField(default=list)
    change_told = models.CharField(max_length=1000, blank=True)

    lifetime_value = amount()
    lifetime_low = amount()
    lifetime_high = amount()
    units_ahead = models.FloatField(null=True)
    unit_net = amount()
    probability_alive = models.FloatField(null=True)
    lifetime_reason = models.CharField(max_length=1000, blank=True)

    last_order_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    window_from_on = models.DateField(null=True)
    window_to_on = models.DateField(null=True)
    overdue_on = models.DateField(null=True)
    silence_probability = models.FloatField(null=True)
    gap_count = models.PositiveIntegerField(null=True)
    is_overdue = models.BooleanField(null=True)
    is_thin = models.BooleanField(null=True)
    at_stake = amount()
    recent_orders = models.JSONField(encoder=DjangoJSONEncoder, default=list)

    owed = amount()
    owed_not_due = amount()
    owed_1_30 = amount()
    owed_31_60 = amount()
    owed_61_90 = amount()
    owed_over_90 = amount()
    median_days_to_pay = models.FloatField(null=True)
    lateness_probability = models.FloatField(null=True)
    expected_credit_loss = amount()
    credit_limit = amount()
    credit_limit_use = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["margin_rank", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["valuation", "ledger_account"], name="valuation_worth_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["valuation", "account"], name="valuation_worth_account"),
            models.Index(fields=["valuation", "contribution"], name="valuation_worth_margin"),
            models.Index(fields=["valuation", "sales_rank"], name="valuation_worth_sales_rank"),
            models.Index(fields=["valuation", "margin_rank"], name="valuation_worth_margin_rank"),
            models.Index(fields=["valuation", "at_stake"], name="valuation_worth_at_stake", condition=models.Q(is_overdue=True)),
            models.Index(
                fields=["valuation", "lifetime_value"], name="valuation_worth_overdue", condition=models.Q(is_overdue=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def basis_label(self) -> str:
        """The rung that the contribution stands on, as pages call it."""
        return RUNG_LABELS.get(self.contribution_basis, "")

    @property
    def order_days(self) -> list[date]:
        """Its newest orders, oldest first."""
        return [date.fromisoformat(day) for day in self.recent_orders]
