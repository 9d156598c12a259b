"""Rounds over the planted company: four accounts, two of them chosen, managed by whom a test says."""

from pathlib import Path

from tests.factories.people import user
from tests.factories.planted import AS_OF, PROGRAMME, planted_ledger

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Candidate, Round, Scenario
from openkam.app.selection.operations.rounds import conduct_round


def conducted_round(home: Path, actor: User | None = None) -> Round:
    """A round of the planted ledger in the workspace `home`, with the accounts that it makes."""
    (home / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    planted_ledger(home / "ledger")
    return conduct_round(actor=actor or user(Role.HEAD), run_id=None, name="", as_of_on=AS_OF, tell=lambda _: None)


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
