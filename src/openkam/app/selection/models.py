"""Rounds, what was tried in them, what people decided, and who is key since when. Triggers keep closed rounds as they are."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.selection.terms import Choice, RoundStatus, Tier


class Round(models.Model):
    """One selection: a ledger version, a programme and a day, and what came of it.

    `programme` is the programme's text as of the start; `measures_file` holds the measured accounts, below the workspace's files.
    `illustrative` names tables of facts that are generated, not measured. `opened_by` is null when a schedule asked.
    """

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
    def is_open(self) -> bool:
        """Whether it can still change."""
        return self.status == RoundStatus.OPEN


class Scenario(models.Model):
    """A programme solved over the round's measured accounts: the baseline, as reviewed, or a what-if.

    `criteria` are the criteria as used (name, label, weight, unit, measure), `limits` the use of every limit; `objective` is the
    utility of the choice. `explanation_run` explains it in the background.
    """

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


class Candidate(models.Model):
    """One account in one scenario. `account` is null where no account of ours stands for the ledger's.

    `contributions` are weight times value in the order of the scenario's criteria, which add up to `utility`; `levels` what each was
    read from. `measures` are kept once, with the baseline. Of the explanation, `displaces` and `brings_in` hold ledger accounts,
    `needs` the smallest changes that would bring it in, `partners` the accounts that its words name.
    """

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


class Decision(models.Model):
    """What a person decided about one account in a round: what the search proposed, and whether the account is key.

    `in_key` is null while it is deferred. `price_percent` is what an override costs, percent of the objective, where known.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="decisions")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed = models.BooleanField()
    choice = models.CharField(max_length=10, choices=Choice)
    in_key = models.BooleanField(null=True)
    tier = models.CharField(max_length=20, choices=Tier, blank=True)
    reason = models.TextField(blank=True)
    price_percent = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-decided_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "account"], name="selection_decision_once"),
            models.CheckConstraint(
                condition=Q(choice=Choice.APPROVE, in_key=F("proposed"), in_key__isnull=False)
                | (Q(choice=Choice.OVERRIDE, in_key=True, in_key__isnull=False, proposed=False) & ~Q(reason=""))
                | (Q(choice=Choice.OVERRIDE, in_key=False, in_key__isnull=False, proposed=True) & ~Q(reason=""))
                | Q(choice=Choice.DEFER, in_key=None),
                name="selection_decision_says_what",
            ),
            models.CheckConstraint(
                condition=(Q(in_key=True, in_key__isnull=False) & ~Q(tier=""))
                | ((Q(in_key=False) | Q(in_key=None)) & Q(tier="")),
                name="selection_tier_of_key_accounts",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="selection_decision_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_choice_display()} {self.account_id} in {self.round_id}"


class KeyStatus(models.Model):
    """A span of days over which an account is key, by a person's decision. `until_on` was decided with it (null: open).

    `ended_on` is the first day on which a later decision, `ended_by`, made it no longer so. Days of one account never overlap.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    tier = models.CharField(max_length=20, choices=Tier)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="status")

    class Meta:
        ordering: ClassVar[list[str]] = ["-from_on", "-id"]
        verbose_name_plural = "key statuses"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None) | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="selection_status_ended_by_decision",
            ),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="selection_status_days"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "-from_on"], name="selection_status_account")]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} from {self.from_on}"


class ProgrammeText(models.Model):
    """The workspace's programme as last changed here, one row, so that every change of the file stands in the audit."""

    text = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "programme"

    def __str__(self) -> str:
        return "The workspace's programme"
