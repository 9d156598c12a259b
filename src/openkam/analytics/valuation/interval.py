"""An interval by resampling: the span that holds a given share of the draws."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector


@dataclass(frozen=True, slots=True)
class Interval:
    """`confidence` of the draws lie between `lower` and `upper`, half of them below `middle`; unit as the figure's."""

    lower: float
    middle: float
    upper: float
    confidence: float

    @classmethod
    def of(cls, draws: Vector, confidence: float) -> Self:
        """The central interval of the draws."""
        outside = (1 - confidence) / 2
        lower, middle, upper = np.quantile(draws, [outside, 0.5, 1 - outside])
        return cls(float(lower), float(middle), float(upper), confidence)
