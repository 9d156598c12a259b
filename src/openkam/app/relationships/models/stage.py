"""What speaks for a stage of the relation with an account, and every decision about it."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.terms import LifecycleStage, StageMove


class StageEvidence(models.Model):
    """Something shown on a day about one criterion of a gate (its name in the engine), for it or against.

    `is_measured`: by the program from its own records, then nobody is its `author`. `is_claim`: somebody says so and nothing backs it,
    so it is shown and does not count. `expires_on` is the last day on which it counts, where that is before the criterion's own.
    """

    account_id: int
    author_id: int | None

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    criterion = models.CharField(max_length=40)
    on = models.DateField("shown on")
    source = models.CharField(max_length=300)
    holds = models.BooleanField("speaks for it", default=True)
    is_claim = models.BooleanField("only a claim", default=False)
    expires_on = models.DateField("counts until", null=True, blank=True)
    is_measured = models.BooleanField(default=False, editable=False)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "stage evidence"
        verbose_name_plural = "stage evidence"
        ordering: ClassVar[list[str]] = ["-on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("on")), name="relationships_evidence_expires_after"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "criterion", "-on"], name="relationships_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} ({self.source})"


class StageChange(models.Model):
    """A decision that moved an account from one stage to another. The database refuses to change or delete one.

    `evidence` is what counted on that day: criterion, day and source of each.
    """

    account_id: int
    get_kind_display: Callable[[], str]
    get_from_stage_display: Callable[[], str]
    get_to_stage_display: Callable[[], str]

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=StageMove)
    from_stage = models.CharField("from", max_length=12, choices=LifecycleStage)
    to_stage = models.CharField("to", max_length=12, choices=LifecycleStage)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    reason = models.TextField(max_length=2000)
    evidence = models.JSONField(default=list)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(from_stage=F("to_stage")), name="relationships_stage_moves"),
            models.CheckConstraint(condition=~Q(reason=""), name="relationships_stage_has_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "-id"], name="relationships_stage_latest")]

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} to {self.get_to_stage_display()}"
