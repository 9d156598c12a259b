"""The whale curve: contribution added up from the best account to the worst (Kaplan and Narayanan 2001).

C(p) = Σ of the p highest contributions, in per cent of the sum of all. Where that sum is not above zero a percentage has no
meaning and the curve is in money. How sure it is, see `whale_band`.
"""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector

OUTLINE_POINTS = 160
"""Places at which a curve is kept to be drawn: more than a screen can tell apart."""


@dataclass(frozen=True, slots=True)
class WhaleOutline:
    """A whale curve thinned to be kept and drawn: `points` are places (accounts from the best on) and sums up to there (currency).

    Both ends and the peak are among them; the other figures are those of the `WhaleCurve`.
    """

    points: tuple[tuple[int, float], ...]
    peak_at: int
    lost: float
    loser_count: int
    missing_count: int

    @property
    def total(self) -> float:
        """Sum over all accounts with a known contribution (currency)."""
        return self.points[-1][1]

    @property
    def account_count(self) -> int:
        """Accounts with a known contribution."""
        return self.points[-1][0]

    @property
    def peak(self) -> float:
        """The highest point of the curve, in currency."""
        return dict(self.points)[self.peak_at]

    @property
    def is_in_percent(self) -> bool:
        """False where the total is not above zero."""
        return self.total > 0

    def height(self, amount: float) -> float:
        """A sum as drawn: a share of the total, or currency where shares have no meaning."""
        return amount / self.total if self.is_in_percent else amount

    def thinned(self, count: int) -> tuple[tuple[int, float], ...]:
        """About so many of the points, both ends and the peak among them."""
        chosen = {*np.linspace(0, len(self.points) - 1, count).round().astype(int).tolist()}
        return tuple(one for place, one in enumerate(self.points) if place in chosen or one[0] == self.peak_at)


@dataclass(frozen=True, slots=True)
class WhaleCurve:
    """`cumulative[p]` is the sum after p accounts, in currency, from 0 on.

    `peak_at` counts the accounts above zero, `lost` is what those below give back (currency), `missing_count` accounts have no
    known contribution.
    """

    cumulative: Vector
    peak_at: int
    lost: float
    loser_count: int
    missing_count: int

    @property
    def total(self) -> float:
        """Sum over all accounts with a known contribution (currency)."""
        return float(self.cumulative[-1])

    @property
    def account_count(self) -> int:
        """Accounts with a known contribution."""
        return len(self.cumulative) - 1

    @property
    def peak(self) -> float:
        """The highest point of the curve, in currency."""
        return float(self.cumulative[self.peak_at])

    @property
    def is_in_percent(self) -> bool:
        """False where the total is not above zero."""
        return self.total > 0

    @property
    def heights(self) -> Vector:
        """The curve as drawn: shares of the total, or currency where shares have no meaning."""
        return self.cumulative / self.total if self.is_in_percent else self.cumulative

    @property
    def peak_share(self) -> float | None:
        """Peak over total: 2.25 says that the best accounts earn 225 % of what all leave together; None without a percentage."""
        return self.peak / self.total if self.is_in_percent else None

    @property
    def peak_at_share(self) -> float:
        """Where it peaks: the share of the accounts that lies above zero."""
        return self.peak_at / self.account_count

    @property
    def value_at_risk_share(self) -> float | None:
        """What the accounts below zero give back, over the total: the peak less one; None without a percentage."""
        return self.lost / self.total if self.is_in_percent else None

    def outlined(self) -> WhaleOutline:
        """The curve thinned to `OUTLINE_POINTS`."""
        points = tuple((place, float(self.cumulative[place])) for place in self._places(OUTLINE_POINTS))
        return WhaleOutline(points, self.peak_at, self.lost, self.loser_count, self.missing_count)

    def outline(self, points: int) -> tuple[tuple[int, float], ...]:
        """The curve as at most so many places and their heights, both ends and the peak among them."""
        heights = self.heights
        return tuple((place, float(heights[place])) for place in self._places(points))

    def _places(self, points: int) -> list[int]:
        spread = np.linspace(0, self.account_count, min(points - 1, self.account_count + 1)).round().astype(int)
        return sorted({*spread.tolist(), self.peak_at})


def whale_curve(contribution: Vector) -> WhaleCurve | None:
    """The curve of contributions (currency, one per account, NaN = not known), or None where none is known."""
    known = np.sort(contribution[~np.isnan(contribution)])[::-1]
    if len(known) == 0:
        return None
    losers = known < 0
    return WhaleCurve(
        cumulative=np.concatenate([[0.0], np.cumsum(known)]),
        peak_at=int(np.count_nonzero(known > 0)),
        lost=abs(float(known[losers].sum())),
        loser_count=int(losers.sum()),
        missing_count=int(np.isnan(contribution).sum()),
    )
