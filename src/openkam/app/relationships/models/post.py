"""Where a person works, and what they do when the account buys; both with their days."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from openkam.app.accounts.models import Account
from openkam.app.people.terms import Function, Level
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import BuyingCenterRole


class Employment(models.Model):
    """A post of a person at an account. `from_on` null: since a day nobody told; `until_on` is the last day, null while they hold it.

    `last_contact_at` and `last_open_contact_at`: when they last had contact with us at the account, by all entries and by those that are
    private to nobody; null for never. They follow from the entries (`operations.last_contacts`) and are in no history.
    """

    contact_id: int
    account_id: int
    get_function_display: Callable[[], str]
    get_level_display: Callable[[], str]

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="employments")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    job_title = models.CharField(max_length=200, blank=True)
    function = models.CharField(max_length=20, choices=Function, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    site = models.CharField(max_length=200, blank=True)
    from_on = models.DateField("since", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, editable=False)
    last_open_contact_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "post"
        ordering: ClassVar[list[models.OrderBy]] = [
            F("until_on").desc(nulls_first=True),
            F("from_on").desc(nulls_last=True),
            F("id").desc(),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on")), name="relationships_post_days"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["contact", "account"], condition=Q(until_on=None), name="relationships_posts_held"),
            # Nulls first or last: each database has its own mind, and an index serves an order only where both say the same.
            models.Index(
                ExpressionWrapper(Q(last_open_contact_at=None), output_field=models.BooleanField()),
                F("last_open_contact_at").desc(),
                condition=Q(until_on=None),
                name="relationships_latest_contact",
            ),
            models.Index(
                ExpressionWrapper(Q(last_open_contact_at=None), output_field=models.BooleanField()),
                F("last_open_contact_at").asc(),
                condition=Q(until_on=None),
                name="relationships_oldest_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.in_words

    @property
    def in_words(self) -> str:
        """Title, else function, of the post."""
        return self.job_title or (self.get_function_display() if self.function else "Post")


class BuyingRole(models.Model):
    """What a person does when the account buys something of `category`; a blank category is all of it."""

    contact_id: int
    account_id: int
    get_role_display: Callable[[], str]

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="buying_roles")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    category = models.CharField("purchase category", max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=BuyingCenterRole)
    from_on = models.DateField("since")
    until_on = models.DateField("until", null=True, blank=True)

    class Meta:
        verbose_name = "buying role"
        ordering: ClassVar[list[str]] = ["category", "role", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="relationships_role_days"),
            models.UniqueConstraint(
                fields=["contact", "account", "category", "role"],
                condition=Q(until_on=None),
                name="relationships_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.category}" if self.category else self.get_role_display()
