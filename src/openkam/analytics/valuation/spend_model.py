"""Gamma-Gamma: what an account spends per order, its own average drawn towards all accounts' by how many orders it rests on.

An order's value is Gamma(p, ν), ν is Gamma(q, γ) over accounts, and both are independent of how often an account orders. For x orders
of mean value z:

    log L = lnΓ(px + q) − lnΓ(px) − lnΓ(q) + q ln γ + (px − 1) ln z + px ln x − (px + q) ln(γ + xz)
    E[value of an order | x, z] = p (γ + xz) / (px + q − 1)

Source: Fader, Hardie and Lee (2005), Journal of Marketing Research 42, 415-430; Fader and Hardie (2013), The Gamma-Gamma model of
monetary value, brucehardie.com/notes/025.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import FittedModel, LogLikelihood, Search, UnidentifiedModelError, maximise

REHEARSAL_CUSTOMERS = 20_000
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class GammaGammaModel(FittedModel):
    """A fitted model: `p` shapes the orders of one account, `q` and `gamma` (currency) the accounts.

    `frequency_value_correlation` is that of frequency and mean value over accounts; the model takes it as zero.
    """

    frequency_value_correlation: float
    name: str = "Gamma-Gamma"

    @property
    def p(self) -> float:
        """Shape of one account's order values."""
        return self.estimate.parameters["p"]

    @property
    def q(self) -> float:
        """Shape of the accounts' levels; up to 1 their mean is infinite."""
        return self.estimate.parameters["q"]

    @property
    def gamma(self) -> float:
        """Scale of the accounts' levels (currency)."""
        return self.estimate.parameters["gamma"]

    def expected_value(self, frequency: npt.ArrayLike, mean_value: npt.ArrayLike) -> Vector:
        """Expected value (currency) of an order of accounts with so many orders of that mean value.

        An account without orders gets the mean over accounts; NaN where that is infinite (q up to 1).
        """
        x = np.atleast_1d(np.asarray(frequency, dtype=np.float64))
        total = np.where(x > 0, x * np.where(x > 0, mean_value, 0.0), 0.0)
        weight = self.p * x + self.q - 1
        return np.divide(self.p * (self.gamma + total), weight, out=np.full(len(x), np.nan), where=weight > 0)

    def draw_value(self, frequency: npt.ArrayLike, mean_value: npt.ArrayLike, generator: np.random.Generator) -> Vector:
        """Mean order value (currency) of each account, drawn once from what its history says. Infinite draws do not occur."""
        x = np.atleast_1d(np.asarray(frequency, dtype=np.float64))
        total = np.where(x > 0, x * np.where(x > 0, mean_value, 0.0), 0.0)
        return self.p * (self.gamma + total) / generator.gamma(self.p * x + self.q)


def fit_gamma_gamma(frequency: npt.ArrayLike, mean_value: npt.ArrayLike) -> GammaGammaModel:
    """Fit the Gamma-Gamma to accounts with `frequency` orders of `mean_value` (currency) each on average.

    Accounts without orders are left out; whether the first order counts is the caller's choice, the same for both. Raises
    `OpenKamError` for a value that is not positive, `UnidentifiedModelError` where the values cannot tell the parameters.
    """
    x, z = _orders(frequency, mean_value)
    order = np.lexsort((z, x))  # so that the sums do not depend on the order of the accounts
    x, z = x[order], z[order]
    sample = (
        np.linspace(0, len(x) - 1, REHEARSAL_CUSTOMERS).round().astype(np.int64) if len(x) > 4 * REHEARSAL_CUSTOMERS else None
    )
    search = Search(
        model="Gamma-Gamma",
        scales={"p": 2.0, "q": 3.0, "gamma": float(z.mean())},
        log_likelihood=mean_log_likelihood(x, z),
        observations=float(len(x)),
        advice="It needs accounts with several orders whose values differ within and between accounts; else take the accounts' means.",
        rehearsal=None if sample is None else mean_log_likelihood(x[sample], z[sample]),
    )
    return GammaGammaModel(maximise(search), _correlation(x, z))


def _orders(frequency: npt.ArrayLike, mean_value: npt.ArrayLike) -> tuple[Vector, Vector]:
    try:
        x, z = (np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in (frequency, mean_value))
    except (TypeError, ValueError):
        raise OpenKamError("frequency or mean_value holds something that is not a number: give one number per account.") from None
    if x.shape != z.shape or x.ndim != 1:
        raise OpenKamError(f"{x.size} frequencies and {z.size} mean values: give one of each per account.")
    if not (np.isfinite(x) & (x >= 0)).all():
        raise OpenKamError("A frequency is not a number of 0 or more.")
    x, z = x[x > 0], z[x > 0]
    bad = ~(np.isfinite(z) & (z > 0))
    if bad.any():
        raise OpenKamError(
            f"{int(bad.sum())} accounts with orders have a mean value that is not positive, the first {z[bad][0]:g}: the Gamma-Gamma is "
            "about positive values; leave these accounts out or value them apart."
        )
    if not len(x):
        raise UnidentifiedModelError("No account has an order with a value: the Gamma-Gamma has nothing to learn from.")
    return x, z


def mean_log_likelihood(x: Vector, z: Vector) -> LogLikelihood:
    """Mean over accounts with x > 0 orders of mean value z > 0, and its gradient by the logarithms of p, q, γ."""
    counts, at = np.unique(x, return_inverse=True)
    accounts = np.bincount(at).astype(np.float64)
    total = x * z
    n, log_z, x_log_total = float(len(x)), float(np.log(z).sum()), float(x @ np.log(total))

    def mean(point: Vector) -> tuple[float, Vector]:
        p, q, gamma = np.exp(point)
        logs, x_logs, inverse, x_inverse = _sums(total, x, gamma)
        shape = p * counts
        # px ln x + px ln z is px ln(xz)
        value = accounts @ (gammaln(shape + q) - gammaln(shape)) - n * (gammaln(q) - q * np.log(gamma))
        value += p * x_log_total - log_z - p * x_logs - q * logs
        by_p = (accounts * counts) @ (digamma(shape + q) - digamma(shape)) + x_log_total - x_logs
        by_q = accounts @ digamma(shape + q) - n * (digamma(q) - np.log(gamma)) - logs
        by_gamma = n * q / gamma - p * x_inverse - q * inverse
        return float(value) / n, np.array([p * by_p, q * by_q, gamma * by_gamma]) / n

    return mean


def _sums(total: Vector, x: Vector, gamma: float) -> Vector:
    """Sums of log(γ + xz) and 1 / (γ + xz), plain and weighted by x."""
    sums = np.zeros(4)
    for start in range(0, len(x), _CHUNK):
        weight, level = x[start : start + _CHUNK], gamma + total[start : start + _CHUNK]
        logs, inverse = np.log(level), 1 / level
        sums += (logs.sum(), weight @ logs, inverse.sum(), weight @ inverse)
    return sums


def _correlation(one: Vector, other: Vector) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > 0 else 0.0
