"""Whose history is open to whom: valuations to who sees all records, rates to who may read them."""

from django.db.models import QuerySet
from django.urls import reverse

from openkam.app.audit.permissions import register_history
from openkam.app.people.models import User
from openkam.app.valuation.models import (
    AlertVerdict,
    Assumptions,
    RateBook,
    RebateSchedule,
    Valuation,
    ValuationDetail,
    VerdictWithdrawal,
)
from openkam.app.valuation.permissions import may_read_assumptions, may_read_rates, may_value, sees_all_records
from openkam.app.valuation.queries.alert_verdicts import visible_verdicts
from openkam.app.valuation.queries.rebates import visible_schedules


def valuations_of(user: User) -> QuerySet[Valuation]:
    """Valuations hold sums of the whole firm: their history is for who sees all of it."""
    return Valuation.objects.all() if may_value(user) and sees_all_records(user) else Valuation.objects.none()


def details_of(user: User) -> QuerySet[ValuationDetail]:
    """What stands beside a valuation holds sums of the whole firm too."""
    return ValuationDetail.objects.filter(valuation__in=valuations_of(user).order_by())


def books_of(user: User) -> QuerySet[RateBook]:
    """The books of rates, for who may read them."""
    return RateBook.objects.all() if may_read_rates(user) else RateBook.objects.none()


def assumptions_of(user: User) -> QuerySet[Assumptions]:
    """What valuations assume, for who may read it."""
    return Assumptions.objects.all() if may_read_assumptions(user) else Assumptions.objects.none()


def withdrawals_of(user: User) -> QuerySet[VerdictWithdrawal]:
    """What was taken back about the alerts of the accounts that the person sees."""
    return VerdictWithdrawal.objects.filter(verdict__in=visible_verdicts(user).order_by())


register_history(
    AlertVerdict, label="What was found about alerts", visible_to=visible_verdicts, address=lambda key: reverse("valuation:dealt")
)
register_history(
    VerdictWithdrawal, label="Findings taken back", visible_to=withdrawals_of, address=lambda key: reverse("valuation:dealt")
)
register_history(Valuation, visible_to=valuations_of, address=lambda key: reverse("valuation:basis"))
register_history(ValuationDetail, label="What lies ahead", visible_to=details_of, address=lambda key: reverse("valuation:ahead"))
register_history(RateBook, label="Rates of service", visible_to=books_of, address=lambda key: reverse("valuation:rates"))
register_history(Assumptions, visible_to=assumptions_of, address=lambda key: reverse("valuation:assumptions"))
register_history(
    RebateSchedule, label="Rebate schedules", visible_to=visible_schedules, address=lambda key: reverse("valuation:rebates")
)
