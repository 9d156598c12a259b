"""The plan for leaving an account, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from openkam.analytics.relationship.lifecycle_stage import exit_plan as engine
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.relationships.models import Commitment, ExitPlan, ExitRisk, ExitValue
from openkam.app.relationships.queries.commitments import visible_commitments
from openkam.app.relationships.terms import PromiseState, Side

NO_DAY = date.max
"""For a promise without a day: it is open, and never overdue."""
Part = TypeVar("Part", ExitValue, ExitRisk)


@dataclass(frozen=True, slots=True)
class ExitPage:
    """The plan, its lists and where they stand. `sums` are what is expected, came back and was given up, by currency."""

    plan: ExitPlan
    values: Sequence[ExitValue]
    promises: Sequence[Commitment]
    risks: Sequence[ExitRisk]
    progress: engine.ExitProgress
    sums: Sequence[tuple[str, object, object, object, float | None]]


def visible_exit_plans(user: User) -> QuerySet[ExitPlan]:
    """The plans of the accounts that the user sees."""
    return ExitPlan.objects.filter(account__in=visible_accounts(user).order_by())


def visible_exit_values(user: User) -> QuerySet[ExitValue]:
    """What is to come back, of the plans that the user sees."""
    return ExitValue.objects.filter(plan__in=visible_exit_plans(user).order_by())


def visible_exit_risks(user: User) -> QuerySet[ExitRisk]:
    """What could go wrong, of the plans that the user sees."""
    return ExitRisk.objects.filter(plan__in=visible_exit_plans(user).order_by())


def exit_value(user: User, pk: int) -> ExitValue:
    """One value of a visible plan; raises `Http404` for any other."""
    return _found(visible_exit_values(user).select_related("plan__account"), pk)


def exit_risk(user: User, pk: int) -> ExitRisk:
    """One risk of a visible plan; raises `Http404` for any other."""
    return _found(visible_exit_risks(user).select_related("plan__account", "owner"), pk)


def open_exit_plan(account: Account) -> ExitPlan | None:
    """The plan that is not closed of an account that `account` or `visible_accounts` returned."""
    return ExitPlan.objects.filter(account=account, closed_on=None).select_related("owner", "drawn_by").first()


def engine_plan(
    plan: ExitPlan, values: Sequence[ExitValue], promises: Sequence[Commitment], risks: Sequence[ExitRisk]
) -> engine.ExitPlan:
    """A plan as the engine reads it."""
    return engine.ExitPlan(
        reason=plan.reason,
        owner=plan.owner.name,
        ends_on=plan.ends_on,
        values=tuple(
            engine.ValueToRecover(one.name, one.expected, one.currency, one.recovered, one.given_up_because) for one in values
        ),
        promises=tuple(
            engine.PromiseToClose(one.text, str(Side(one.side).label), one.due_on or NO_DAY, one.closed_on) for one in promises
        ),
        risks=tuple(engine.ExitRisk(one.text, one.owner.name if one.owner else "", one.response) for one in risks),
    )


def exit_page(user: User, account: Account, today: date) -> ExitPage | None:
    """The open plan of a visible account with its promises, as far as the user may read them; None without a plan."""
    plan = open_exit_plan(account)
    if plan is None:
        return None
    values, risks = list(plan.values.all()), list(plan.risks.select_related("owner"))
    promises = list(
        visible_commitments(user).filter(account=account, state=PromiseState.OPEN).select_related("by_user", "by_contact")
    )
    progress = engine.exit_progress(engine_plan(plan, values, promises, risks), today)
    sums = [
        (currency, expected, progress.recovered[currency], progress.given_up[currency], progress.recovered_share[currency])
        for currency, expected in sorted(progress.expected.items())
    ]
    return ExitPage(plan, values, promises, risks, progress, sums)


def _found(records: QuerySet[Part], pk: int) -> Part:
    found = records.filter(pk=pk).first()
    if found is None:
        raise Http404("No such part of an exit plan.")
    return found
