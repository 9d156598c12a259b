"""States of a run, its times, and what a job may raise."""

from django.db import models


class RunStatus(models.TextChoices):
    """Where a run stands. A lost run was killed or went silent; it can be started again."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    LOST = "lost", "Lost"


OPEN_STATUSES = (RunStatus.QUEUED, RunStatus.RUNNING)
PULSE_SECONDS = 1
HEARTBEAT_SECONDS = 5
LOST_AFTER_SECONDS = 60
FIRST_RETRY_SECONDS = 2
LONGEST_RETRY_SECONDS = 300
LOG_LIMIT_CHARACTERS = 100_000


class TransientFaultError(Exception):
    """A job raises it for what may go away by itself, a service that does not answer: the run is tried again after a while."""
