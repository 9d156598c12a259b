"""What a rate per year comes to over another unit of time."""

import numpy as np

DAYS_PER_YEAR = 365.25


def discount_per(rate_per_year: float, days: float) -> float:
    """Effective discount rate over so many days: (1 + d)^(days / 365.25) − 1, from the effective rate d per year (0.1 = 10 %)."""
    return float(np.expm1(np.log1p(rate_per_year) * days / DAYS_PER_YEAR))
