"""A worker killed in the middle of a run: the run says so, can be started again, and nothing else is harmed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.architecture.law import HOUSE
from tests.factories.people import team, user
from tests.factories.runs import let_time_pass, queued

from openkam.app.people.models import Team
from openkam.app.runs.models import Run
from openkam.app.runs.operations import cancel_run, mark_lost_runs, start_again
from openkam.app.runs.terms import LOST_AFTER_SECONDS, RunStatus

pytestmark = pytest.mark.django_db(transaction=True)

# A worker as at work, on the test's own database, knowing the tests' jobs.
WORKER = """
import os
from tests import site_settings
site_settings.DATABASES["default"]["NAME"] = os.environ["OPENKAM_TEST_DATABASE_NAME"]
import django
django.setup()
from django.core.management import call_command
import tests.factories.runs
call_command("worker")
"""


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    """A worker in a process of its own, killed at the end if it still is there."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.site_settings",
        "OPENKAM_TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": str(HOUSE),
    }
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(run: Run, *statuses: RunStatus, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while run.status not in statuses:
        run.refresh_from_db()
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < deadline, f"{run} is still {run.status}"
        time.sleep(0.05)


def test_a_killed_worker_leaves_a_run_that_says_so_and_can_be_started_again():
    person = user()
    killed = queued("test-wait", person)
    with worker() as process:
        wait_until(killed, RunStatus.RUNNING, process=process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    killed.refresh_from_db()
    assert killed.status == RunStatus.RUNNING
    assert mark_lost_runs(timezone.now()) == 0

    let_time_pass(killed, LOST_AFTER_SECONDS + 1)
    assert mark_lost_runs(timezone.now()) == 1
    killed.refresh_from_db()
    assert killed.status == RunStatus.LOST

    again = start_again(actor=person, run=killed)
    with worker() as process:
        wait_until(again, RunStatus.RUNNING, process=process)
        cancel_run(actor=person, run=again)
        wait_until(again, RunStatus.CANCELLED, process=process)
    killed.refresh_from_db()
    assert killed.status == RunStatus.LOST


def test_the_next_worker_notices_what_the_killed_one_left_and_does_the_rest():
    person = user()
    killed, waiting = queued("test-wait-for-team", person), queued("test-anyone", person)
    with worker() as process:
        wait_until(killed, RunStatus.RUNNING, process=process)
        process.kill()
        process.wait()
    let_time_pass(killed, LOST_AFTER_SECONDS + 1)
    with worker() as process:
        wait_until(waiting, RunStatus.DONE, process=process)
        wait_until(killed, RunStatus.LOST, process=process)
    again = start_again(actor=person, run=killed)
    team(name="North")
    with worker() as process:
        wait_until(again, RunStatus.DONE, process=process)
    assert (again.outcome, again.again_of) == ({"name": "North"}, killed)


def test_a_worker_asked_to_stop_puts_its_run_back_and_leaves():
    run = queued("test-wait")
    with worker() as process:
        wait_until(run, RunStatus.RUNNING, process=process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0, process.stderr and process.stderr.read()
    run.refresh_from_db()
    assert (run.status, run.worker) == (RunStatus.QUEUED, "")
    assert DBTaskResult.objects.ready().filter(pk=run.task_id).exists()


def test_two_worker_processes_take_each_run_once():
    runs = [queued("test-team", name=f"Team {number}") for number in range(30)]
    with worker() as first, worker():
        for run in runs:
            wait_until(run, RunStatus.DONE, RunStatus.FAILED, process=first)
    assert {run.status for run in runs} == {RunStatus.DONE}
    assert Team.objects.count() == 30
