"""Rounds: one search each, over one version of the ledger. Triggers keep closed ones as they are."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import Q

from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.selection.terms import RoundStatus


class Round(models.Model):
    """One selection: a ledger version, a programme and a day, and what came of it.

    `programme` is the programme's text as of the start; `measures_file` holds the measured accounts, below the workspace's files.
    `illustrative` names tables of facts that are generated, not measured. `opened_by` is null when a schedule asked.
    """

    run_id: int | None
    opened_by_id: int | None
    closed_by_id: int | None
    get_status_display: Callable[[], str]

    name = models.CharField(max_length=100, unique=True)
    status = models.CharField(max_length=10, choices=RoundStatus, default=RoundStatus.OPEN)
    as_of_on = models.DateField("as of")
    currency = models.CharField(max_length=3)
    ledger_version = models.PositiveIntegerField()
    programme = models.TextField()
    programme_digest = models.CharField(max_length=64)
    code_version = models.CharField(max_length=40)
    measures_file = models.CharField(max_length=200)
    account_count = models.PositiveIntegerField()
    illustrative = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status=RoundStatus.OPEN, closed_at=None, closed_by=None)
                | Q(status=RoundStatus.CLOSED, closed_at__isnull=False, closed_by__isnull=False),
                name="selection_round_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def illustrative_words(self) -> str:
        """The tables of generated facts in words."""
        return ", ".join(str(table).replace("_", " ") for table in self.illustrative)

    @property
    def is_open(self) -> bool:
        """Whether it can still change."""
        return self.status == RoundStatus.OPEN
