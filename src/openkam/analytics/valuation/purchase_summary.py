"""From order days to purchase histories: what purchase and spend models read, one row per account, summed by the engine."""

from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector, as_indices, as_vector, distinct, ratio
from openkam.analytics.behaviour.orders import Indices, day_number
from openkam.analytics.engine import Engine, Rows

PARTS = 10_000
"""Parts of a currency unit to which amounts are rounded before they are added."""


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseSummary:
    """Accounts with an order up to the last day, sorted by `account` (id).

    `frequency` counts the order days after the first, `recency_days` lie between the first and the last, `age_days` between the first
    and the end of observation. `net` are all net sales up to it, returns included, and `first_net` those of the first order day
    (currency), both to four decimals. `log_gaps` are the sums of the logarithms of the gaps (days), 0 without a gap.
    """

    account: Indices
    frequency: Vector
    recency_days: Vector
    age_days: Vector
    net: Vector
    first_net: Vector
    log_gaps: Vector

    @property
    def order_value(self) -> Vector:
        """Net sales per order (currency)."""
        return self.net / (self.frequency + 1)

    @property
    def repeat_value(self) -> Vector:
        """Net sales per order after the first (currency), NaN without one."""
        return ratio(self.net - self.first_net, self.frequency)


def summarise_purchases(engine: Engine, days: Rows, until: date) -> PurchaseSummary:
    """Purchase histories of every account up to and with the day `until`.

    `days` has one or more rows per account and day: `account_id`, `transacted_on`, `has_sale` and `net` (currency), as
    `Facts.account_days`. A day with a sale is an order, however many rows it has; a day with returns only is none, but lowers the net
    sales. Later days do not count.
    """
    seen = days.filter(days.transacted_on <= ibis.literal(until))
    rows = engine.to_arrow(seen.select("account_id", "transacted_on", "has_sale", net=seen.net.cast("float64")))
    has_sale, row_day = rows["has_sale"].to_numpy(), rows["transacted_on"].cast(pa.int32()).to_numpy()
    origin = int(row_day.min(initial=0))
    bits = (int(row_day.max(initial=0)) - origin).bit_length()
    # Numbers that hold account and day: one sort of them takes a third of the time of grouping by both in the engine. At ten million
    # accounts a column is half a gigabyte, so only these and the amounts are kept.
    key = as_indices(rows["account_id"]) << bits
    key += row_day
    key -= origin
    rows = rows.select(["net"])
    del row_day
    order = distinct(key if has_sale.all() else key[has_sale])
    account, day = order >> bits, order & ((1 << bits) - 1)
    same = account[1:] == account[:-1]
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(account), 1), dtype=np.bool_), ~same]))
    ends = np.append(starts[1:], len(order)) - 1 if len(starts) else starts
    known, first_key = account[starts], order[starts]
    logs = np.ones(len(order))
    np.subtract(day[1:], day[:-1], out=logs[1:])
    logs[starts] = 1
    log_gaps = np.add.reduceat(np.log(logs, out=logs), starts)
    frequency, recency_days = (ends - starts).astype(np.float64), (day[ends] - day[starts]).astype(np.float64)
    age_days = (day_number(until) - origin - day[starts]).astype(np.float64)
    del order, account, day, same, logs
    net, first_net = _net_sales(as_vector(rows["net"]), key, bits, first_key)
    return PurchaseSummary(known, frequency, recency_days, age_days, net, first_net, log_gaps)


def _net_sales(amounts: Vector, key: Indices, bits: int, first_key: Indices) -> tuple[Vector, Vector]:
    """Net sales of the accounts of the first keys (account and day of the first order), in all and of that day."""
    # Whole parts of a currency unit add up exactly as doubles (below 9e11 an account), in whatever order the engine gives them.
    parts = np.nan_to_num(amounts)
    parts *= PARTS
    np.rint(parts, out=parts)
    account, known = key >> bits, first_key >> bits
    count = int(account.max(initial=-1)) + 1
    first = np.full(count, -1)
    first[known] = first_key
    is_first = key == first[account]
    net = np.bincount(account, parts, count)[known]
    first_net = np.bincount(account[is_first], parts[is_first], count)[known]
    return net / PARTS, first_net / PARTS


def by_occasion(days: Rows, until: date, occasion_days: int) -> Rows:
    """The days moved to the last day of their occasion: `until`, and every `occasion_days` before it. Later days stay."""
    end: Rows = ibis.literal(until)
    ahead = end.delta(days.transacted_on, unit="day")
    moved = (end - (ahead // occasion_days * occasion_days).as_interval("D")).cast("date")
    return days.mutate(transacted_on=ibis.ifelse(ahead >= 0, moved, days.transacted_on))


def orders_between(engine: Engine, days: Rows, after: date, until: date, accounts: Indices) -> tuple[Vector, Vector]:
    """Order days and net sales (currency) after the day `after`, up to and with `until`, of these accounts, which are sorted."""
    seen = days.filter((days.transacted_on > ibis.literal(after)) & (days.transacted_on <= ibis.literal(until)))
    by_day = seen.group_by("account_id", "transacted_on").agg(has_sale=seen.has_sale.any(), net=seen.net.sum())
    sums = by_day.group_by("account_id").agg(orders=by_day.has_sale.sum(), net=by_day.net.sum())
    found = engine.to_arrow(sums.order_by("account_id"))
    return _placed(found["account_id"], as_vector(found["orders"]), accounts), _placed(
        found["account_id"], np.nan_to_num(as_vector(found["net"])), accounts
    )


def _placed(ids: Rows, values: Vector, accounts: Indices) -> Vector:
    ids = as_indices(ids)
    place = np.minimum(np.searchsorted(accounts, ids), max(len(accounts) - 1, 0))
    known = accounts[place] == ids if len(accounts) else np.zeros(len(ids), dtype=np.bool_)
    result = np.zeros(len(accounts))
    result[place[known]] = values[known]
    return result
