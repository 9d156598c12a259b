"""What every fitted model of purchase histories can say, and be asked of other accounts."""

from dataclasses import dataclass, replace
from typing import Self

import numpy.typing as npt

from openkam.analytics.valuation.maximum_likelihood import FittedModel
from openkam.analytics.valuation.purchase_model.histories import Histories, purchase_histories


@dataclass(frozen=True, slots=True, eq=False)
class HistoryModel(FittedModel):
    """A fitted model and the histories it speaks about."""

    histories: Histories

    def of(self, frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> Self:
        """The same model about other accounts; `of(0, 0, 0)` is about one that has just ordered for the first time."""
        return replace(self, histories=purchase_histories(frequency, recency, age))

    def at(self, rows: slice) -> Self:
        """The same model about some of its accounts."""
        return replace(self, histories=self.histories.at(rows))
