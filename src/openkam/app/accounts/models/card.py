"""The record card: what is stated about an account, by whom, on whose word, and how long it keeps."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from openkam.app.accounts.models.account import Account
from openkam.app.accounts.terms.account import AddressType, Certainty
from openkam.app.accounts.terms.card import CARD, FactField, Holds
from openkam.app.accounts.terms.countries import country_name
from openkam.app.accounts.terms.identifiers import Scheme
from openkam.app.accounts.terms.industries import industry_title
from openkam.app.people.models import User


class Statement(models.Model):
    """Something stated: its source, the day it was true on, who wrote it down, how sure they were and how long it keeps."""

    source = models.CharField(max_length=300)
    as_of_on = models.DateField("as of")
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.CONFIRMED)
    shelf_life_days = models.PositiveIntegerField(
        "shelf life (days)", null=True, blank=True, validators=[MinValueValidator(1)], help_text="Empty: it keeps."
    )
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def keeps_until(self) -> date | None:
        """The last day on which it counts as fresh; None when it keeps."""
        return None if self.shelf_life_days is None else self.as_of_on + timedelta(days=self.shelf_life_days)

    @property
    def is_stale(self) -> bool:
        """True when its shelf life is over today."""
        return self.keeps_until is not None and self.keeps_until < timezone.localdate()

    @property
    def is_assumed(self) -> bool:
        """True when nobody has confirmed it."""
        return self.certainty == Certainty.ASSUMED


class Fact(Statement):
    """One statement about one field of the card. The one of the latest day counts, the others stay.

    `value` is text; a count or amount is written with a point, countries are codes with commas. `unit` is `persons`, `sites` or a currency.
    """

    get_field_display: Callable[[], str]

    account = models.ForeignKey(Account, models.CASCADE, related_name="facts")
    field = models.CharField(max_length=30, choices=FactField)
    value = models.TextField()
    unit = models.CharField(max_length=10, blank=True)

    class Meta(Statement.Meta):
        abstract = False
        ordering: ClassVar[list[str]] = ["-as_of_on", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "field", "-as_of_on", "-id"], name="accounts_fact_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.value}"

    @property
    def in_words(self) -> str:
        """The value as a reader sees it: names instead of codes, thousands apart."""
        match CARD[FactField(self.field)].holds:
            case Holds.INDUSTRY:
                return f"{industry_title(self.value)} ({self.value})"
            case Holds.COUNTRY | Holds.COUNTRIES:
                return ", ".join(country_name(code) for code in self.value.split(","))
            case Holds.COUNT | Holds.MONEY:
                whole, point, cents = self.value.partition(".")
                return f"{int(whole):,}" + (f".{cents}" if point and cents.strip("0") else "")
            case Holds.TEXT:
                return self.value


class TradeName(Statement):
    """A name the account trades under."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="trade_names")
    name = models.CharField(max_length=300)

    class Meta(Statement.Meta):
        abstract = False
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "name"], name="accounts_trade_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Identifier(Statement):
    """A number by which somebody knows the account."""

    get_scheme_display: Callable[[], str]

    account = models.ForeignKey(Account, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=Scheme)
    value = models.CharField(max_length=60)

    class Meta(Statement.Meta):
        abstract = False
        ordering: ClassVar[list[str]] = ["scheme", "value"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "scheme", "value"], name="accounts_identifier_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["scheme", "value"], name="accounts_identifier_value")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


class Address(Statement):
    """Where the account is."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="addresses")
    type = models.CharField(max_length=12, choices=AddressType, default=AddressType.HEAD_OFFICE)
    street = models.CharField(max_length=300, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField("state or region", max_length=100, blank=True)
    country = models.CharField(max_length=2)

    class Meta(Statement.Meta):
        abstract = False
        ordering: ClassVar[list[str]] = ["type", "id"]
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        parts = [self.street, f"{self.postal_code} {self.city}".strip(), self.region, country_name(self.country)]
        return ", ".join(part for part in parts if part)
