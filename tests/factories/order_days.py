"""Order days of accounts that buy as a model says, as the engine reads them."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

FIRST_DAY = date(2022, 1, 1)
LAST_DAY = FIRST_DAY + timedelta(days=1095)


def order_days(seed: int, accounts: int, k: int = 1, slope: float = 0.0, occasion_days: int | None = None) -> pa.Table:
    """Accounts that start over two years and buy for up to three, in gaps of k stages, stopping at 11 % of orders on average.

    An order's value rises with the account's rate to the power `slope`. With `occasion_days` all order on common days only.
    """
    generator = np.random.default_rng(seed)
    rate = generator.gamma(2.0, k / 80, accounts)
    stops = generator.beta(0.8, 6.0, accounts)
    level = generator.gamma(4.0, 1 / 600, accounts) / (rate / rate.mean()) ** slope
    day = generator.integers(0, 700, accounts).astype(np.float64)
    who, when = [], []
    alive = np.arange(accounts)
    while len(alive):
        who.append(alive)
        when.append(day[alive].astype(np.int64))
        alive = alive[generator.random(len(alive)) >= stops[alive]]
        day[alive] += 1 + generator.gamma(k, 1 / rate[alive])
        alive = alive[day[alive] <= 1095]
    account, days = np.concatenate(who), np.concatenate(when)
    if occasion_days is not None:
        days = 1095 - (1095 - days) // occasion_days * occasion_days
    dates = np.datetime64(FIRST_DAY) + days
    net = np.round(generator.gamma(3.0, 1 / level[account]), 2) + 0.01
    return pa.table(
        {
            "account_id": pa.array(account, pa.int64()),
            "transacted_on": pa.array(dates.astype("datetime64[D]")),
            "has_sale": pa.array(np.ones(len(account), dtype=np.bool_)),
            "net": pa.array(net, pa.float64()),
        }
    )
