"""Rounds over the planted company: four accounts, two of them chosen, managed by whom a test says."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.factories.people import user
from tests.factories.planted import AS_OF, PROGRAMME, planted_ledger

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.review import Review
from openkam.analytics.selection.programme import Programme
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Candidate, Round, Scenario
from openkam.app.selection.operations.rounds import store_review


def conducted_round(home: Path, actor: User | None = None) -> Round:
    """A round of the planted ledger in the workspace `home`, with the accounts that it makes.

    What `conduct_round` stores of it: the ledger is the same for every test, so it is written and reviewed once in a process.
    """
    written, review, programme = planted_review()
    (home / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    shutil.copytree(written, home / "ledger")
    ledger = Ledger.open(home / "ledger")
    return store_review(actor=actor or user(Role.HEAD), ledger=ledger, review=review, text=PROGRAMME, programme=programme)


@cache
def planted_review() -> tuple[Path, Review, Programme]:
    """The folder of the planted ledger, its review with every measure, and the programme that it is under."""
    folder = Path(tempfile.mkdtemp(prefix="openkam-planted-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    programme = Programme.parse(PROGRAMME)
    ledger = planted_ledger(folder / "ledger")
    return folder / "ledger", conduct_review(ledger, programme, as_of=AS_OF, with_every_measure=True), programme


def baseline(made: Round) -> Scenario:
    """What the round proposes."""
    return Scenario.objects.select_related("round").get(round=made, is_baseline=True)


def candidate(made: Round, name: str) -> Candidate:
    """A candidate of the baseline by its account's name."""
    return Candidate.objects.select_related("account").get(scenario=baseline(made), name=name)


def give(manager: User, name: str) -> Account:
    """Give an account to a manager."""
    account = Account.objects.get(name=name)
    account.manager = manager
    account.save(update_fields=["manager"])
    return account
