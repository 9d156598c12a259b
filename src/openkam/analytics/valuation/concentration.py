"""How few accounts carry the business: shares of the top, Herfindahl-Hirschman index, and what losing the largest would do.

HHI = Σ s_i², s_i the shares of one; effective number = 1 / HHI (Hirschman 1964, Adelman 1969). Shares are taken over the accounts
above zero only: a loss has no share of a profit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.interval import Interval

TOPS = (1, 5, 10, 20, 50)
MINIMUM_PERIODS = 6
"""Periods below which no interval is given: fewer say nothing about how the next would look."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """Concentration of one amount over the `count` accounts above zero, which sum to `total`.

    `top_share[n]` is the share of the n largest, for n = 1 and those of `TOPS` below the count.
    """

    total: float
    count: int
    hhi: float
    top_share: dict[int, float]

    @property
    def effective_number(self) -> float:
        """How many equal accounts would be as concentrated."""
        return 1.0 / self.hhi


@dataclass(frozen=True, slots=True)
class LossStress:
    """What is left when the largest accounts by contribution go (currency).

    `lost` are their positions, the largest first. `contribution_lost` is what they contribute after cost to serve: the loss once
    the capacity that serves them is gone too. `cash_lost_now` adds that capacity's cost, which is still paid at first; None where
    it is unknown for one of them. `headroom` is what remains above the floor after the cash is lost, None without a floor.
    """

    lost: tuple[int, ...]
    total_before: float
    contribution_lost: float
    cash_lost_now: float | None
    headroom: float | None

    @property
    def total_after(self) -> float:
        """Contribution of the accounts that stay."""
        return self.total_before - self.contribution_lost

    @property
    def share_lost(self) -> float | None:
        """Contribution lost over the total; None where the total is not above zero."""
        return self.contribution_lost / self.total_before if self.total_before > 0 else None


def concentration(values: Vector) -> Concentration | None:
    """Concentration of the values above zero (NaN = not known); None where there is none."""
    positive = np.sort(values[np.nan_to_num(values) > 0])[::-1]
    if len(positive) == 0:
        return None
    shares = positive / positive.sum()
    cumulative = np.cumsum(shares)
    tops = {n: float(cumulative[min(n, len(shares)) - 1]) for n in TOPS if n == 1 or n < len(shares)}
    return Concentration(float(positive.sum()), len(positive), float(np.sum(shares**2)), tops)


def joined_by_group(values: Vector, groups: Sequence[str | None]) -> Vector:
    """Values summed over groups (NaN counts as nothing); an account without a group (None or empty) stands for itself."""
    known = np.nan_to_num(values)
    sums: dict[str, float] = {}
    alone: list[int] = []
    for row, group in enumerate(groups):
        if group:
            sums[group] = sums.get(group, 0.0) + float(known[row])
        else:
            alone.append(row)
    return np.concatenate([known[alone], np.array(list(sums.values()), dtype=np.float64)])


def effective_number_interval(by_period: Vector, *, draws: int, seed: int, confidence: float = 0.90) -> Interval | None:
    """How the effective number would vary if other periods like these had come: a bootstrap over the periods.

    `by_period` is accounts × periods (currency). Whole periods are drawn, so accounts that rise and fall together still do. None
    below `MINIMUM_PERIODS` periods, and where a draw leaves no account above zero.
    """
    periods = by_period.shape[1]
    if periods < MINIMUM_PERIODS:
        return None
    random = np.random.default_rng(seed)
    weights = random.multinomial(periods, np.full(periods, 1 / periods), size=draws)
    totals = np.maximum(np.nan_to_num(by_period) @ weights.T, 0.0)
    sums = totals.sum(axis=0)
    if not (sums > 0).all():
        return None
    numbers = sums**2 / (totals**2).sum(axis=0)
    return Interval.of(numbers, confidence)


def loss_of_largest(
    contribution: Vector, count: int = 1, *, cost_to_serve: Vector | None = None, floor: float | None = None
) -> LossStress | None:
    """What losing the `count` accounts with the largest contribution would leave; None where no contribution is known.

    `cost_to_serve` (NaN = not known) is the part of their cost that stays until its capacity goes. `floor` is a contribution that
    the firm must not fall below, for instance under a covenant (currency).
    """
    if count < 1:
        raise OpenKamError(f"The stress takes away {count} accounts: give at least 1.")
    known = ~np.isnan(contribution)
    if not known.any():
        return None
    order = np.argsort(np.where(known, -contribution, np.inf), kind="stable")[: min(count, int(known.sum()))]
    total, lost = float(contribution[known].sum()), float(contribution[order].sum())
    cash = None if cost_to_serve is None else lost + float(cost_to_serve[order].sum())
    if cash is not None and np.isnan(cash):
        cash = None
    # Without a known cost to serve the loss of contribution is the least that is lost.
    after = total - (lost if cash is None else cash)
    return LossStress(tuple(order.tolist()), total, lost, cash, None if floor is None else after - floor)
