"""Accounts, the ledger customers behind them, who may see them and how they are tagged."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from openkam.app.accounts.models.search_text import SearchText
from openkam.app.accounts.terms.account import Kind
from openkam.app.people.models import Team, User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class Tag(models.Model):
    """A word that accounts are gathered under."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """One firm, or one site of it, that we sell to, would like to sell to, or buy from.

    `legal_name, industry, employees, annual_turnover, turnover_currency, country` repeat the newest fact of the record card, so that
    lists can filter and sort by them. `sort_name` and `search_text` are folded names that the operations keep in step.
    """

    manager_id: int | None
    team_id: int | None
    parent_id: int | None
    facts: "RelatedManager[Any]"
    trade_names: "RelatedManager[Any]"
    identifiers: "RelatedManager[Any]"
    addresses: "RelatedManager[Any]"
    custom_values: "RelatedManager[Any]"
    keys: "RelatedManager[AccountKey]"
    shares: "RelatedManager[Share]"
    get_kind_display: Callable[[], str]

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CUSTOMER)
    name = models.CharField(max_length=300)
    legal_name = models.CharField(max_length=300, blank=True)
    sort_name = models.CharField(max_length=300, editable=False)
    search_text = SearchText(editable=False)
    manager = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    country = models.CharField(max_length=2, blank=True)
    industry = models.CharField("industry (ISIC/NACE)", max_length=8, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    annual_turnover = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    turnover_currency = models.CharField(max_length=3, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="accounts")
    shared_with = models.ManyToManyField(User, through="Share", through_fields=("account", "user"), related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="accounts_account_not_own_parent"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sort_name", "id"], condition=Q(deleted_at=None), name="accounts_by_name"),
            models.Index(fields=["kind", "sort_name", "id"], condition=Q(deleted_at=None), name="accounts_by_kind"),
            models.Index(fields=["country", "sort_name", "id"], condition=Q(deleted_at=None), name="accounts_by_country"),
            models.Index(fields=["kind", "manager"], condition=Q(deleted_at=None), name="accounts_by_kind_and_manager"),
            models.Index(fields=["industry"], condition=Q(deleted_at=None), name="accounts_by_industry"),
            models.Index(fields=["changed_at", "id"], condition=Q(deleted_at=None), name="accounts_by_change"),
            models.Index(fields=["manager", "sort_name", "id"], name="accounts_by_manager"),
            models.Index(fields=["deleted_at", "id"], condition=~Q(deleted_at=None), name="accounts_in_bin"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The account's own page: the record card, unless the settings name a page that shows more (`ABSOLUTE_URL_OVERRIDES`)."""
        return reverse("accounts:detail", args=[self.pk])

    @property
    def initials(self) -> str:
        """First letters of the first two words, for the mark beside the name."""
        words = [word for word in self.sort_name.split() if word]
        return "".join(word[0] for word in words[:2]).upper() or "?"


class AccountKey(models.Model):
    """A ledger's customer that belongs to the account. `ledger_account` is what the engine's reviews call the account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="keys")
    source = models.CharField(max_length=200)
    customer_key = models.CharField(max_length=200)
    ledger_account = models.CharField(max_length=400)

    class Meta:
        ordering: ClassVar[list[str]] = ["source", "customer_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "customer_key"], name="accounts_key_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["ledger_account"], name="accounts_key_ledger_account")]

    def __str__(self) -> str:
        return f"{self.customer_key} in {self.source}"


class Share(models.Model):
    """Somebody beyond manager and team who may see the account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="shares")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    shared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "user"], name="accounts_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} with {self.user}"
