"""From the queue to an outcome, whatever the job does."""

import errno
import time
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.factories.people import user
from tests.factories.runs import let_time_pass, queued, work_off

from openkam.app.people.models import Team
from openkam.app.people.terms import Role
from openkam.app.runs import permissions
from openkam.app.runs.jobs import run_worker
from openkam.app.runs.models import Run
from openkam.app.runs.operations import cancel_run, mark_lost_runs, progress
from openkam.app.runs.operations.execution import is_transient, retry_delay_seconds
from openkam.app.runs.terms import LOG_LIMIT_CHARACTERS, RunStatus, TransientFaultError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PULSE_SECONDS", 0.02)
    monkeypatch.setattr(progress, "HEARTBEAT_SECONDS", 0.05)


class WorkerThread:
    """A worker beside the test, which ends with it."""

    def __init__(self) -> None:
        self.stop = Event()
        self._thread = Thread(target=self._work)

    def _work(self) -> None:
        try:
            run_worker(self.stop, poll_seconds=0.02)
        finally:
            connection.close()

    def __enter__(self) -> "WorkerThread":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join()


def wait_until(run: Run, *statuses: RunStatus) -> Run:
    deadline = time.monotonic() + 20
    while run.status not in statuses:
        assert time.monotonic() < deadline, f"still {run.status}"
        time.sleep(0.02)
        run.refresh_from_db()
    return run


def test_a_run_is_done_with_its_outcome():
    run = queued("test-echo", user(Role.ANALYST), word="hello")
    work_off()
    run.refresh_from_db()
    assert (run.status, run.outcome, run.failure) == (RunStatus.DONE, {"word": "hello"}, "")
    assert (run.progress_step, run.progress_share, run.ledger_version, run.attempt) == ("Listening", 1.0, 7, 1)
    assert run.log.endswith("Heard something\n")
    assert run.queued_at <= run.started_at <= run.heartbeat_at <= run.finished_at


def test_a_refusal_is_said_in_its_own_words():
    run = queued("test-refuse")
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.failure == "Column “Kunde” of orders.csv is missing: add it to the mapping."
    assert "Traceback" not in run.log


def test_a_crash_says_what_it_was_and_where_the_details_are():
    run = queued("test-crash")
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.failure == f"ZeroDivisionError: division by zero. The server's log has the details under run-{run.pk}."
    assert (run.progress_step, run.attempt) == ("Dividing", 1)


def test_an_outcome_that_cannot_be_kept_is_a_failure():
    run = queued("test-unspeakable")
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert "not JSON serializable" in run.failure


def test_a_kind_that_is_gone_is_a_failure_that_says_so(monkeypatch: pytest.MonkeyPatch):
    run = queued("test-anyone")
    monkeypatch.delitem(permissions._kinds, "test-anyone")
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert "test-anyone" in run.failure


def test_a_transient_fault_is_tried_again_after_a_while():
    run = queued("test-transient", times=1)
    work_off()
    run.refresh_from_db()
    assert (run.status, run.attempt, run.worker) == (RunStatus.QUEUED, 2, "")
    waiting = DBTaskResult.objects.get(pk=run.task_id).run_after - timezone.now()
    assert 0 < waiting.total_seconds() <= 2
    assert "Attempt 1 of 3 failed: The bank did not answer. Trying again in" in run.log
    let_time_pass(run, 5)
    work_off()
    run.refresh_from_db()
    assert (run.status, run.outcome, run.failure) == (RunStatus.DONE, {"attempt": 2}, "")


def test_attempts_come_to_an_end():
    run = queued("test-transient", times=9)
    for _ in range(5):
        work_off()
        let_time_pass(run, 500)
    assert (run.status, run.attempt, run.failure) == (RunStatus.FAILED, 3, "The bank did not answer.")


def test_a_fault_that_stays_is_not_tried_again():
    run = queued("test-full-disk")
    work_off()
    run.refresh_from_db()
    assert (run.status, run.attempt) == (RunStatus.FAILED, 1)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TransientFaultError("busy"), True),
        (OperationalError("database is locked"), True),
        (OSError(errno.EAGAIN, "again"), True),
        (ConnectionResetError(errno.ECONNRESET, "reset"), True),
        (OSError(errno.ENOSPC, "full"), False),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (ValueError("wrong"), False),
    ],
)
def test_what_may_go_away_by_itself(error: Exception, expected: bool):
    assert is_transient(error) is expected


