"""Orders and quarters: the two small tables on which the measures of rhythm, growth and loyalty are built.

An order is a day on which the account has a line of sale: lines and invoices of one day are one order. Months and quarters are
counted back from the as-of day, so that the newest is always complete.
"""

from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector, as_indices, as_vector, distinct
from openkam.analytics.behaviour.facts import Facts, MeasureParameters, months_before
from openkam.analytics.behaviour.sales import documents_by_customer
from openkam.analytics.engine import Rows

Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class HistoryRows:
    """What the engine tells of the history, by `account_id`: `order_days` (`transacted_on`, one row per customer and day with a
    sale), net sales `by_quarter` (`quarter_back`, `net`) and `by_account` (`net` of the whole history, `now` of the period, `before` of
    the same days a year before), and the period's `documents` (`count`)."""

    order_days: pa.Table
    by_quarter: pa.Table
    by_account: pa.Table
    documents: pa.Table


@dataclass(frozen=True, slots=True)
class OrderDays:
    """Every order once: `account` (its id) and `day` (days since 1970-01-01), sorted by both."""

    account: Indices
    day: Indices
    account_count: int

    def gaps(self) -> tuple[Indices, Indices]:
        """Days from one order of an account to its next: account and gap, in order of time within an account."""
        same = self.account[1:] == self.account[:-1]
        return self.account[1:][same], (self.day[1:] - self.day[:-1])[same]

    def count(self, mask: Mask | None = None) -> Vector:
        """Orders per account, or those under the mask."""
        chosen = self.account if mask is None else self.account[mask]
        return np.bincount(chosen, minlength=self.account_count).astype(np.float64)

    def first_and_last(self) -> tuple[Vector, Vector]:
        """First and last day per account, NaN without an order."""
        first, last = np.full(self.account_count, np.nan), np.full(self.account_count, np.nan)
        first[self.account[::-1]] = self.day[::-1]
        last[self.account] = self.day
        return first, last


@dataclass(frozen=True, slots=True)
class QuarterSales:
    """The last `growth_quarters` quarters, as arrays accounts × quarters, oldest first.

    `net` are net sales (currency). `is_full` tells the quarters that lie wholly after the account's first order, `is_active`
    those with an order.
    """

    net: Vector
    is_full: Mask
    is_active: Mask


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def months_back(days: Indices, as_of: date) -> Indices:
    """Whole months from each day to the as-of day: 0 for the last month, in which the as-of day lies."""
    oldest = int(days.min(initial=day_number(as_of)))
    ends = [day_number(as_of)]
    while ends[-1] > oldest:
        ends.append(day_number(months_before(as_of, len(ends))))
    return len(ends) - 1 - np.searchsorted(np.array(ends[::-1]), days, side="left")


def read_history(facts: Facts) -> HistoryRows:
    """Ask the engine for the history of every account."""
    to_arrow = facts.engine.to_arrow
    documents = facts.by_account(documents_by_customer(facts.transactions, facts.parameters.period.start_on))
    return HistoryRows(
        order_days=to_arrow(_days_with_a_sale(facts)),
        by_quarter=to_arrow(_sums_by_quarter(facts)),
        by_account=to_arrow(_sums_by_account(facts)),
        documents=to_arrow(documents.group_by("account_id").agg(count=documents.documents.sum())),
    )


def read_order_days(facts: Facts) -> OrderDays:
    """Ask the engine for the order days of every account in the whole history, and for nothing else."""
    return _distinct_days(facts.engine.to_arrow(_days_with_a_sale(facts)), facts.account_count)


def order_days(rows: HistoryRows, account_count: int) -> OrderDays:
    """The order days of every account in the whole history."""
    return _distinct_days(rows.order_days, account_count)


def _days_with_a_sale(facts: Facts) -> Rows:
    return facts.account_days.filter(facts.account_days.has_sale).select("account_id", "transacted_on")


def _distinct_days(rows: pa.Table, account_count: int) -> OrderDays:
    account, day = as_indices(rows["account_id"]), as_indices(rows["transacted_on"])
    origin = int(day.min(initial=0))
    bits = (int(day.max(initial=0)) - origin).bit_length()
    # Customers that make one account may have ordered on the same day.
    key = distinct((account << bits) + (day - origin))
    return OrderDays(key >> bits, (key & ((1 << bits) - 1)) + origin, account_count)


def quarter_sales(rows: HistoryRows, orders: OrderDays, parameters: MeasureParameters) -> QuarterSales:
    """Net sales and orders of every account in the last `growth_quarters` quarters."""
    quarters = parameters.growth_quarters
    net = np.zeros((orders.account_count, quarters))
    sums = np.nan_to_num(as_vector(rows.by_quarter["net"]))
    net[as_indices(rows.by_quarter["account_id"]), quarters - 1 - as_indices(rows.by_quarter["quarter_back"])] = sums
    return QuarterSales(net, _full_quarters(orders, parameters), _active_quarters(orders, parameters))


def _sums_by_account(facts: Facts) -> Rows:
    days, now, before = facts.account_days, facts.parameters.period, facts.parameters.period_before
    is_now = days.transacted_on >= ibis.literal(now.start_on)
    is_before = (days.transacted_on >= ibis.literal(before.start_on)) & (days.transacted_on <= ibis.literal(before.end_on))
    return days.group_by("account_id").agg(
        net=days.net.sum(), now=days.net.sum(where=is_now), before=days.net.sum(where=is_before)
    )


def _sums_by_quarter(facts: Facts) -> Rows:
    as_of, quarters = facts.parameters.as_of, facts.parameters.growth_quarters
    oldest = ibis.literal(months_before(as_of, 3 * quarters))
    rows = facts.account_days.filter(facts.account_days.transacted_on > oldest)
    day = rows.transacted_on
    month = (as_of.year - day.year()) * 12 + (as_of.month - day.month()) - ibis.ifelse(day.day() > as_of.day, 1, 0)
    dated = rows.mutate(quarter_back=(month.cast("int64") // 3).cast("int64"))
    return dated.group_by("account_id", "quarter_back").agg(net=dated.net.sum())


def _full_quarters(orders: OrderDays, parameters: MeasureParameters) -> Mask:
    first, _ = orders.first_and_last()
    back = range(parameters.growth_quarters, 0, -1)
    starts = np.array([day_number(months_before(parameters.as_of, 3 * n)) + 1 for n in back], dtype=np.float64)
    return first[:, None] <= starts[None, :]


def _active_quarters(orders: OrderDays, parameters: MeasureParameters) -> Mask:
    quarter = months_back(orders.day, parameters.as_of) // 3
    recent = quarter < parameters.growth_quarters
    active = np.zeros((orders.account_count, parameters.growth_quarters), dtype=np.bool_)
    active[orders.account[recent], parameters.growth_quarters - 1 - quarter[recent]] = True
    return active
