"""How far raters agree on an ordered scale: Krippendorff's alpha.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section D: any number of raters, missing ratings,
ordinal metric.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

RELIABLE_ALPHA = 0.8
"""Above it ratings may be relied upon (Krippendorff, Content Analysis, 2004, p. 241)."""
TENTATIVE_ALPHA = 0.667
"""Below it they carry no conclusion (ibid.)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha over all units rated at least twice: 1 = raters agree wholly, 0 = as by chance, below 0 = they disagree on purpose.

    `alpha` is None where fewer than two ratings can be compared or all of them are the same, so that nothing could differ.
    """

    alpha: float | None
    unit_count: int
    rating_count: int

    @property
    def is_reliable(self) -> bool:
        """Whether conclusions may rest on the ratings."""
        return self.alpha is not None and self.alpha >= RELIABLE_ALPHA

    @property
    def is_tentative(self) -> bool:
        """Whether only tentative conclusions may."""
        return self.alpha is not None and TENTATIVE_ALPHA <= self.alpha < RELIABLE_ALPHA


@dataclass(frozen=True, slots=True)
class Spread:
    """The ratings of one account: lowest, highest, their mean, and how many there are."""

    least: int
    most: int
    mean: float
    count: int

    @property
    def distance(self) -> int:
        """Levels between the lowest and the highest."""
        return self.most - self.least


def spread_of(levels: Sequence[int]) -> Spread | None:
    """The spread of the ratings of one account; None without any."""
    return Spread(min(levels), max(levels), sum(levels) / len(levels), len(levels)) if levels else None


def ordinal_agreement(units: Iterable[Sequence[int]]) -> Agreement:
    """Krippendorff's alpha for ordinal ratings; each unit holds the ratings of one thing by whoever rated it.

    alpha = 1 - (n - 1) * sum_ck o_ck d_ck / sum_ck n_c n_k d_ck, where o are the coincidences of pairs within units, each weighted
    by 1 / (m_u - 1), n their margins, and d_ck = (sum of n_g for g from c to k, less (n_c + n_k) / 2) squared.
    """
    compared = [unit for unit in units if len(unit) >= 2]
    weights: dict[tuple[int, int], float] = {}
    for unit in compared:
        counts = Counter(unit)
        for low, high in product(counts, counts):
            pairs = counts[low] * (counts[high] - (low == high))
            weights[low, high] = weights.get((low, high), 0.0) + pairs / (len(unit) - 1)
    levels = sorted({level for level, _ in weights})
    margin = {level: sum(weights.get((level, other), 0.0) for other in levels) for level in levels}
    total = sum(margin.values())
    distance = {(low, high): _ordinal_distance(margin, levels, low, high) for low, high in product(levels, levels)}
    expected = sum(margin[low] * margin[high] * distance[low, high] for low, high in product(levels, levels))
    observed = sum(weight * distance[pair] for pair, weight in weights.items())
    alpha = 1 - (total - 1) * observed / expected if expected > 0 else None
    return Agreement(alpha, len(compared), sum(map(len, compared)))


def _ordinal_distance(margin: dict[int, float], levels: Sequence[int], low: int, high: int) -> float:
    first, last = min(low, high), max(low, high)
    between = sum(margin[level] for level in levels if first <= level <= last)
    return (between - (margin[low] + margin[high]) / 2) ** 2
