"""States of a run."""

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
HEARTBEAT_SECONDS = 5
LOST_AFTER_SECONDS = 60
