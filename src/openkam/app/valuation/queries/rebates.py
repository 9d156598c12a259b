"""Rebate schedules of an account, and the meter: where it stands, what the next tier takes and costs."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from openkam.analytics.valuation.rebate_tiers import RebateTier, TierStanding, tier_standing
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.valuation.models import RebateSchedule, RebateTurnover, Valuation


@dataclass(frozen=True, slots=True)
class RebateMeter:
    """A schedule with its standing; without one `reason` says what is missing. `filled` is turnover over the next tier (share)."""

    schedule: RebateSchedule
    tiers: tuple[RebateTier, ...]
    standing: TierStanding | None
    filled: Decimal | None
    reason: str


def tiers_of(schedule: RebateSchedule) -> tuple[RebateTier, ...]:
    """The tiers as the engine reads them."""
    return tuple(RebateTier(Decimal(one["from"]), Decimal(one["rate"])) for one in schedule.tiers)


def visible_schedules(user: User) -> QuerySet[RebateSchedule]:
    """The schedules of the accounts that the person sees, those that were removed among them: their history stays."""
    return RebateSchedule.objects.filter(account__in=visible_accounts(user).order_by())


def schedule_of(user: User, account: Account, pk: int) -> RebateSchedule:
    """One schedule of an account; raises `Http404` where there is none, or none that the person sees."""
    found = RebateSchedule.objects.filter(account__in=visible_accounts(user).order_by(), account=account, removed_at=None, pk=pk)
    schedule = found.first()
    if schedule is None:
        raise Http404("No such rebate schedule.")
    return schedule


def rebate_meters(user: User, account: Account, valuation: Valuation | None) -> list[RebateMeter]:
    """The account's schedules that had not ended by the day of the valuation, with their standing then, in two queries."""
    found = RebateSchedule.objects.filter(account=account, account__in=visible_accounts(user).order_by(), removed_at=None)
    if valuation is not None:
        found = found.filter(ends_on__gte=valuation.as_of_on)
    turnovers = RebateTurnover.objects.filter(valuation=valuation)
    return [
        _meter(one, valuation)
        for one in found.prefetch_related(Prefetch("turnovers", queryset=turnovers, to_attr="found_turnovers"))
    ]


def _meter(schedule: RebateSchedule, valuation: Valuation | None) -> RebateMeter:
    tiers = tiers_of(schedule)
    turnover = next(iter(getattr(schedule, "found_turnovers", ())), None)
    if valuation is None or turnover is None or (turnover.starts_on, turnover.ends_on) != (schedule.starts_on, schedule.ends_on):
        return RebateMeter(schedule, tiers, None, None, "Its turnover is told by the next valuation.")
    if valuation.currency != schedule.currency:
        reason = (
            f"The schedule is in {schedule.currency}, the valuation in {valuation.currency}: state it in {valuation.currency}."
        )
        return RebateMeter(schedule, tiers, None, None, reason)
    if valuation.as_of_on < schedule.starts_on:
        return RebateMeter(schedule, tiers, None, None, "It has not begun yet.")
    standing = tier_standing(
        tiers,
        turnover.sold,
        is_retroactive=schedule.is_retroactive,
        start_on=schedule.starts_on,
        end_on=schedule.ends_on,
        as_of=valuation.as_of_on,
    )
    return RebateMeter(schedule, tiers, standing, standing.filled, "")
