"""What an order of each account is worth: the Gamma-Gamma, also where accounts that order more often order more."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Mask
from openkam.analytics.valuation.maximum_likelihood import Estimate
from openkam.analytics.valuation.purchase_summary import PurchaseSummary
from openkam.analytics.valuation.spend_model import GammaGammaModel, fit_gamma_gamma

DEPENDENT = 0.3
"""Correlation of log orders and log order value from which on value is modelled beside the number of orders: 9 % of its variance."""


@dataclass(frozen=True, slots=True, eq=False)
class OrderValues:
    """Net sales per order (currency), modelled for accounts whose net sales are positive (`is_valued`).

    `level` is what accounts with so many orders spend per order relative to others, 1 where both are independent; the model is about
    values over their level.
    """

    model: GammaGammaModel
    is_valued: Mask
    orders: Vector
    value: Vector
    level: Vector
    notes: tuple[str, ...]

    def expected(self) -> Vector:
        """Expected net sales per order of each account (currency), NaN where not valued."""
        return self._of(self.model.expected_value(self.orders, self.value / self.level))

    def at(self, rows: slice) -> Self:
        """Some of the accounts."""
        return replace(
            self,
            is_valued=self.is_valued[rows],
            orders=self.orders[rows],
            value=self.value[rows],
            level=self.level[rows],
        )

    def draw(self, parameters: dict[str, float], generator: np.random.Generator) -> Vector:
        """The same drawn once from what the account's orders say, NaN where not valued."""
        return self._of(self.model.with_parameters(parameters).draw_value(self.orders, self.value / self.level, generator))

    @property
    def estimate(self) -> Estimate:
        """Parameters of the model."""
        return self.model.estimate

    def _of(self, relative: Vector) -> Vector:
        return np.where(self.is_valued, relative * self.level, np.nan)


def order_values(summary: PurchaseSummary) -> OrderValues:
    """Fit what orders are worth. Raises `UnidentifiedModelError` where the values cannot tell."""
    value, orders = summary.order_value, summary.frequency + 1
    is_valued = value > 0
    notes: list[str] = []
    if not is_valued.all():
        notes.append(
            f"{int((~is_valued).sum())} accounts with orders have returns as large as their sales or larger: they get no value."
        )
    safe = np.where(is_valued, value, 1.0)
    level = np.ones(len(value))
    log_orders, log_value = np.log(orders[is_valued]), np.log(safe[is_valued])
    if is_valued.sum() > 2 and log_orders.std() > 0 and log_value.std() > 0:
        away = log_orders - log_orders.mean()
        slope = float(away @ log_value / (away @ away))
        correlation = slope * float(log_orders.std() / log_value.std())
        if abs(correlation) >= DEPENDENT:
            level = np.exp(slope * (np.log(orders) - log_orders.mean()))
            notes.append(
                f"Accounts with more orders have {'larger' if slope > 0 else 'smaller'} ones (correlation of the logarithms "
                f"{correlation:.2f}): an order's value is modelled relative to accounts with as many orders."
            )
    model = fit_gamma_gamma(orders[is_valued], safe[is_valued] / level[is_valued])
    return OrderValues(model, is_valued, orders, safe, level, tuple(notes))
