"""The perception gap: how the manager, colleagues and the customer see the same topics, and where they see them apart.

    gap = mean of our side − mean of the customer's informants        units of the scale; above 0 we think better of it than they do

Our side is told in full, so its mean is taken as it is; the customer's informants are few out of more, so theirs has an interval
(Student's, from two informants on who differ).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import t


class Viewer(StrEnum):
    """Who judges."""

    MANAGER = "manager"
    COLLEAGUE = "colleague"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class View:
    """What one person said of one topic, on a scale that is the same for all."""

    topic: str
    viewer: Viewer
    score: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Difference to the customer's view, with its interval (None where the customer's spread cannot be told).

    `is_clear`: the interval leaves out 0.
    """

    value: float
    lower: float | None
    upper: float | None

    @property
    def is_clear(self) -> bool:
        """Whether chance among the informants would hardly explain it."""
        return self.lower is not None and self.upper is not None and not self.lower <= 0 <= self.upper


@dataclass(frozen=True, slots=True)
class TopicGap:
    """One topic. `means` and `informants` by viewer; who said nothing is missing from both. A gap is None where either end is."""

    topic: str
    means: dict[Viewer, float]
    informants: dict[Viewer, int]
    manager: Gap | None
    colleagues: Gap | None

    @property
    def largest(self) -> float | None:
        """The larger of the two gaps, by its size without sign; None without one."""
        gaps = [abs(gap.value) for gap in (self.manager, self.colleagues) if gap]
        return max(gaps) if gaps else None


def perception_gaps(views: Iterable[View], confidence: float = 0.90) -> tuple[TopicGap, ...]:
    """Every topic, the largest gap first, those without one last, equal ones by name."""
    scores: dict[str, dict[Viewer, list[float]]] = {}
    for view in views:
        scores.setdefault(view.topic, {}).setdefault(view.viewer, []).append(view.score)
    topics = [_topic(topic, by_viewer, confidence) for topic, by_viewer in scores.items()]
    return tuple(sorted(topics, key=lambda one: (one.largest is None, -(one.largest or 0.0), one.topic)))


def _topic(topic: str, scores: dict[Viewer, list[float]], confidence: float) -> TopicGap:
    means = {viewer: float(np.mean(scores[viewer])) for viewer in Viewer if viewer in scores}
    customer = scores.get(Viewer.CUSTOMER, [])

    def gap(viewer: Viewer) -> Gap | None:
        if viewer not in means or not customer:
            return None
        value = means[viewer] - means[Viewer.CUSTOMER]
        if len(set(customer)) < 2:
            return Gap(value, None, None)
        n = len(customer)
        reach = float(t.ppf((1 + confidence) / 2, n - 1) * np.std(customer, ddof=1) / np.sqrt(n))
        return Gap(value, value - reach, value + reach)

    counts = {viewer: len(scores[viewer]) for viewer in means}
    return TopicGap(topic, means, counts, gap(Viewer.MANAGER), gap(Viewer.COLLEAGUE))
