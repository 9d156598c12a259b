"""Where an account stands on a schedule of rebate tiers, and what the next tier takes and costs.

A tier holds from a turnover on. A retroactive schedule pays the rate of the tier reached on all turnover of its time, so that the
rebate jumps at every threshold; a progressive one pays each rate on the turnover within its tier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import ceil

from openkam.analytics.terms import OpenKamError

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class RebateTier:
    """`rate` (share of turnover) from a turnover of `from_amount` (currency) on."""

    from_amount: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TierStanding:
    """Where an account stands on a day. Amounts in currency, `rate` a share; None where there is no such tier or no such day.

    `earned` is the rebate on what was `sold`. The next tier begins at `next_from` with `next_rate`: `missing` is still to be bought,
    and reaching it costs `next_cost` more rebate than now. `expected` is the turnover at the end at the pace so far, `reached_on` the
    day on which that pace reaches the next tier, if within the time; `needed_per_day` is the pace that would just reach it.
    """

    sold: Decimal
    reached: RebateTier | None
    earned: Decimal
    next_from: Decimal | None
    next_rate: Decimal | None
    missing: Decimal | None
    next_cost: Decimal | None
    days_left: int
    expected: Decimal | None
    reached_on: date | None
    needed_per_day: Decimal | None

    @property
    def filled(self) -> Decimal | None:
        """How far the next tier is reached: turnover over its threshold (share, 0 where more came back than was bought)."""
        return max(self.sold / self.next_from, Decimal(0)) if self.next_from else None


def check_tiers(tiers: Sequence[RebateTier]) -> None:
    """Raise `OpenKamError` where tiers do not ascend, or a rate is no share."""
    if not tiers:
        raise OpenKamError("A schedule needs at least one tier: give a turnover and the rate from it on.")
    for before, after in pairwise(tiers):
        if after.from_amount <= before.from_amount:
            raise OpenKamError(
                f"The tier from {after.from_amount} does not lie above the one from {before.from_amount}: order them."
            )
    for tier in tiers:
        if tier.from_amount < 0 or not 0 < tier.rate <= 1:
            raise OpenKamError(
                f"The tier from {tier.from_amount} at {tier.rate}: give a turnover of 0 or more and a rate up to 100 %."
            )


def rebate_on(tiers: Sequence[RebateTier], turnover: Decimal, *, is_retroactive: bool) -> Decimal:
    """The rebate (currency, to the cent) on a turnover; 0 below the first tier."""
    reached = [tier for tier in tiers if tier.from_amount <= turnover]
    if not reached:
        return Decimal(0)
    if is_retroactive:
        return (turnover * reached[-1].rate).quantize(CENT)
    ends = [*(tier.from_amount for tier in reached[1:]), turnover]
    parts = ((end - tier.from_amount) * tier.rate for tier, end in zip(reached, ends, strict=True))
    return sum(parts, Decimal(0)).quantize(CENT)


def tier_standing(
    tiers: Sequence[RebateTier], sold: Decimal, *, is_retroactive: bool, start_on: date, end_on: date, as_of: date
) -> TierStanding:
    """The standing after net sales of `sold` from `start_on` to `as_of`. Raises `OpenKamError` as `check_tiers` does."""
    check_tiers(tiers)
    reached = [tier for tier in tiers if tier.from_amount <= sold]
    following = next((tier for tier in tiers if tier.from_amount > sold), None)
    days = (min(as_of, end_on) - start_on).days + 1
    days_left = max((end_on - max(as_of, start_on)).days, 0)
    earned = rebate_on(tiers, sold, is_retroactive=is_retroactive)
    pace = sold / days if days > 0 else None
    missing = following.from_amount - sold if following else None
    reached_on = None
    if missing is not None and pace is not None and pace > 0:
        wait = ceil(missing / pace)
        reached_on = date.fromordinal(as_of.toordinal() + wait) if wait <= days_left else None
    return TierStanding(
        sold=sold,
        reached=reached[-1] if reached else None,
        earned=earned,
        next_from=following.from_amount if following else None,
        next_rate=following.rate if following else None,
        missing=missing,
        next_cost=rebate_on(tiers, following.from_amount, is_retroactive=is_retroactive) - earned if following else None,
        days_left=days_left,
        expected=(sold + pace * days_left).quantize(CENT) if pace is not None else None,
        reached_on=reached_on,
        needed_per_day=(missing / days_left).quantize(CENT) if missing is not None and days_left > 0 else None,
    )
