"""`schedule_relations`: what the room does every day by itself; the site asks for it when it starts."""

from datetime import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from openkam.app.relationships.terms import MEASURE_STAGES_KIND, REMIND_KIND, RETENTION_KIND
from openkam.app.runs.operations import schedule_once

QUIET_HOUR = time(4, 0)
MORNING = time(8, 30)
NIGHT = time(3, 30)


class Command(BaseCommand):
    """Makes each schedule unless there ever was one."""

    help = (
        "Schedule the measuring of stages, the reminders of surveys and the clocks of retention, unless they ever were scheduled."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        schedule_once(kind=MEASURE_STAGES_KIND, daily_at=QUIET_HOUR, time_zone=settings.TIME_ZONE)
        schedule_once(kind=REMIND_KIND, daily_at=MORNING, time_zone=settings.TIME_ZONE)
        schedule_once(kind=RETENTION_KIND, daily_at=NIGHT, time_zone=settings.TIME_ZONE)
