"""Evidence for the stage of an account, shown and decided by the operations that make real ones."""

from datetime import date
from typing import Any

from django.utils import timezone
from tests.factories.people import user

from openkam.analytics.relationship.lifecycle_stage.stages import Stage, gate_to
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.relationships.models import ExitPlan, LoyaltyEvidence, StageEvidence
from openkam.app.relationships.operations.exit_plans import draw_exit_plan
from openkam.app.relationships.operations.loyalty import note_loyalty
from openkam.app.relationships.operations.stages import state_evidence
from openkam.app.relationships.terms import LoyaltyKind


def evidence(account: Account, criterion: str = "offer_quoted", *, actor: User | None = None, **fields: Any) -> StageEvidence:
    """A saved piece of evidence of today."""
    given: dict[str, Any] = {"on": timezone.localdate(), "source": "letter"} | fields
    return state_evidence(actor=actor or user(Role.ADMINISTRATOR), account=account, criterion=criterion, **given)


def open_gates(account: Account, *stages: Stage, actor: User | None = None, on: date | None = None) -> None:
    """All that the gates to those stages ask for, from two sources by turns."""
    for stage in stages:
        for number, criterion in enumerate(gate_to(stage).criteria):
            source = ("system", "letter")[number % 2]
            evidence(account, criterion.name, actor=actor, source=source, on=on or timezone.localdate())


def exit_plan(account: Account, owner: User) -> ExitPlan:
    """A saved plan for leaving."""
    return draw_exit_plan(actor=owner, account=account, reason="No margin left", owner=owner, ends_on=date(2030, 1, 31))


def loyalty(account: Account, kind: LoyaltyKind = LoyaltyKind.RECOMMENDATION, **fields: Any) -> LoyaltyEvidence:
    """A saved note of today for the ladder."""
    given: dict[str, Any] = {"on": timezone.localdate(), "source": "a talk"} | fields
    return note_loyalty(actor=user(Role.ADMINISTRATOR), account=account, kind=kind, **given)
