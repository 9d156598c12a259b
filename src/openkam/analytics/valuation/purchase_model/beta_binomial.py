"""BG/BB: buys or not at each of a row of occasions (a yearly tender, a season), until an account stops.

At each occasion an account that has not stopped orders with probability p; before each it may stop with probability θ. p is
Beta(α, β), θ is Beta(γ, δ) over accounts. With x orders in n occasions, the last at occasion t (0 where x = 0):

    L = [ B(α + x, β + n − x) B(γ, δ + n) + Σ_{i=0}^{n−t−1} B(α + x, β + t − x + i) B(γ + 1, δ + t + i) ] / (B(α, β) B(γ, δ))

Alive after n occasions, p is Beta(α + x, β + n − x) and θ is Beta(γ, δ + n), so that the j-th occasion ahead brings
P(alive) · E[p] · E[(1 − θ)^j] orders.

Source: Fader, Hardie and Shang (2010), Marketing Science 29, 1086-1108.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, digamma, gammaln

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import Search, maximise
from openkam.analytics.valuation.purchase_model.ahead import continuous_rate, expected_geometric_sum, horizons
from openkam.analytics.valuation.purchase_model.histories import (
    Histories,
    group,
    purchase_histories,
    refuse_single_orders,
)
from openkam.analytics.valuation.purchase_model.history_model import HistoryModel

MOST_OCCASIONS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class BetaBinomialModel(HistoryModel):
    """A fitted model and the histories it speaks about; its unit of time is one occasion.

    `alpha`, `beta` shape the probability to order at an occasion over accounts, `gamma`, `delta` the probability to stop before one.
    """

    name: str = "BG/BB"

    @property
    def alpha(self) -> float:
        """First shape of the probability to order."""
        return self.estimate.parameters["alpha"]

    @property
    def beta(self) -> float:
        """Second shape of the probability to order."""
        return self.estimate.parameters["beta"]

    @property
    def gamma(self) -> float:
        """First shape of the probability to stop."""
        return self.estimate.parameters["gamma"]

    @property
    def delta(self) -> float:
        """Second shape of the probability to stop."""
        return self.estimate.parameters["delta"]

    def probability_alive(self) -> Vector:
        """Probability that each account has not stopped by its last occasion."""
        point = np.array(list(self.estimate.parameters.values()))
        alive = np.zeros(len(self.histories))
        for rows, table in tables(self.histories):
            logs = table.logs(point)
            weight = np.exp(logs - logs.max(axis=1, keepdims=True))
            alive[rows] = weight[:, 0] / weight.sum(axis=1)
        return alive

    def expected_purchases(self, horizon: npt.ArrayLike) -> Vector:
        """Expected orders of each account at its next `horizon` occasions."""
        ahead = horizons(horizon, len(self.histories))
        if (ahead != np.floor(ahead)).any():
            raise OpenKamError("The horizon of a BG/BB is a number of occasions: give whole numbers.")
        last = self.delta + self.histories.age
        # Σ_{j=1}^{h} B(γ, last + j) / B(γ, last), summed in closed form
        if abs(self.gamma - 1) > 1e-6:
            both = last / (self.gamma - 1)
            gone = np.expm1(
                gammaln(last + 1 + ahead) - gammaln(last + 1) - gammaln(self.gamma + last + ahead) + gammaln(self.gamma + last)
            )
            sums = -both * gone
        else:
            sums = last * (digamma(last + 1 + ahead) - digamma(last + 1))
        return self._per_occasion() * sums

    def discounted_expected_residual_transactions(self, discount_per_period: float) -> Vector:
        """Expected future orders of each account, without end, the one at the j-th occasion ahead over (1 + d)^j.

        `discount_per_period` is the effective rate d from one occasion to the next, above 0.
        """
        continuous_rate(discount_per_period)
        last = self.delta + self.histories.age
        # ρ = 1 / (1 + d) has the odds 1 / d.
        series = expected_geometric_sum(self.gamma, last, np.full(len(last), -np.log(discount_per_period)))
        return self._per_occasion() * (series - 1)

    def draw_residual_transactions(self, discount_per_period: float, generator: np.random.Generator) -> Vector:
        """Discounted orders to expect from each account were its own probabilities and fate known, these drawn once from what its
        history says about them. The mean of many draws is `discounted_expected_residual_transactions`."""
        continuous_rate(discount_per_period)
        x, n = self.histories.frequency, self.histories.age
        is_alive = generator.random(len(x)) < self.probability_alive()
        orders = generator.beta(self.alpha + x, self.beta + n - x)
        stops = generator.beta(self.gamma, self.delta + n)
        return np.where(is_alive, orders * (1 - stops) / (discount_per_period + stops), 0.0)

    def _per_occasion(self) -> Vector:
        x, n = self.histories.frequency, self.histories.age
        return self.probability_alive() * (self.alpha + x) / (self.alpha + self.beta + n)


def fit_bg_bb(
    frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike, *, customers: npt.ArrayLike | None = None
) -> BetaBinomialModel:
    """Fit the BG/BB: `frequency` orders in `age` occasions, the last of them at occasion `recency` (0 without an order).

    Occasions are those after the account's first order. Raises `UnidentifiedModelError` where the histories cannot tell the
    parameters.
    """
    histories = _occasions(purchase_histories(frequency, recency, age, customers))
    grouped = group(histories)
    refuse_single_orders("BG/BB", grouped)
    silent = [table for _, table in tables(grouped.histories(slice(None)))]
    search = Search(
        model="BG/BB",
        scales={"alpha": 1.0, "beta": 1.0, "gamma": 1.0, "delta": 2.0},
        log_likelihood=lambda point: mean_log_likelihood(silent, grouped.total, point),
        observations=grouped.total,
        advice="Give more customers or more occasions; where accounts do not differ, shares of orders say all there is to say.",
    )
    return BetaBinomialModel(maximise(search), histories)


def _occasions(histories: Histories) -> Histories:
    whole = (histories.age == np.floor(histories.age)) & (histories.recency == np.floor(histories.recency))
    if not whole.all():
        raise OpenKamError(f"Row {int(np.argmin(whole)) + 1} has a recency or age that is no whole number of occasions.")
    if (histories.frequency > histories.recency).any():
        row = int(np.argmax(histories.frequency > histories.recency))
        raise OpenKamError(
            f"Row {row + 1} has {histories.frequency[row]:g} orders by occasion {histories.recency[row]:g}: one order at an occasion."
        )
    if (histories.age > MOST_OCCASIONS).any():
        raise OpenKamError(f"More than {MOST_OCCASIONS:,} occasions: take a model in continuous time.")
    return histories


@dataclass(frozen=True, slots=True, eq=False)
class SilenceTable:
    """Histories with the same number of occasions since the last order: column 0 is alive, column 1 + i stopped after t + i."""

    histories: Histories
    silent: int

    def logs(self, parameters: Vector) -> Vector:
        """Logarithms of the terms of the likelihood."""
        alpha, beta, gamma, delta = parameters
        x, t, n = self.histories.frequency[:, None], self.histories.recency[:, None], self.histories.age[:, None]
        i = np.arange(self.silent)
        alive = betaln(alpha + x, beta + n - x) + betaln(gamma, delta + n)
        stopped = betaln(alpha + x, beta + t - x + i) + betaln(gamma + 1, delta + t + i)
        return np.hstack([alive, stopped]) - betaln(alpha, beta) - betaln(gamma, delta)

    def sums(self, parameters: Vector) -> tuple[float, Vector]:
        """Log-likelihood and its gradient by the parameters, summed over customers."""
        alpha, beta, gamma, delta = parameters
        logs = self.logs(parameters)
        top = logs.max(axis=1, keepdims=True)
        weight = np.exp(logs - top)
        total = weight.sum(axis=1, keepdims=True)
        customers = self.histories.customers
        weight *= customers[:, None] / total
        x, t, n = self.histories.frequency[:, None], self.histories.recency[:, None], self.histories.age[:, None]
        seen = np.hstack([n, t + np.arange(self.silent)])
        died = np.hstack([np.zeros_like(n), np.ones((len(n), self.silent))])
        orders, stops = digamma(alpha + beta + seen), digamma(gamma + delta + seen + died)
        slopes = (
            digamma(alpha + x) - orders,
            digamma(beta + seen - x) - orders,
            digamma(gamma + died) - stops,
            digamma(delta + seen) - stops,
        )
        constant = np.array([digamma(alpha + beta) - digamma([alpha, beta]), digamma(gamma + delta) - digamma([gamma, delta])])
        gradient = np.array([float((weight * slope).sum()) for slope in slopes]) + customers.sum() * constant.ravel()
        return float(customers @ (top + np.log(total))[:, 0]), gradient


def tables(histories: Histories) -> list[tuple[npt.NDArray[np.int64], SilenceTable]]:
    """The histories by occasions since the last order, with their places."""
    silent = (histories.age - histories.recency).astype(np.int64)
    return [
        (rows, SilenceTable(histories.at(rows), int(length)))
        for length in np.unique(silent)
        for rows in [np.flatnonzero(silent == length)]
    ]


def mean_log_likelihood(tables: list[SilenceTable], customers: float, point: Vector) -> tuple[float, Vector]:
    """Mean over customers and its gradient by the logarithms of α, β, γ, δ."""
    parameters = np.exp(point)
    value, gradient = 0.0, np.zeros(4)
    for table in tables:
        more, slope = table.sums(parameters)
        value += more
        gradient += slope
    return value / customers, gradient * parameters / customers
