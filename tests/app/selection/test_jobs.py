"""Rounds and reasons by the real worker."""

from datetime import date
from pathlib import Path

import pytest
from tests.factories.people import user
from tests.factories.planted import PROGRAMME, planted_ledger
from tests.factories.rounds import baseline, conducted_round
from tests.factories.runs import work_off

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.runs.models import Run
from openkam.app.runs.terms import RunStatus
from openkam.app.selection.models import KeyStatus, Round
from openkam.app.selection.operations.rounds import conduct_round, start_round
from openkam.app.selection.operations.scenarios import request_explanation, try_constraints
from openkam.app.selection.terms import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def head(transactional_db: None) -> User:
    """A person who may decide."""
    return user(Role.HEAD)


@pytest.fixture
def workspace(home: Path) -> Path:
    """A workspace with facts and a programme."""
    planted_ledger(home / "ledger")
    (home / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    return home


def worked_off(run: Run) -> Run:
    """The run, once a worker has dealt with it."""
    work_off()
    run.refresh_from_db()
    return run


def test_a_worker_conducts_the_round_that_was_asked_for(workspace: Path, head: User):
    run = worked_off(start_round(actor=head, name="Winter", as_of_on=date(2023, 12, 31)))
    assert (run.status, run.failure) == (RunStatus.DONE, "")
    made = Round.objects.get()
    assert (made.name, made.as_of_on, made.opened_by, made.run_id) == ("Winter", date(2023, 12, 31), head, run.pk)
    assert run.ledger_version == made.ledger_version
    assert run.outcome["round"] == made.pk
    assert (workspace / "files" / "rounds" / made.measures_file).is_file()
    assert baseline(made).is_explained
    assert not KeyStatus.objects.exists()


def test_a_run_that_was_lost_after_its_round_stored_finds_it_again(workspace: Path, head: User):
    run = worked_off(start_round(actor=head))
    again = conduct_round(actor=head, run_id=run.pk, name="", as_of_on=None, tell=lambda _: None)
    assert (again, Round.objects.count()) == (Round.objects.get(), 1)


def test_a_refused_round_leaves_nothing_and_says_why(workspace: Path, head: User):
    run = start_round(actor=head, as_of_on=date(1999, 1, 1))
    assert worked_off(run).status == RunStatus.FAILED
    assert "no transaction up to 1999-01-01" in run.failure
    assert "--" not in run.failure
    assert not Round.objects.exists()
    assert list((workspace / "files").rglob("*.parquet")) == []


def test_a_name_taken_while_the_run_waited_is_refused(workspace: Path, head: User):
    run = start_round(actor=head, name="2023-1")
    conducted = conduct_round(actor=head, run_id=None, name="2023-1", as_of_on=None, tell=lambda _: None)
    assert worked_off(run).status == RunStatus.FAILED
    assert "give another name" in run.failure
    assert list(Round.objects.all()) == [conducted]
    with pytest.raises(RefusedError, match="give another name"):
        start_round(actor=head, name="2023-1")


def test_a_worker_proves_and_explains_a_what_if_found_in_haste(home: Path, head: User):
    made = conducted_round(home, head)
    tried = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0})
    tried.candidates.update(is_selected=False)
    tried.candidates.filter(ledger_account="second").update(is_selected=True)
    tried.gap, tried.objective = 0.031, 0.5
    tried.save()
    assert (tried.is_proven, tried.most_below_percent) == (False, 3.1)
    run = worked_off(request_explanation(actor=head, scenario=tried))
    assert (run.status, run.failure) == (RunStatus.DONE, "")
    tried.refresh_from_db()
    assert (tried.is_proven, tried.is_explained) == (True, True)
    assert [c.ledger_account for c in tried.candidates.filter(is_selected=True)] == ["steady"]
    assert Entry.objects.filter(record_type="selection.scenario", record_key=str(tried.pk), verb="explained").exists()
    with pytest.raises(RefusedError, match="explained already"):
        request_explanation(actor=head, scenario=tried)
