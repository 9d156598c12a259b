"""Fields that a firm adds to its accounts, and their values."""

from typing import ClassVar

from django.db import models

from openkam.app.accounts.models.account import Account
from openkam.app.accounts.terms.account import CustomType


class CustomField(models.Model):
    """A field of the firm's own. `kinds` are the kinds of account that have it (none: all); an archived one is kept but not shown."""

    name = models.CharField(max_length=60, unique=True)
    type = models.CharField(max_length=10, choices=CustomType)
    choices = models.JSONField(default=list, blank=True)
    kinds = models.JSONField(default=list, blank=True)
    help_text = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class CustomValue(models.Model):
    """What one account has in one custom field; the column that the field's type uses is filled, the others are empty."""

    field_id: int
    account_id: int

    account = models.ForeignKey(Account, models.CASCADE, related_name="custom_values")
    field = models.ForeignKey(CustomField, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    number = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    day = models.DateField(null=True, blank=True)
    flag = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "field"], name="accounts_custom_value_once"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.in_words}"

    @property
    def in_words(self) -> str:
        """The value as a reader sees it."""
        match CustomType(self.field.type):
            case CustomType.TEXT | CustomType.CHOICE:
                return self.text
            case CustomType.NUMBER:
                return _amount(self)
            case CustomType.MONEY:
                return f"{_amount(self)} {self.currency}"
            case CustomType.DAY:
                return self.day.isoformat() if self.day else ""
            case CustomType.FLAG:
                return "Yes" if self.flag else "No"


def _amount(value: CustomValue) -> str:
    if value.number is None:
        return ""
    whole, _, cents = f"{value.number:,f}".partition(".")
    return f"{whole}.{cents.rstrip('0')}" if cents.strip("0") else whole
