"""Rebate schedules of an account, and the meter: where it stands, what the next tier takes and costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404

from openkam.analytics.valuation.rebate_tiers import RebateTier, TierStanding, tier_standing
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.valuation.models import RebateSchedule, RebateTurnover, Valuation

ROWS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class RebateMeter:
    """A schedule with its standing; without one `reason` says what is missing. `filled` is turnover over the next tier (share)."""

    schedule: RebateSchedule
    tiers: tuple[RebateTier, ...]
    standing: TierStanding | None
    filled: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class RebateLine:
    """A schedule in a list; `state` is to come, running or ended."""

    schedule: RebateSchedule
    tiers: tuple[RebateTier, ...]
    state: str


@dataclass(frozen=True, slots=True)
class RebatesPage:
    """One page of schedules."""

    page: Page[RebateSchedule]
    lines: Sequence[RebateLine]


def tiers_of(schedule: RebateSchedule) -> tuple[RebateTier, ...]:
    """The tiers as the engine reads them."""
    return tuple(RebateTier(Decimal(one["from"]), Decimal(one["rate"])) for one in schedule.tiers)


def tiers_from(pairs: Iterable[tuple[Decimal, Decimal]]) -> tuple[RebateTier, ...]:
    """Tiers of pairs of turnover (currency) and rate (share)."""
    return tuple(RebateTier(start, rate) for start, rate in pairs)


def visible_schedules(user: User) -> QuerySet[RebateSchedule]:
    """The schedules of the accounts that the person sees, those that were removed among them: their history stays."""
    return RebateSchedule.objects.filter(account__in=visible_accounts(user).order_by())


def schedule_of(user: User, account: Account, pk: int) -> RebateSchedule:
    """One schedule of an account; raises `Http404` where there is none, or none that the person sees."""
    schedule = visible_schedules(user).select_related("account").filter(account=account, removed_at=None, pk=pk).first()
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
        meter_of(one, valuation, _sold(one))
        for one in found.prefetch_related(Prefetch("turnovers", queryset=turnovers, to_attr="found_turnovers"))
    ]


def meter_of(schedule: RebateSchedule, valuation: Valuation | None, sold: Decimal | None) -> RebateMeter:
    """Where a schedule stands with net sales of `sold` (currency of the valuation) in its days; None = not told yet."""
    tiers = tiers_of(schedule)
    if valuation is None or sold is None:
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
        sold,
        is_retroactive=schedule.is_retroactive,
        start_on=schedule.starts_on,
        end_on=schedule.ends_on,
        as_of=valuation.as_of_on,
    )
    return RebateMeter(schedule, tiers, standing, standing.filled, "")


def rebates_page(user: User, today: date, number: str) -> RebatesPage:
    """One page of the schedules of the accounts that the person sees, the last to end first."""
    found = visible_schedules(user).filter(removed_at=None).select_related("account")
    page = Paginator(found, ROWS_PER_PAGE).get_page(number)
    return RebatesPage(page, [RebateLine(one, tiers_of(one), _state(one, today)) for one in page.object_list])


def _sold(schedule: RebateSchedule) -> Decimal | None:
    """What the valuation found, unless the schedule's days were changed since."""
    turnover = next(iter(getattr(schedule, "found_turnovers", ())), None)
    if turnover is None or (turnover.starts_on, turnover.ends_on) != (schedule.starts_on, schedule.ends_on):
        return None
    return turnover.sold


def _state(schedule: RebateSchedule, today: date) -> str:
    if today < schedule.starts_on:
        return "to come"
    return "running" if today <= schedule.ends_on else "ended"
