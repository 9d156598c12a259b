"""The whale curve: contribution added up from the best account to the worst (Kaplan & Narayanan 2001).

C(p) = Σ of the p highest contributions, in per cent of the sum of all. Where that sum is not above zero a percentage has no
meaning and the curve is in money.
"""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.report.account_columns import Vector, numbers
from openkam.analytics.review.review import Review


@dataclass(frozen=True, slots=True)
class WhaleCurve:
    """`cumulative[p]` is the sum after p accounts, in currency, from 0 on.

    `peak_at` counts the accounts above zero, `lost` is what those below give back, `missing_count` have no known contribution.
    """

    cumulative: Vector
    peak_at: int
    lost: float
    loser_count: int
    missing_count: int

    @property
    def total(self) -> float:
        """Sum over all accounts with a known contribution."""
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

    def outline(self, points: int) -> tuple[tuple[int, float], ...]:
        """The curve as at most so many places and their heights, both ends and the peak among them."""
        places = {*np.linspace(0, self.account_count, min(points - 1, self.account_count + 1)).round().astype(int), self.peak_at}
        return tuple((int(place), float(self.heights[place])) for place in sorted(places))


def whale_curve(review: Review) -> WhaleCurve | None:
    """The curve of the review's contribution, or None where no account's contribution is known."""
    return whale_curve_of(numbers(review.accounts, "contribution_margin"))


def whale_curve_of(margin: Vector) -> WhaleCurve | None:
    """The curve of these contributions, NaN where one is missing; None where none is known."""
    known = np.sort(margin[~np.isnan(margin)])[::-1]
    if len(known) == 0:
        return None
    cumulative = np.concatenate([[0.0], np.cumsum(known)])
    losers = known < 0
    return WhaleCurve(
        cumulative=cumulative,
        peak_at=int(np.count_nonzero(known > 0)),
        lost=float(-known[losers].sum()),
        loser_count=int(losers.sum()),
        missing_count=int(np.isnan(margin).sum()),
    )
