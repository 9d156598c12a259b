"""`schedule_clearing`: uploads that were kept long enough are cleared away every night; the site asks for it when it starts."""

from datetime import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from openkam.app.ledger.terms import SWEEP_KIND
from openkam.app.runs.operations import schedule_once

QUIET_HOUR = time(3, 30)


class Command(BaseCommand):
    """Makes the schedule unless there ever was one."""

    help = "Schedule the clearing away of old uploads, unless it ever was scheduled."

    def handle(self, *args: Any, **options: Any) -> None:
        schedule_once(kind=SWEEP_KIND, daily_at=QUIET_HOUR, time_zone=settings.TIME_ZONE)
