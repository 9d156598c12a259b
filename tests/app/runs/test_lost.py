"""Runs whose worker has died say so; runs that are alive are left alone."""

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.factories.runs import let_time_pass, queued, work_off

from openkam.app.runs.models import Run
from openkam.app.runs.operations import mark_lost_runs
from openkam.app.runs.terms import LOST_AFTER_SECONDS, RunStatus

pytestmark = pytest.mark.django_db


def running() -> Run:
    """A run as a worker leaves it that is killed in the middle."""
    run = queued("test-echo")
    now = timezone.now()
    DBTaskResult.objects.filter(pk=run.task_id).update(status=TaskResultStatus.RUNNING, started_at=now)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, worker="w", started_at=now, heartbeat_at=now)
    return run


def test_a_silent_run_is_lost():
    run = running()
    let_time_pass(run, LOST_AFTER_SECONDS + 1)
    assert mark_lost_runs(timezone.now()) == 1
    run.refresh_from_db()
    assert run.status == RunStatus.LOST
    assert run.finished_at is not None
    assert "went silent" in run.failure
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert mark_lost_runs(timezone.now()) == 0


def test_a_run_with_a_sign_of_life_is_not_lost():
    run = running()
    let_time_pass(run, LOST_AFTER_SECONDS - 5)
    assert mark_lost_runs(timezone.now()) == 0
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING


def test_a_run_whose_task_was_taken_by_a_worker_that_died_before_it_began_is_lost():
    run = queued("test-echo")
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    assert mark_lost_runs(timezone.now()) == 0
    let_time_pass(run, LOST_AFTER_SECONDS + 1)
    assert mark_lost_runs(timezone.now()) == 1
    run.refresh_from_db()
    assert run.status == RunStatus.LOST


def test_a_run_without_a_task_is_lost():
    run = queued("test-echo")
    DBTaskResult.objects.all().delete()
    let_time_pass(run, LOST_AFTER_SECONDS + 1)
    assert mark_lost_runs(timezone.now()) == 1


def test_a_run_that_waits_long_in_the_queue_is_not_lost():
    run = queued("test-echo")
    let_time_pass(run, 10 * LOST_AFTER_SECONDS)
    assert mark_lost_runs(timezone.now()) == 0
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED


@pytest.mark.django_db(transaction=True)
def test_a_run_that_has_ended_is_never_lost():
    run = queued("test-echo")
    work_off()
    let_time_pass(run, 10 * LOST_AFTER_SECONDS)
    assert mark_lost_runs(timezone.now()) == 0
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
