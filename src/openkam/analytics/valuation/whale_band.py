"""How sure a whale curve is: its band under rates that could as well have been measured.

Minutes per activity are averages over what was measured. Drawing the measurements again with replacement gives other averages, each
activity on its own; the accounts are sorted anew for every draw, so the band is that of the curve, not of accounts.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.interval import Interval
from openkam.analytics.valuation.time_driven_costing import Matrix

_POINTS = 101
_LISTS = ("shares", "lower", "middle", "upper")
_INTERVALS = ("peak_share", "peak_at_share", "total", "value_at_risk")


@dataclass(frozen=True, slots=True)
class WhaleBand:
    """The curve's band at `shares` of the accounts (0 to 1, best first), and the band of its figures.

    `lower, middle, upper` are shares of the total where every draw's total is above zero (`is_in_percent`), else currency.
    `peak_share` is None without a percentage. `peak_at_share` is a share of accounts, `total, value_at_risk` are currency.
    `share_positive` is the part of the draws whose total is above zero.
    """

    shares: Vector
    lower: Vector
    middle: Vector
    upper: Vector
    is_in_percent: bool
    peak_share: Interval | None
    peak_at_share: Interval
    total: Interval
    value_at_risk: Interval
    share_positive: float

    def kept(self) -> dict[str, Any]:
        """The band as JSON can hold it."""
        lists = {name: getattr(self, name).round(6).tolist() for name in _LISTS}
        return asdict(self) | lists

    @classmethod
    def restored(cls, values: Mapping[str, Any]) -> Self:
        """The band as `kept` and read back."""
        told: dict[str, Any] = dict(values)
        told |= {name: np.array(values[name], dtype=np.float64) for name in _LISTS}
        told |= {name: Interval(**values[name]) if values[name] else None for name in _INTERVALS}
        return cls(**told)

    def at(self, share: float) -> tuple[float, float]:
        """Lower and upper height at a share of the accounts (0 to 1), in the band's own unit."""
        return float(np.interp(share, self.shares, self.lower)), float(np.interp(share, self.shares, self.upper))


def driver_rate_factors(
    measured: Mapping[str, tuple[Vector, Vector]], activities: Sequence[str], *, draws: int, seed: int
) -> Matrix:
    """Draws × activities: by what factor the minutes per activity could be off, by bootstrap of the measurements.

    `measured` gives per activity the quantity and the minutes of each measurement. An activity that was not measured keeps factor
    1: its uncertainty is not known, and the band leaves it out. Raises `OpenKamError` where measurements are no minutes of anything.
    """
    factors = np.ones((draws, len(activities)))
    for place, activity in enumerate(activities):
        if activity in measured:
            quantity, minutes = measured[activity]
            if quantity.sum() <= 0 or minutes.sum() <= 0:
                raise OpenKamError(f"The measurements of {activity} sum to no quantity or no minutes: leave it out.")
            # A stream per activity, so that measuring one more changes no other.
            random = np.random.default_rng([seed, zlib.crc32(activity.encode())])
            mean = minutes.sum() / quantity.sum()
            for draw in range(draws):
                again = random.integers(0, len(quantity), len(quantity))
                total = quantity[again].sum()
                factors[draw, place] = minutes[again].sum() / total / mean if total > 0 else 1.0
    return factors


def whale_band(
    contribution_before_service: Vector, service_cost: Matrix, factors: Matrix, *, confidence: float = 0.90
) -> WhaleBand | None:
    """The band of the curve of contribution less service, over the draws of `factors` (draws × activities).

    `contribution_before_service` (currency, NaN = not known) is per account, `service_cost` (currency) accounts × activities. None
    where no contribution is known.
    """
    known = ~np.isnan(contribution_before_service)
    if not known.any():
        return None
    before, service = contribution_before_service[known], np.nan_to_num(service_cost[known]).T
    shares = np.linspace(0.0, 1.0, _POINTS)
    places = shares * len(before)
    # Between two accounts the curve is a straight line.
    below = np.floor(places).astype(np.int64)
    above, weight = np.ceil(places).astype(np.int64), places - below
    draws = len(factors)
    sums, (total, lost, positive) = np.empty((draws, _POINTS)), (np.empty(draws) for _ in range(3))
    # One draw after another: all of them at once would not fit for a million accounts.
    for draw in range(draws):
        ordered = -np.sort(factors[draw] @ service - before)
        cumulative = np.concatenate([[0.0], np.cumsum(ordered)])
        sums[draw] = cumulative[below] * (1 - weight) + cumulative[above] * weight
        total[draw], lost[draw] = cumulative[-1], abs(float(ordered[ordered < 0].sum()))
        positive[draw] = (ordered > 0).mean()
    is_in_percent = bool((total > 0).all())
    heights = sums / total[:, None] if is_in_percent else sums
    outside = (1 - confidence) / 2
    lower, middle, upper = np.quantile(heights, [outside, 0.5, 1 - outside], axis=0)
    return WhaleBand(
        shares=shares,
        lower=lower,
        middle=middle,
        upper=upper,
        is_in_percent=is_in_percent,
        peak_share=Interval.of((total + lost) / total, confidence) if is_in_percent else None,
        peak_at_share=Interval.of(positive, confidence),
        total=Interval.of(total, confidence),
        value_at_risk=Interval.of(lost, confidence),
        share_positive=float((total > 0).mean()),
    )
