"""What was tried in a round, and every candidate in it."""

from math import ceil
from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.selection.models.round import Round


class Scenario(models.Model):
    """A programme solved over the round's measured accounts: the baseline, as reviewed, or a what-if.

    `criteria` are the criteria as used (name, label, weight, unit, measure), `limits` the use of every limit; `objective` is the
    utility of the choice and `gap` by what share of it the best possible choice may be better: 0 where the choice is proven best.
    `explanation_run` proves and explains it in the background, `robustness_run` tries other weightings.
    """

    round_id: int
    made_by_id: int | None
    explanation_run_id: int | None
    robustness_run_id: int | None

    round = models.ForeignKey(Round, models.PROTECT, related_name="scenarios")
    name = models.CharField(max_length=100)
    is_baseline = models.BooleanField(default=False)
    programme = models.TextField()
    objective = models.FloatField()
    gap = models.FloatField()
    solver_seconds = models.FloatField()
    candidate_count = models.PositiveIntegerField()
    selected_count = models.PositiveIntegerField()
    criteria = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    limits = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    notes = models.JSONField(default=list)
    is_explained = models.BooleanField(default=False)
    explanation_run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    robustness_run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-is_baseline", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "name"], name="selection_scenario_name_once"),
            models.UniqueConstraint(fields=["round"], condition=Q(is_baseline=True), name="selection_one_baseline"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.round_id}"

    @property
    def is_proven(self) -> bool:
        """Whether no choice under these limits is better."""
        return self.gap == 0.0

    @property
    def most_below_percent(self) -> float:
        """By how many percent at most it falls short of the best possible choice, rounded up to a tenth."""
        return ceil(1000.0 * self.gap) / 10.0


class Candidate(models.Model):
    """One account in one scenario. `account` is null where no account of ours stands for the ledger's.

    `contributions` are weight times value in the order of the scenario's criteria, which add up to `utility`; `levels` what each was
    read from. `measures` are kept once, with the baseline. Of the explanation, `displaces` and `brings_in` hold ledger accounts,
    `needs` the smallest changes that would bring it in, `partners` the accounts that its words name.
    """

    scenario_id: int
    account_id: int | None

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="candidates")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ledger_account = models.CharField(max_length=400)
    name = models.CharField(max_length=300)
    rank = models.PositiveIntegerField()
    utility = models.FloatField()
    is_selected = models.BooleanField()
    manager_name = models.CharField(max_length=150, blank=True)
    region = models.CharField(max_length=200, blank=True)
    hours = models.FloatField(null=True)
    cost = models.FloatField(null=True)
    contributions = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    measures = models.JSONField(default=dict)
    pin = models.CharField(max_length=10, blank=True)
    regret_percent = models.FloatField(null=True)
    is_explained = models.BooleanField(default=False)
    binding = models.TextField(blank=True)
    displaces = models.JSONField(default=list)
    brings_in = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    partners = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["-is_selected", "rank"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scenario", "ledger_account"], name="selection_candidate_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["scenario", "-is_selected", "rank"], name="selection_candidate_rank"),
        ]

    def __str__(self) -> str:
        return self.name
