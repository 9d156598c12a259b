"""Works off the queue until told to stop."""

import signal
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from openkam.app.runs.jobs import run_worker


class Command(BaseCommand):
    """`worker`: executes runs, fires schedules, notices lost runs."""

    help = "Execute background runs until told to stop (SIGTERM or Ctrl-C; a second one stops at once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="Stop as soon as nothing is left in the queue.")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            signal.signal(number, signal.SIG_DFL)
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask_to_stop)
        run_worker(stop, until_idle=options["until_idle"])
