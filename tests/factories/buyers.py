"""Accounts that buy as a model says, with parameters we know: what a fit must find again, and what they bought afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bought:
    """Histories up to each one's age, orders in the time `later` after it, and the traits behind them."""

    frequency: Vector
    recency: Vector
    age: Vector
    log_gaps: Vector
    later: Vector
    rate: Vector
    stops: Vector


def beta_geometric_buyers(
    seed: int, count: int, r: float, alpha: float, a: float, b: float, k: int = 1, at_once: bool = False, horizon: float = 26.0
) -> Bought:
    """BG/NBD (at_once=False), MBG/NBD or MBG/CNBD-k accounts, observed for 30 to 60 units of time."""
    generator = np.random.default_rng(seed)
    rate = generator.gamma(r, 1 / alpha, count)
    stops = generator.beta(a, b, count)

    def lives_on(order: int, chance: Vector) -> npt.NDArray[np.bool_]:
        return (chance >= stops) | (order == 0 and not at_once)

    return _observed(generator, rate, stops, lambda: generator.gamma(k, 1 / rate), lives_on, np.full(count, np.inf), horizon)


def pareto_buyers(seed: int, count: int, r: float, alpha: float, s: float, beta: float, horizon: float = 26.0) -> Bought:
    """Pareto/NBD accounts, observed for 30 to 60 units of time."""
    generator = np.random.default_rng(seed)
    rate = generator.gamma(r, 1 / alpha, count)
    stops = generator.gamma(s, 1 / beta, count)
    end = generator.exponential(1 / stops)
    return _observed(generator, rate, stops, lambda: generator.exponential(1 / rate), lambda _, chance: chance >= 0, end, horizon)


def _observed(
    generator: np.random.Generator,
    rate: Vector,
    stops: Vector,
    gaps: Callable[[], Vector],
    lives_on: Callable[[int, Vector], npt.NDArray[np.bool_]],
    end: Vector,
    horizon: float,
) -> Bought:
    count = len(rate)
    age = np.round(generator.uniform(30, 60, count), 1)
    now, is_alive = np.zeros(count), np.ones(count, dtype=np.bool_)
    frequency, recency, log_gaps, later = (np.zeros(count) for _ in range(4))
    order = 0
    while is_alive.any():
        is_alive &= lives_on(order, generator.random(count))
        gap = gaps()
        now = now + gap
        is_alive &= (now <= age + horizon) & (now <= end)
        seen = is_alive & (now <= age)
        frequency += seen
        log_gaps += np.where(seen, np.log(gap), 0.0)
        recency = np.where(seen, now, recency)
        later += is_alive & (now > age)
        order += 1
    return Bought(frequency, recency, age, log_gaps, later, rate, stops)


def beta_binomial_buyers(
    seed: int, count: int, alpha: float, beta: float, gamma: float, delta: float, occasions: int = 12, horizon: int = 6
) -> Bought:
    """BG/BB accounts with so many occasions each; `rate` is the probability to order."""
    generator = np.random.default_rng(seed)
    rate, stops = generator.beta(alpha, beta, count), generator.beta(gamma, delta, count)
    frequency, recency, later = (np.zeros(count) for _ in range(3))
    is_alive = np.ones(count, dtype=np.bool_)
    for occasion in range(1, occasions + horizon + 1):
        is_alive &= generator.random(count) >= stops
        orders = is_alive & (generator.random(count) < rate)
        if occasion <= occasions:
            frequency += orders
            recency = np.where(orders, occasion, recency)
        else:
            later += orders
    return Bought(frequency, recency, np.full(count, float(occasions)), np.zeros(count), later, rate, stops)


def spenders(seed: int, count: int, p: float, q: float, gamma: float) -> tuple[Vector, Vector]:
    """Frequencies and mean values of Gamma-Gamma accounts with one to nine orders."""
    generator = np.random.default_rng(seed)
    x = generator.integers(1, 10, count).astype(np.float64)
    level = generator.gamma(q, 1 / gamma, count)
    return x, generator.gamma(p * x, 1 / (level * x))
