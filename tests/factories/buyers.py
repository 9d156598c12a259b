"""Accounts that buy as a model says, with parameters we know: what a fit must find again, and what they bought afterwards."""

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
    seed: int, count: int, *shapes: float, k: int = 1, at_once: bool = False, horizon: float = 26.0
) -> Bought:
    """BG/NBD (at_once=False), MBG/NBD or MBG/CNBD-k accounts with r, α, a, b, observed for 30 to 60 units of time."""
    r, alpha, a, b = shapes
    generator = np.random.default_rng(seed)
    rate, stops = generator.gamma(r, 1 / alpha, count), generator.beta(a, b, count)
    return _observed(generator, _Buyer(rate, stops, np.full(count, np.inf), k, at_once, stops_after_orders=True), horizon)


def pareto_buyers(seed: int, count: int, *shapes: float, horizon: float = 26.0) -> Bought:
    """Pareto/NBD accounts with r, α, s, β, observed for 30 to 60 units of time."""
    r, alpha, s, beta = shapes
    generator = np.random.default_rng(seed)
    rate, stops = generator.gamma(r, 1 / alpha, count), generator.gamma(s, 1 / beta, count)
    end = generator.exponential(1 / stops)
    return _observed(generator, _Buyer(rate, stops, end, 1, at_once=False, stops_after_orders=False), horizon)


@dataclass(frozen=True)
class _Buyer:
    rate: Vector
    stops: Vector
    end: Vector
    k: int
    at_once: bool
    stops_after_orders: bool


def _observed(generator: np.random.Generator, buyer: _Buyer, horizon: float) -> Bought:
    count = len(buyer.rate)
    age = np.round(generator.uniform(30, 60, count), 1)
    now = np.zeros(count)
    frequency, recency, log_gaps, later = (np.zeros(count) for _ in range(4))
    alive = np.arange(count)
    order = 0
    while len(alive):
        if buyer.stops_after_orders and (order or buyer.at_once):
            alive = alive[generator.random(len(alive)) >= buyer.stops[alive]]
        gap = generator.gamma(buyer.k, 1 / buyer.rate[alive])
        now[alive] += gap
        goes_on = now[alive] <= np.minimum(age + horizon, buyer.end)[alive]
        alive, gap = alive[goes_on], gap[goes_on]
        is_seen = now[alive] <= age[alive]
        seen = alive[is_seen]
        frequency[seen] += 1
        log_gaps[seen] += np.log(gap[is_seen])
        recency[seen] = now[seen]
        later[alive[~is_seen]] += 1
        order += 1
    return Bought(frequency, recency, age, log_gaps, later, buyer.rate, buyer.stops)


def beta_binomial_buyers(seed: int, count: int, *shapes: float, occasions: int = 12, horizon: int = 6) -> Bought:
    """BG/BB accounts with α, β, γ, δ and so many occasions each; `rate` is the probability to order."""
    alpha, beta, gamma, delta = shapes
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
