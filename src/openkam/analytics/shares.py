"""Shares of a sample and how sure they are."""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Shares = npt.NDArray[np.float64]


def share_intervals(share: Shares, n: float, confidence: float = 0.95) -> tuple[Shares, Shares]:
    """Wilson's score interval of each share of n cases: within 0 and 1, and no point at either end.

    Source: E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, JASA 22 (1927); Brown, Cai and
    DasGupta 2001 recommend it where n is small.
    """
    z2 = float(ndtri((1 + confidence) / 2)) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return np.where(share <= 0, 0.0, np.maximum(middle - reach, 0.0)), np.where(share >= 1, 1.0, np.minimum(middle + reach, 1.0))


def share_interval(share: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """The same of one share."""
    lower, upper = share_intervals(np.array([share]), n, confidence)
    return float(lower[0]), float(upper[0])
