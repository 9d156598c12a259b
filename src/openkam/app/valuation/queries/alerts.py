"""Which silences are worth a call this week: of each manager's overdue accounts the few with the most money at stake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from openkam.analytics.forecast.order_alerts import ALERTS_PER_MANAGER_WEEK, alerts_within_budget
from openkam.analytics.worth.alert_verdicts import LossShare
from openkam.analytics.worth.alert_watch import AlertBackTest, Silence, silence_in_days
from openkam.analytics.worth.known_total import known_total
from openkam.app.people.models import User
from openkam.app.people.queries import first_day_of_week
from openkam.app.valuation.models import AccountWorth, Valuation, ValuationDetail
from openkam.app.valuation.permissions import sees_all_records
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.alert_verdicts import is_dealt_with, losses_among_dealt
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths

ROWS_PER_PAGE = 25
TOLD = (
    *(
        "account_id",
        "name",
        "at_stake",
        "last_order_on",
        "expected_on",
        "overdue_on",
        "silence_probability",
        "gap_count",
        "is_thin",
    ),
    "account__manager__name",
)
UNMANAGED = 0
"""Stands for the manager of accounts that nobody looks after."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An account whose order is overdue: its silence in days, since when, and what is at stake (`currency`)."""

    account_id: int
    name: str
    manager: str
    at_stake: Decimal
    currency: str
    last_order_on: date
    overdue_on: date
    silence: Silence
    probability: float | None
    gap_count: int
    is_thin: bool


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """The alerts of the week of the valuation; `waiting_count` overdue accounts wait beyond the budget of their managers.

    `is_told` is False where the valuation was made before what is at stake was kept. `test` is the back-test over the firm's own
    past, for who sees the whole firm; `reason` says why there is none. `losses` are those among the silences that people dealt with.
    The week that the budget is for begins on `week_from_on`.
    """

    valuation: Valuation | None
    budget: int
    page: Page[int] | None
    lines: Sequence[AlertLine]
    alert_count: int
    waiting_count: int
    at_stake: Decimal
    is_told: bool
    may_see_test: bool
    test: AlertBackTest | None
    reason: str
    source: str
    losses: LossShare | None = None
    week_from_on: date | None = None


def alerts_page(user: User, number: str) -> AlertsPage:
    """The page of a person, in a number of queries that does not depend on the accounts."""
    valuation, may_see_test = latest_valuation(), sees_all_records(user)
    if valuation is None:
        return AlertsPage(None, ALERTS_PER_MANAGER_WEEK, None, (), 0, 0, Decimal(0), True, may_see_test, None, "", "")
    budget = budget_of(valuation)
    overdue = list(overdue_worths(user, valuation).order_by("pk").values_list("pk", "account__manager", "at_stake"))
    told = alerts_within_budget(
        np.ones(len(overdue), dtype=np.bool_),
        np.array([float(one[2]) for one in overdue], dtype=np.float64),
        np.array([one[1] or UNMANAGED for one in overdue], dtype=np.int64),
        budget,
    )
    chosen = sorted((overdue[place] for place in told.tolist()), key=lambda one: (-one[2], one[0]))
    page = Paginator([one[0] for one in chosen], ROWS_PER_PAGE).get_page(number)
    rows = AccountWorth.objects.filter(pk__in=page.object_list).order_by("-at_stake", "pk").values(*TOLD)
    detail = ValuationDetail.objects.filter(valuation=valuation).first() if may_see_test else None
    return AlertsPage(
        valuation=valuation,
        budget=budget,
        page=page,
        lines=_lines(rows, valuation),
        alert_count=len(chosen),
        waiting_count=len(overdue) - len(chosen),
        at_stake=known_total(one[2] for one in chosen) or Decimal(0),
        is_told=bool(overdue) or visible_worths(user, valuation).filter(at_stake__isnull=False).exists(),
        may_see_test=may_see_test,
        test=AlertBackTest.restored(detail.alerts) if detail and detail.alerts else None,
        reason=_reason(detail),
        source=source_of(valuation),
        losses=losses_among_dealt(user, valuation),
        week_from_on=first_day_of_week(user, valuation.as_of_on),
    )


def own_alerts(user: User, count: int) -> tuple[AlertLine, ...]:
    """The first alerts of the accounts that the person looks after, within their budget, in two queries."""
    valuation = latest_valuation()
    if valuation is None:
        return ()
    own = overdue_worths(user, valuation).filter(account__manager=user).order_by("-at_stake", "pk")
    return tuple(_lines(own.values(*TOLD)[: min(count, budget_of(valuation))], valuation))


def overdue_worths(user: User, valuation: Valuation) -> QuerySet[AccountWorth]:
    """The overdue accounts that the person sees and that bought within a year: where they did not, nothing is at stake any more.

    Those that somebody dealt with are not among them, until their day has come.
    """
    seen = visible_worths(user, valuation).filter(is_overdue=True, account__isnull=False, at_stake__gt=0)
    return seen.filter(~is_dealt_with(valuation))


def budget_of(valuation: Valuation) -> int:
    """The alerts that a manager gets in a week, as the valuation was made with."""
    return int(valuation.settings.get("alerts_per_manager_week", ALERTS_PER_MANAGER_WEEK))


def _lines(rows: Iterable[Mapping[str, Any]], valuation: Valuation) -> list[AlertLine]:
    return [
        AlertLine(
            account_id=row["account_id"],
            name=row["name"],
            manager=row["account__manager__name"] or "",
            at_stake=row["at_stake"],
            currency=valuation.currency,
            last_order_on=row["last_order_on"],
            overdue_on=row["overdue_on"],
            silence=silence_in_days(row["last_order_on"], row["expected_on"], row["overdue_on"], valuation.as_of_on),
            probability=row["silence_probability"],
            gap_count=row["gap_count"] or 0,
            is_thin=bool(row["is_thin"]),
        )
        for row in rows
    ]


def _reason(detail: ValuationDetail | None) -> str:
    if detail is None:
        return ""
    return next((one["reason"] for one in detail.not_computed if one["part"].startswith("back-test")), "")