def test_the_wait_doubles_is_bounded_and_differs_by_chance():
    assert [retry_delay_seconds(attempt, 0) for attempt in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert retry_delay_seconds(30, 0) == 300
    assert retry_delay_seconds(2, 1) == 2
    assert retry_delay_seconds(2, 0.5) == 3


def test_a_running_run_ends_at_its_next_report_when_cancelled():
    run = queued("test-wait")
    with WorkerThread():
        wait_until(run, RunStatus.RUNNING)
        cancel_run(actor=user(), run=run)
        wait_until(run, RunStatus.CANCELLED)
    assert run.finished_at is not None
    assert run.log.endswith("Cancelled.\n")


def test_a_stopping_worker_puts_its_run_back_for_another():
    run = queued("test-wait")
    with WorkerThread():
        wait_until(run, RunStatus.RUNNING)
    run.refresh_from_db()
    assert (run.status, run.attempt, run.worker, run.started_at) == (RunStatus.QUEUED, 1, "", None)
    with WorkerThread():
        wait_until(run, RunStatus.RUNNING)
        cancel_run(actor=user(), run=run)
        wait_until(run, RunStatus.CANCELLED)


def test_a_stopping_worker_finishes_a_job_that_reports_no_more():
    run = queued("test-silent", seconds=0.3)
    with WorkerThread():
        wait_until(run, RunStatus.RUNNING)
    run.refresh_from_db()
    assert run.status == RunStatus.DONE


def test_progress_and_heartbeat_are_seen_while_the_job_works():
    run = queued("test-wait")
    with WorkerThread():
        wait_until(run, RunStatus.RUNNING)
        first = run.heartbeat_at
        deadline = time.monotonic() + 20
        while (run.heartbeat_at <= first or not run.progress_step) and time.monotonic() < deadline:
            time.sleep(0.02)
            run.refresh_from_db()
        assert run.heartbeat_at > first
        assert (run.progress_step, run.progress_share) == ("Waiting", 0.1)


def test_a_job_without_reports_keeps_its_heartbeat():
    run = queued("test-silent", seconds=0.4)
    work_off()
    run.refresh_from_db()
    assert (run.heartbeat_at - run.started_at).total_seconds() > 0.2


def test_a_run_given_up_as_lost_is_not_brought_back_by_its_worker():
    run = queued("test-wait")
    with WorkerThread() as worker:
        wait_until(run, RunStatus.RUNNING)
        Run.objects.filter(pk=run.pk).update(status=RunStatus.LOST)
        deadline = time.monotonic() + 20
        while DBTaskResult.objects.running().exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert not worker.stop.is_set()
    run.refresh_from_db()
    assert run.status == RunStatus.LOST


def test_two_workers_take_each_run_once():
    runs = [queued("test-team", name=f"Team {number}") for number in range(20)]
    with WorkerThread(), WorkerThread():
        for run in runs:
            wait_until(run, RunStatus.DONE, RunStatus.FAILED)
    assert [run.status for run in runs] == [RunStatus.DONE] * 20
    assert Team.objects.count() == 20


def test_a_full_log_takes_no_more():
    run = queued("test-anyone")
    worker = progress.Worker("w")
    Run.objects.update(status=RunStatus.RUNNING, worker="w")
    handle = progress.Progress(run, worker)
    for _ in range(12):
        handle.log("x" * 10_000)
    handle.write()
    run.refresh_from_db()
    assert run.log.endswith("The log is full.\n")
    assert len(run.log) <= LOG_LIMIT_CHARACTERS + 20


def test_a_share_outside_0_to_1_is_refused():
    handle = progress.Progress(queued("test-anyone"), progress.Worker("w"))
    with pytest.raises(ValueError, match="between 0 and 1"):
        handle.report("Step", 50)


def test_a_task_that_is_not_the_run_s_own_any_more_does_nothing():
    run = queued("test-team", name="Once")
    stale = DBTaskResult.objects.get(pk=run.task_id)
    stale.pk = None
    stale.save(force_insert=True)
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert Team.objects.count() == 1
    assert mark_lost_runs(timezone.now()) == 0
