"""Writes to runs and schedules."""

from openkam.app.runs.operations.execution import execute_run
from openkam.app.runs.operations.lost import mark_lost_runs
from openkam.app.runs.operations.requests import RunIsOpenError, cancel_run, request_run, start_again
from openkam.app.runs.operations.schedules import fire_due_schedules, remove_schedule, save_schedule, schedule_once

__all__ = [
    "RunIsOpenError",
    "cancel_run",
    "execute_run",
    "fire_due_schedules",
    "mark_lost_runs",
    "remove_schedule",
    "request_run",
    "save_schedule",
    "schedule_once",
    "start_again",
]
