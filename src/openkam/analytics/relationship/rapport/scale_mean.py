"""The mean of a scale over the few informants of one account, with Student's interval.

    mean ± t(n − 1) · s / √n                                              unit of the scale

Where many accounts are asked, `account_scale` draws each to the mean of all; this one stands alone.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.relationship.rapport.scale_items import HIGHEST, LOWEST


@dataclass(frozen=True, slots=True)
class ScaleMean:
    """`mean` of so many `informants` (None without any), between `lower` and `upper` with `confidence`, cut to the scale's ends.

    No interval with one informant, or where all say the same: a spread of 0 is not known to be 0.
    """

    mean: float | None
    lower: float | None
    upper: float | None
    informants: int
    confidence: float


def scale_mean(scores: Vector, confidence: float = 0.90) -> ScaleMean:
    """The mean of informants' scores from 1 to 7 (NaN = gave none)."""
    told = scores[~np.isnan(scores)]
    n = len(told)
    if n == 0:
        return ScaleMean(None, None, None, 0, confidence)
    mean = float(told.mean())
    if n == 1 or np.ptp(told) == 0:
        return ScaleMean(mean, None, None, n, confidence)
    reach = float(t.ppf((1 + confidence) / 2, n - 1)) * float(told.std(ddof=1)) / n**0.5
    return ScaleMean(mean, max(mean - reach, LOWEST), min(mean + reach, HIGHEST), n, confidence)
