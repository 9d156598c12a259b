"""Since when an account buys more or less than a year ago: Pettitt's test (1979, Applied Statistics 28, 126-135) on its monthly
differences to the same month of the year before, so that the season drops out."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector

MONTHS_OF_A_YEAR = 12
LIKELY_BY_CHANCE = 0.05
"""Probability under no change, above which no change point is told."""

MINIMUM_MONTHS = 8
"""Differences below which even a clean step could not be told from chance."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """The first month on the new level: `month` counts the differences from the oldest (0 on). `before` and `after` are the mean
    monthly differences to the year before (currency); `probability` is that of so clear a step by chance."""

    month: int
    before: float
    after: float
    probability: float

    @property
    def is_told(self) -> bool:
        """Whether the step is clear enough to be told."""
        return self.probability <= LIKELY_BY_CHANCE


def seasonal_differences(monthly: Vector) -> Vector:
    """Each month less the same month of the year before; the first twelve have none."""
    return monthly[MONTHS_OF_A_YEAR:] - monthly[:-MONTHS_OF_A_YEAR]


def change_point(differences: Vector) -> ChangePoint | None:
    """The likeliest change of level, None for fewer than `MINIMUM_MONTHS` differences or where all are alike.

    U_t = Σ_{i≤t} Σ_{j>t} sign(x_j − x_i); the step comes after the t of the largest |U_t|, by chance with a probability of about
    2·exp(−6·U² / (n³ + n²)).
    """
    n = len(differences)
    if n < MINIMUM_MONTHS or np.ptp(differences) == 0:
        return None
    signs = np.sign(differences[None, :] - differences[:, None])
    u = np.array([signs[:t, t:].sum() for t in range(1, n)])
    month = int(np.abs(u).argmax()) + 1
    probability = min(1.0, 2 * float(np.exp(-6 * u[month - 1] ** 2 / (n**3 + n**2))))
    return ChangePoint(month, float(differences[:month].mean()), float(differences[month:].mean()), probability)
