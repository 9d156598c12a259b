"""What a job sees of its run, and the pulse that keeps the run's row alive while the job works."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType

import structlog
from django.db import OperationalError, connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.runs.terms import HEARTBEAT_SECONDS, LOG_LIMIT_CHARACTERS, OPEN_STATUSES, PULSE_SECONDS, RunStatus

logger = structlog.get_logger("openkam.runs")


class StopWork(BaseException):
    """The job must end now; raised at its next report. No `except Exception` of a job swallows it."""


class RunCancelled(StopWork):
    """Somebody cancelled the run."""


class RunTakenAway(StopWork):
    """The run no longer belongs to this worker: it went silent for so long that the run was given up as lost."""


class WorkerStopping(StopWork):
    """The worker was told to stop; another one will take the run from the start."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Who executes a run: the name it leaves on the row, and the event that tells it to stop."""

    name: str
    stop: Event = field(default_factory=Event)


class Progress:
    """A job's handle on its run. Reports cost nothing: the pulse writes the latest one every second, outside the job's transactions."""

    def __init__(self, run: Run, worker: Worker) -> None:
        self.run_id: int = run.pk
        self.attempt: int = run.attempt
        self.actor: User | None = run.requested_by
        self._worker = worker
        self._lock = Lock()
        self._values: dict[str, object] = {}
        self._lines: list[str] = []
        self._room = LOG_LIMIT_CHARACTERS - len(run.log)
        self._is_cancelled = Event()
        if run.cancel_asked_at:
            self._is_cancelled.set()
        self._is_taken_away = Event()

    def report(self, step: str, share: float | None = None) -> None:
        """Say what the job is doing and how much is done, from 0 to 1. Ends the job (`StopWork`) when it was asked to end."""
        if share is not None and not 0 <= share <= 1:
            raise ValueError(f"A share of the work is between 0 and 1, not {share}.")
        with self._lock:
            self._values |= {"progress_step": step[:200], "progress_share": share}
        self.check()

    def check(self) -> None:
        """End the job (`StopWork`) when it was cancelled, its run was taken away, or the worker stops."""
        if self._is_taken_away.is_set():
            raise RunTakenAway
        if self._is_cancelled.is_set():
            raise RunCancelled
        if self._worker.stop.is_set():
            raise WorkerStopping

    @property
    def is_cancelled(self) -> bool:
        """True once somebody asked for the end, for a job that wants to tidy up before its next report."""
        return self._is_cancelled.is_set()

    def log(self, line: str) -> None:
        """Add a line to the run's log, with the time. A full log takes no more."""
        text = f"{timezone.now():%H:%M:%S} {line}\n"
        with self._lock:
            if self._room <= 0:
                return
            self._room -= len(text)
            self._lines.append(text if self._room > 0 else "The log is full.\n")

    def used_ledger_version(self, version: int) -> None:
        """Keep which version of the ledger the work stood on."""
        with self._lock:
            self._values["ledger_version"] = version

    def write(self, *, is_forced: bool = False) -> None:
        """Write what is new to the run's row, and the time of this sign of life; then look whether to go on."""
        with self._lock:
            values, lines = self._values, self._lines
            if not (values or lines or is_forced):
                return self._listen()
            self._values, self._lines = {}, []
        if lines:
            values = values | {"log": Concat(F("log"), Value("".join(lines)))}
        try:
            if not self._row().update(heartbeat_at=timezone.now(), **values):
                self._is_taken_away.set()
        except OperationalError:
            with self._lock:
                self._values, self._lines = {k: v for k, v in values.items() if k != "log"} | self._values, lines + self._lines
            raise
        return self._listen()

    def end(self, status: RunStatus, **values: object) -> bool:
        """Write what became of the run, if it still belongs to this worker; False if it does not."""
        self.write()
        finished_at = None if status in OPEN_STATUSES else timezone.now()
        return bool(self._row().update(status=status, finished_at=finished_at, **values))

    def _listen(self) -> None:
        if self._row().filter(cancel_asked_at__isnull=False).exists():
            self._is_cancelled.set()

    def _row(self):
        return Run.objects.filter(pk=self.run_id, status=RunStatus.RUNNING, worker=self._worker.name)


class Pulse(AbstractContextManager[None]):
    """Writes a run's progress from a thread of its own, so that a long step, or a long transaction, leaves the run alive."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._over = Event()
        self._thread = Thread(target=self._beat, name=f"pulse-{progress.run_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        last = monotonic()
        try:
            while not self._over.wait(PULSE_SECONDS):
                is_due = monotonic() - last >= HEARTBEAT_SECONDS
                try:
                    self._progress.write(is_forced=is_due)
                except OperationalError as error:  # the next beat tries again
                    logger.warning("run's pulse missed", run=self._progress.run_id, error=str(error))
                    connection.close()
                else:
                    last = monotonic() if is_due else last
        finally:
            connection.close()
