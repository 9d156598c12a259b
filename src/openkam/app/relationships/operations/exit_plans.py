"""Draw a plan for leaving an account, and keep it: what comes back, what could go wrong."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.accounts.models import Account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import ExitPlan, ExitRisk, ExitValue
from openkam.app.relationships.queries.exit_plans import open_exit_plan


@transaction.atomic
def draw_exit_plan(*, actor: User, account: Account, reason: str, owner: User, ends_on: date) -> ExitPlan:
    """Why we leave, who answers for it, by when; changes the open plan where there is one."""
    require(actor, Permission.EDIT_ACCOUNTS)
    plan = open_exit_plan(account) or ExitPlan(account=account, drawn_by=actor)
    with recorded(actor=actor, verb="changed" if plan.pk else "drew", record=plan):
        plan.reason, plan.owner, plan.ends_on = reason.strip(), owner, ends_on
        plan.full_clean(exclude=["account", "owner", "drawn_by"], validate_constraints=False)
        plan.save()
    return plan


@transaction.atomic
def expect_value(*, actor: User, plan: ExitPlan, name: str, expected: Decimal, currency: str) -> ExitValue:
    """Something of ours that is to come back."""
    require(actor, Permission.EDIT_ACCOUNTS)
    made = ExitValue(plan=plan, name=" ".join(name.split()), expected=expected, currency=currency.upper())
    made.full_clean(exclude=["plan"])
    with recorded(actor=actor, verb="expects back", record=made):
        made.save()
    return made


@transaction.atomic
def settle_value(*, actor: User, value: ExitValue, recovered: Decimal, given_up_because: str = "") -> None:
    """Say what came back, and why the rest does not. Raises `ValidationError` for a closed plan or an amount below zero."""
    require(actor, Permission.EDIT_ACCOUNTS)
    _check_open(value.plan)
    with recorded(actor=actor, verb="settled", record=value):
        value.recovered, value.given_up_because = recovered, " ".join(given_up_because.split())
        value.full_clean(exclude=["plan"])
        value.save()


@transaction.atomic
def name_risk(*, actor: User, plan: ExitPlan, text: str, owner: User | None = None, response: str = "") -> ExitRisk:
    """What could go wrong, who looks after it and what is done."""
    require(actor, Permission.EDIT_ACCOUNTS)
    made = ExitRisk(plan=plan, text=" ".join(text.split()), owner=owner, response=" ".join(response.split()))
    made.full_clean(exclude=["plan", "owner"])
    with recorded(actor=actor, verb="named a risk", record=made):
        made.save()
    return made


@transaction.atomic
def answer_risk(*, actor: User, risk: ExitRisk, owner: User | None, response: str) -> None:
    """Who looks after a risk, and what is done. Raises `ValidationError` for a closed plan."""
    require(actor, Permission.EDIT_ACCOUNTS)
    _check_open(risk.plan)
    with recorded(actor=actor, verb="answered a risk", record=risk):
        risk.owner, risk.response = owner, " ".join(response.split())
        risk.full_clean(exclude=["plan", "owner"])
        risk.save()


def _check_open(plan: ExitPlan) -> None:
    if plan.closed_on is not None:
        raise ValidationError("This exit plan is closed.")
