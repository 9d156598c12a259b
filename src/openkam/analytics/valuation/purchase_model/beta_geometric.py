"""Random or regular buying until an account stops after one of its orders: BG/NBD, MBG/NBD and MBG/CNBD-k.

The likelihood and its sources stand in `beta_geometric_likelihood`. Given that an account is alive and j of k stages into its next
gap, λ is Gamma(r + kx + j, α + T) and p is Beta(a, b + x + m), independent of each other; all that lies ahead follows from that:

    E[orders in h] = P(alive) Σ_j w_j Σ_{i≥1} E[(1 − p)^(i−1)] P(N ≥ ki − j),   N stages in h: negative binomial
    DERT = P(alive) Σ_j w_j E[ ρ^((k−j)/k) · ₂F₁(1, b + x + m; a + b + x + m; ρ) ],   ρ = (λ/(λ + δ))^k
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.purchase_model.ahead import (
    continuous_rate,
    gamma_nodes,
    geometric_sum_table,
    horizons,
    in_chunks,
)
from openkam.analytics.valuation.purchase_model.beta_geometric_likelihood import Family, Parameters, parts
from openkam.analytics.valuation.purchase_model.history_model import HistoryModel

_MOST_TERMS = 200_000
_BLOCK = 16
_CELLS = 1 << 18
_NEGLIGIBLE = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class BetaGeometricModel(HistoryModel):
    """A fitted model and the histories it speaks about.

    `r`, `alpha` shape the rate of buying over accounts (mean `r / alpha / k` orders per unit of time), `a`, `b` the probability to
    stop after an order (mean `a / (a + b)`). `k` is the regularity of gaps, 1 = random. Without `log_gaps`, the log-likelihood of
    k > 1 leaves out the gaps' own factor and compares to no other k.
    """

    family: Family
    name: str

    @property
    def r(self) -> float:
        """Shape of the rate over accounts."""
        return self.estimate.parameters["r"]

    @property
    def alpha(self) -> float:
        """Inverse scale of the rate over accounts, in units of time."""
        return self.estimate.parameters["alpha"]

    @property
    def a(self) -> float:
        """First shape of the probability to stop."""
        return self.estimate.parameters["a"]

    @property
    def b(self) -> float:
        """Second shape of the probability to stop."""
        return self.estimate.parameters["b"]

    @property
    def k(self) -> int:
        """Regularity: stages of a gap."""
        return self.family.stages

    def probability_alive(self) -> Vector:
        """Probability that each account has not stopped by the end of observation."""
        return self._alive_stages().sum(axis=1)

    def expected_purchases(self, horizon: npt.ArrayLike) -> Vector:
        """Expected orders of each account in the `horizon` (unit of time of the histories) after the end of observation."""
        return in_chunks(self._expected, horizons(horizon, len(self.histories)))

    def discounted_expected_residual_transactions(self, discount_per_period: float) -> Vector:
        """Expected future orders of each account, without end, each discounted to the end of observation.

        `discount_per_period` is the effective rate over one unit of time of the histories (0.002 = 0.2 %), above 0.
        """
        rate = continuous_rate(discount_per_period)
        return in_chunks(self._discounted, np.full(len(self.histories), rate))

    def draw_residual_transactions(self, discount_per_period: float, generator: np.random.Generator) -> Vector:
        """Discounted orders to expect from each account were its own rate, stage and fate known, these drawn once from what its
        history says about them. The mean of many draws is `discounted_expected_residual_transactions`."""
        delta = continuous_rate(discount_per_period)
        x, k = self.histories.frequency, self.k
        alive = self._alive_stages()
        reached = np.cumsum(alive, axis=1)
        stage = (reached < generator.random(len(x))[:, None]).sum(axis=1)
        is_alive = stage < k
        stage = np.minimum(stage, k - 1)
        rate = generator.gamma(self.r + k * x + stage) / (self.alpha + self.histories.age)
        stops = generator.beta(self.a, self.b + x + self.family.first_chance)
        step = rate / (rate + delta)
        return np.where(is_alive, step ** (k - stage) / (-np.expm1(k * np.log(step)) + stops * step**k), 0.0)

    @property
    def _parameters(self) -> Parameters:
        return Parameters(self.r, self.alpha, self.a, self.b)

    def _alive_stages(self) -> Vector:
        """Probability of being alive and j stages into the next gap, rows × stages."""
        dead, alive = parts(self.histories, self.family, self._parameters)
        top = np.maximum(dead, alive.max(axis=1))
        alive = np.exp(alive - top[:, None])
        return alive / (np.exp(dead - top) + alive.sum(axis=1))[:, None]

    def _expected(self, rows: slice, horizon: Vector) -> Vector:
        there = self.at(rows)
        x, age = there.histories.frequency, there.histories.age
        weights, k = there._alive_stages(), self.k
        after = self.b + x + self.family.first_chance
        within = horizon / (self.alpha + age + horizon)
        expected = np.zeros(len(x))
        open_rows = np.flatnonzero(within > 0)
        survival = np.ones(len(x))
        first, block = 0, _BLOCK
        while first < _MOST_TERMS:
            if not len(open_rows):
                return expected
            i = np.arange(first + 1, first + 1 + block)
            again = (after[open_rows, None] + i - 1) / (self.a + after[open_rows, None] + i - 1)
            reach = np.cumprod(np.column_stack([survival[open_rows], again]), axis=1)
            term = np.zeros((len(open_rows), block))
            for j in range(k):
                shape = self.r + k * x[open_rows] + j
                term += weights[open_rows, j, None] * betainc(k * i - j, shape[:, None], within[open_rows, None])
            term *= reach[:, :-1]
            expected[open_rows] += term.sum(axis=1)
            survival[open_rows] = reach[:, -1]
            open_rows = open_rows[term[:, -1] > _NEGLIGIBLE * expected[open_rows]]
            first += block
            block = max(_BLOCK, min(2 * block, _CELLS // max(len(open_rows), 1)))
        raise OpenKamError(
            f"A horizon of {horizon.max():g} holds more than {_MOST_TERMS:,} orders of one account: give a shorter one, or ask for "
            "discounted_expected_residual_transactions, which has no end."
        )

    def _discounted(self, rows: slice, rate: Vector) -> Vector:
        there = self.at(rows)
        x, age = there.histories.frequency, there.histories.age
        weights, k = there._alive_stages(), self.k
        counts, at = np.unique(x, return_inverse=True)
        by_count = [np.flatnonzero(at == place) for place in range(len(counts))]
        expected = np.zeros(len(x))
        for j in range(k):
            nodes, weight = gamma_nodes(self.r + k * x + j)
            # λ / (λ + δ) is what a stage is discounted by on average
            stage = -np.log1p((rate * (self.alpha + age))[:, None] / nodes)
            log_odds = k * stage - np.log(-np.expm1(k * stage))
            series = np.empty_like(stage)
            for count, members in zip(counts, by_count, strict=True):
                some = log_odds[members]
                table = geometric_sum_table(
                    self.a, self.b + float(count) + self.family.first_chance, float(some.min()), float(some.max())
                )
                series[members] = table(some)
            expected += weights[:, j] * (weight * np.exp((k - j) * stage + series)).sum(axis=1)
        return expected
