"""Asking for a run, cancelling it, starting it again."""

from importlib.metadata import version

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from tests.factories.people import user
from tests.factories.runs import queued, work_off

from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role
from openkam.app.runs.models import Run
from openkam.app.runs.operations import RunIsOpenError, cancel_run, request_run, start_again
from openkam.app.runs.permissions import UnknownKindError
from openkam.app.runs.terms import RunStatus

pytestmark = pytest.mark.django_db


def test_a_request_is_queued_and_recorded():
    analyst = user(Role.ANALYST)
    run = request_run(actor=analyst, kind="test-echo", title="Say it", parameters={"word": "hello"})
    assert (run.status, run.requested_by, run.parameters) == (RunStatus.QUEUED, analyst, {"word": "hello"})
    assert run.code_version == version("openkam")
    assert DBTaskResult.objects.get().pk == run.task_id
    entry = Entry.objects.get()
    assert (entry.actor, entry.verb, entry.record_type, entry.record_key) == (analyst, "requested", "runs.run", str(run.pk))


def test_a_request_that_is_taken_back_leaves_neither_a_run_nor_a_task():
    class TakenBackError(Exception):
        pass

    def ask_and_fail():
        with transaction.atomic():
            queued("test-echo")
            raise TakenBackError

    with pytest.raises(TakenBackError):
        ask_and_fail()
    assert not Run.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.TEAM_MEMBER, Role.READ_ONLY])
def test_a_role_without_the_act_asks_for_nothing(role: Role):
    with pytest.raises(PermissionDenied, match="conduct a review"):
        queued("test-echo", user(role))
    assert not Run.objects.exists()


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownKindError, match="no-such"):
        queued("no-such", user())


def test_a_queued_run_is_cancelled_at_once_and_never_executed(transactional_db: None):
    person = user(Role.READ_ONLY)
    run = queued("test-anyone", person)
    cancelled = cancel_run(actor=person, run=run)
    assert cancelled.status == RunStatus.CANCELLED
    assert cancelled.finished_at is not None
    work_off()
    run.refresh_from_db()
    assert (run.status, run.started_at) == (RunStatus.CANCELLED, None)
    entry = Entry.objects.filter(verb="cancelled").get()
    assert (entry.before["status"], entry.after["status"]) == ("queued", "cancelled")


def test_a_stranger_cancels_nothing():
    run = queued("test-anyone", user(Role.READ_ONLY))
    with pytest.raises(PermissionDenied):
        cancel_run(actor=user(Role.ANALYST), run=run)
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED


def test_who_changes_settings_cancels_anybody_s_run():
    run = queued("test-anyone", user(Role.READ_ONLY))
    assert cancel_run(actor=user(Role.HEAD), run=run).status == RunStatus.CANCELLED


def test_a_run_that_has_ended_stays_as_it_is(transactional_db: None):
    person = user()
    run = queued("test-anyone", person)
    work_off()
    assert cancel_run(actor=person, run=run).status == RunStatus.DONE
    assert not Entry.objects.filter(verb="cancelled").exists()


def test_a_run_starts_again_as_a_new_one(transactional_db: None):
    person = user()
    run = queued("test-crash", person)
    work_off()
    again = start_again(actor=person, run=run)
    assert (again.again_of, again.kind, again.parameters, again.status) == (run, run.kind, run.parameters, RunStatus.QUEUED)
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED


def test_an_open_run_does_not_start_again():
    person = user()
    with pytest.raises(RunIsOpenError):
        start_again(actor=person, run=queued("test-anyone", person))
    assert Run.objects.count() == 1


def test_starting_again_needs_the_permission_of_the_kind(transactional_db: None):
    run = queued("test-echo", user(Role.ANALYST), word="hello")
    work_off()
    with pytest.raises(PermissionDenied):
        start_again(actor=user(Role.MANAGER), run=run)
    assert Run.objects.count() == 1
