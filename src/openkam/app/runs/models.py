"""Background runs and the schedules that ask for them."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from openkam.app.people.models import User
from openkam.app.people.terms import check_time_zone
from openkam.app.runs.terms import OPEN_STATUSES, RunStatus


class Schedule(models.Model):
    """A run that is asked for every day at a time of a time zone. `next_at` is null while it is switched off."""

    kind = models.CharField("what to run", max_length=40)
    title = models.CharField(max_length=200)
    parameters = models.JSONField(encoder=DjangoJSONEncoder, default=dict, blank=True)
    daily_at = models.TimeField("every day at")
    time_zone = models.CharField(max_length=64, validators=[check_time_zone])
    is_enabled = models.BooleanField("switched on", default=True)
    next_at = models.DateTimeField(null=True, editable=False)
    last_fired_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class Run(models.Model):
    """One piece of background work: what was asked, how far it is, what came of it.

    `kind` is the word the owning room gave it, `parameters` what it was called with; `heartbeat_at` moves while a worker is on it.
    `task_id` is its task in the queue, `worker` who took it; only that worker may write to a running run.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.QUEUED)
    requested_by_id: int | None
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    schedule = models.ForeignKey(Schedule, models.SET_NULL, null=True, related_name="+")
    again_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    parameters = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    ledger_version = models.PositiveIntegerField(null=True)
    code_version = models.CharField(max_length=40)
    attempt = models.PositiveSmallIntegerField(default=1)
    task_id = models.UUIDField(null=True)
    worker = models.CharField(max_length=64, blank=True)
    progress_step = models.CharField(max_length=200, blank=True)
    progress_share = models.FloatField(null=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    outcome = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    failure = models.TextField(blank=True)
    log = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["status", "heartbeat_at"], name="runs_run_open")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """True until the run has ended one way or another."""
        return self.status in OPEN_STATUSES
