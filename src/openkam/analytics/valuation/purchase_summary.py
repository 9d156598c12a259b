"""From order days to purchase histories: what purchase and spend models read, one row per account, summed by the engine."""

from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np

from openkam.analytics.behaviour.account_columns import Vector, as_indices, as_vector, ratio
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.engine import Engine, Rows


@ibis.udf.agg.builtin
def min_by(value: float, by: date) -> float:  # pyright: ignore[reportReturnType]
    """The value where `by` is least: both engines have it. Ibis' own `argmin` sorts every group in DuckDB."""


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseSummary:
    """Accounts with an order up to the last day, sorted by `account` (id).

    `frequency` counts the order days after the first, `recency_days` lie between the first and the last, `age_days` between the first
    and the end of observation. `net` are all net sales up to it, returns included, and `first_net` those of the first order day
    (currency). `log_gaps` are the sums of the logarithms of the gaps (days), 0 without a gap.
    """

    account: Indices
    frequency: Vector
    recency_days: Vector
    age_days: Vector
    net: Vector
    first_net: Vector
    log_gaps: Vector | None

    @property
    def order_value(self) -> Vector:
        """Net sales per order (currency)."""
        return self.net / (self.frequency + 1)

    @property
    def repeat_value(self) -> Vector:
        """Net sales per order after the first (currency), NaN without one."""
        return ratio(self.net - self.first_net, self.frequency)


def summarise_purchases(engine: Engine, days: Rows, until: date, *, with_gaps: bool = True) -> PurchaseSummary:
    """Purchase histories of every account up to and with the day `until`.

    `days` has one or more rows per account and day: `account_id`, `transacted_on`, `has_sale` and `net` (currency), as
    `Facts.account_days`. A day with a sale is an order, however many rows it has; a day with returns only is none, but lowers the net
    sales. Later days do not count. `with_gaps` is needed to tell regular from random buyers; it costs a sort of all days.
    """
    seen = days.filter(days.transacted_on <= ibis.literal(until))
    by_day = seen.group_by("account_id", "transacted_on").agg(has_sale=seen.has_sale.any(), net=seen.net.sum())
    order_day = ibis.ifelse(by_day.has_sale, by_day.transacted_on, ibis.null("date"))
    rows = by_day.mutate(
        order_day=order_day, order_net=ibis.ifelse(by_day.has_sale, by_day.net, ibis.null(by_day.net.type())).cast("float64")
    )
    sums = rows.group_by("account_id").agg(
        orders=rows.order_day.count(),
        first=rows.order_day.min(),
        last=rows.order_day.max(),
        net=rows.net.sum(),
        first_net=min_by(rows.order_net, rows.order_day),
    )
    found = engine.to_arrow(sums.filter(sums.orders > 0).order_by("account_id"))
    first, last = as_indices(found["first"]), as_indices(found["last"])
    account = as_indices(found["account_id"])
    return PurchaseSummary(
        account=account,
        frequency=as_vector(found["orders"]) - 1,
        recency_days=(last - first).astype(np.float64),
        age_days=((until - date(1970, 1, 1)).days - first).astype(np.float64),
        net=np.nan_to_num(as_vector(found["net"])),
        first_net=np.nan_to_num(as_vector(found["first_net"])),
        log_gaps=_log_gaps(engine, by_day, account) if with_gaps else None,
    )


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


def _log_gaps(engine: Engine, by_day: Rows, accounts: Indices) -> Vector:
    orders = by_day.filter(by_day.has_sale)
    order = ibis.window(group_by="account_id", order_by="transacted_on")
    dated = orders.mutate(before=orders.transacted_on.lag().over(order))
    gaps = dated.filter(dated.before.notnull())
    gap = gaps.transacted_on.delta(gaps.before, unit="day")
    # Counted by length and summed here, so that the engine's order of rows does not reach the last digit.
    lengths = gaps.mutate(gap=gap).group_by("account_id", "gap").agg(count=ibis._.count())
    found = engine.to_arrow(lengths.order_by("account_id", "gap"))
    logs = np.log(as_vector(found["gap"])) * as_vector(found["count"])
    return np.bincount(np.searchsorted(accounts, as_indices(found["account_id"])), logs, len(accounts)).astype(np.float64)


def _placed(ids: Rows, values: Vector, accounts: Indices) -> Vector:
    ids = as_indices(ids)
    place = np.minimum(np.searchsorted(accounts, ids), max(len(accounts) - 1, 0))
    known = accounts[place] == ids if len(accounts) else np.zeros(len(ids), dtype=np.bool_)
    result = np.zeros(len(accounts))
    result[place[known]] = values[known]
    return result
