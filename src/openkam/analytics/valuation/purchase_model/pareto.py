"""Pareto/NBD: buys at random, may stop at any time and not only after an order.

The likelihood and its source stand in `pareto_likelihood`. Given that an account is alive, λ is Gamma(r + x, α + T) and μ is
Gamma(s, β + T), independent of each other:

    E[orders in h] = P(alive) · (r + x)/(α + T) · ∫₀^h ((β + T)/(β + T + u))^s du
    DERT           = P(alive) · (r + x)/(α + T) · ∫₀^∞ ((β + T)/(β + T + u))^s e^(−δu) du

(Fader and Hardie, 2005, A note on deriving the Pareto/NBD model, brucehardie.com/notes/009; the second integral is Tricomi's Ψ.)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import exprel

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.valuation.maximum_likelihood import Search, maximise
from openkam.analytics.valuation.purchase_model.ahead import continuous_rate, gamma_nodes, horizons, in_chunks
from openkam.analytics.valuation.purchase_model.histories import group, purchase_histories, refuse_single_orders
from openkam.analytics.valuation.purchase_model.history_model import HistoryModel
from openkam.analytics.valuation.purchase_model.pareto_likelihood import Parameters, mean_log_likelihood, parts


@dataclass(frozen=True, slots=True, eq=False)
class ParetoModel(HistoryModel):
    """A fitted model and the histories it speaks about.

    `r`, `alpha` shape the rate of orders over accounts (mean `r / alpha` per unit of time), `s`, `beta` the rate of stopping (mean
    `s / beta`).
    """

    name: str = "Pareto/NBD"

    @property
    def r(self) -> float:
        """Shape of the rate of orders over accounts."""
        return self.estimate.parameters["r"]

    @property
    def alpha(self) -> float:
        """Inverse scale of the rate of orders, in units of time."""
        return self.estimate.parameters["alpha"]

    @property
    def s(self) -> float:
        """Shape of the rate of stopping over accounts."""
        return self.estimate.parameters["s"]

    @property
    def beta(self) -> float:
        """Inverse scale of the rate of stopping, in units of time."""
        return self.estimate.parameters["beta"]

    def probability_alive(self) -> Vector:
        """Probability that each account has not stopped by the end of observation."""
        return in_chunks(self._alive, np.zeros(len(self.histories)))

    def expected_purchases(self, horizon: npt.ArrayLike) -> Vector:
        """Expected orders of each account in the `horizon` (unit of time of the histories) after the end of observation."""
        span = np.log1p(horizons(horizon, len(self.histories)) / (self.beta + self.histories.age))
        return self._rate() * (self.beta + self.histories.age) * span * exprel((1 - self.s) * span)

    def discounted_expected_residual_transactions(self, discount_per_period: float) -> Vector:
        """Expected future orders of each account, without end, each discounted to the end of observation.

        `discount_per_period` is the effective rate over one unit of time of the histories (0.002 = 0.2 %), above 0.
        """
        delta = continuous_rate(discount_per_period)
        scaled = delta * (self.beta + self.histories.age)
        # The integral is E[1 / (μ + δ)] = (1 − E[μ / (μ + δ)]) / δ, and μ / (μ + δ) falls to zero with μ.
        return self._rate() * (1 - in_chunks(self._share_stopped, scaled)) / delta

    def draw_residual_transactions(self, discount_per_period: float, generator: np.random.Generator) -> Vector:
        """Discounted orders to expect from each account were its own rates and fate known, these drawn once from what its history
        says about them. The mean of many draws is `discounted_expected_residual_transactions`."""
        delta = continuous_rate(discount_per_period)
        is_alive = generator.random(len(self.histories)) < self.probability_alive()
        rate = generator.gamma(self.r + self.histories.frequency) / (self.alpha + self.histories.age)
        stop_rate = generator.gamma(self.s, size=len(self.histories)) / (self.beta + self.histories.age)
        return np.where(is_alive, rate / (stop_rate + delta), 0.0)

    def _rate(self) -> Vector:
        return self.probability_alive() * (self.r + self.histories.frequency) / (self.alpha + self.histories.age)

    def _share_stopped(self, _: slice, scaled: Vector) -> Vector:
        nodes, weights = gamma_nodes(np.array([self.s]))
        return (weights * (nodes / (nodes + scaled[:, None]))).sum(axis=1)

    def _alive(self, rows: slice, _: Vector) -> Vector:
        found = parts(self.histories.at(rows), Parameters(self.r, self.alpha, self.s, self.beta))
        top = np.maximum(found.alive, found.stopped.max(axis=1))
        alive = np.exp(found.alive - top)
        return alive / (alive + np.exp(found.stopped - top[:, None]).sum(axis=1))


def fit_pareto_nbd(
    frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike, *, customers: npt.ArrayLike | None = None
) -> ParetoModel:
    """Fit the Pareto/NBD.

    See `purchase_histories` for the arguments. Raises `UnidentifiedModelError` where the histories cannot tell the parameters.
    """
    histories = purchase_histories(frequency, recency, age, customers)
    grouped = group(histories)
    refuse_single_orders("Pareto/NBD", grouped)
    sample = grouped.rehearsal()
    search = Search(
        model="Pareto/NBD",
        scales={"r": 1.0, "alpha": grouped.mean_age, "s": 1.0, "beta": grouped.mean_age},
        log_likelihood=lambda point: mean_log_likelihood(grouped, point),
        observations=grouped.total,
        advice="Give more customers or a longer time of observation, or take the MBG/NBD, in which accounts stop after an order.",
        rehearsal=None if sample is None else lambda point: mean_log_likelihood(sample, point),
    )
    return ParetoModel(maximise(search), histories)
