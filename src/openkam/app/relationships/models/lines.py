"""Lines between the people at an account: who reports to whom, and who sways whom; both with their days."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openkam.app.accounts.models import Account
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import Strength


class ReportingLine(models.Model):
    """`contact` reports to `superior` at the account. `from_on` null: since a day nobody told; `until_on` is the last day."""

    account_id: int
    contact_id: int
    superior_id: int

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    superior = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    from_on = models.DateField("since", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on")), name="relationships_reports_days"
            ),
            models.CheckConstraint(condition=~Q(contact=F("superior")), name="relationships_reports_to_another"),
            models.UniqueConstraint(
                fields=["account", "contact"], condition=Q(until_on=None), name="relationships_reports_to_one"
            ),
        ]

    def __str__(self) -> str:
        return "Reporting line"


class InfluenceLine(models.Model):
    """`contact` sways `target` in what the account decides, as strongly as `strength` says."""

    account_id: int
    contact_id: int
    target_id: int

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    target = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    strength = models.PositiveSmallIntegerField(choices=Strength, default=Strength.CLEAR)
    from_on = models.DateField("since", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on")), name="relationships_sways_days"
            ),
            models.CheckConstraint(condition=~Q(contact=F("target")), name="relationships_sways_another"),
            models.CheckConstraint(condition=Q(strength__gte=1) & Q(strength__lte=3), name="relationships_sways_strength"),
            models.UniqueConstraint(
                fields=["account", "contact", "target"], condition=Q(until_on=None), name="relationships_sways_once"
            ),
        ]

    def __str__(self) -> str:
        return "Line of influence"
