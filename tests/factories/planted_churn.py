"""Accounts with rhythms of their own, some of which stop on a known day: the truth that alerts are held against."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import OrderDays
from openkam.analytics.forecast.order_alerts import DaySales

FIRST_DAY = 18_000  # 2019-04-14


@dataclass(frozen=True)
class PlantedChurn:
    """Orders over `days` days from `FIRST_DAY`, a sale of the account's own size on each; `stopped_on` is infinite for who stays."""

    orders: OrderDays
    sales: DaySales
    stopped_on: Vector


def planted_churn(account_count: int, seed: int, days: int = 1095, stop_share: float = 0.5) -> PlantedChurn:
    """Mean gaps about 21 days and shapes about 3.3, both log-normal over accounts; who stops does so in the last two years."""
    random = np.random.default_rng(seed)
    mean = np.exp(random.normal(np.log(21), 0.6, account_count))
    shape = np.exp(random.normal(1.2, 0.6, account_count))
    stops = random.random(account_count) < stop_share
    stopped_on = np.where(stops, random.uniform(0.45 * days, 0.9 * days, account_count), np.inf)
    account: list[int] = []
    day: list[int] = []
    for i in range(account_count):
        elapsed = random.uniform(0, mean[i])
        while elapsed < min(days, stopped_on[i]):
            account.append(i)
            day.append(FIRST_DAY + int(elapsed))
            elapsed += max(1.0, random.gamma(shape[i], mean[i] / shape[i]))
    orders = order_days(np.array(account), np.array(day), account_count)
    size = np.exp(random.normal(5, 1, account_count))
    by_day = np.argsort(orders.day, kind="stable")
    sales = DaySales(orders.account[by_day], orders.day[by_day], size[orders.account[by_day]], account_count)
    return PlantedChurn(orders, sales, FIRST_DAY + stopped_on)


def order_days(account: np.ndarray, day: np.ndarray, account_count: int) -> OrderDays:
    """Orders given in any order, those of one day once."""
    pairs = np.unique(np.column_stack([account, day]).astype(np.int64).reshape(-1, 2), axis=0)
    return OrderDays(pairs[:, 0], pairs[:, 1], account_count)
