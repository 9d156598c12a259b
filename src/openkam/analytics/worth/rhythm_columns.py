"""The rhythm of every account as columns: its last orders, when the next is expected, and how unlikely its silence is."""

from datetime import date

import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import OrderDays, day_number
from openkam.analytics.forecast.next_order import next_orders, orders_until
from openkam.analytics.forecast.rhythm import recent_orders

ORDERS_SHOWN = 12
"""Newest gaps whose orders are kept to be drawn."""


def rhythm_columns(orders: OrderDays, as_of: date) -> dict[str, pa.Array]:
    """Days, probabilities and flags of the next order, null for an account that never ordered."""
    found = next_orders(orders, as_of)
    has_order = ~np.isnan(found.last_on)
    days = ("last_on", "expected_on", "window_from_on", "window_to_on", "overdue_on")
    columns = {name if name != "last_on" else "last_order_on": _days(getattr(found, name)) for name in days}
    # Without a gap of anybody there is no rhythm to be overdue by, and that is not known rather than false.
    unknown = ~has_order | np.isnan(found.overdue_on)
    columns["silence_probability"] = pa.array(found.silence_probability, mask=np.isnan(found.silence_probability))
    columns["gap_count"] = pa.array(np.nan_to_num(found.gap_count).astype(np.int64), mask=~has_order)
    columns["is_overdue"] = pa.array(found.is_overdue, mask=unknown)
    columns["is_thin"] = pa.array(found.is_thin, mask=unknown)
    columns["recent_orders"] = _recent(recent_orders(orders_until(orders, day_number(as_of)), ORDERS_SHOWN))
    return columns


def _days(values: Vector) -> pa.Array:
    missing = ~np.isfinite(values)
    # Beyond the year 9999 a day cannot be written: so slow a rhythm has no day.
    missing |= np.nan_to_num(values) > 2_900_000
    return pa.array(np.where(missing, 0, values).astype(np.int32), mask=missing).cast(pa.date32())


def _recent(orders: OrderDays) -> pa.Array:
    """The days of every account's newest orders, oldest first."""
    offsets = np.concatenate([[0], np.cumsum(np.bincount(orders.account, minlength=orders.account_count))])
    days = pa.array(orders.day.astype(np.int32)).cast(pa.date32())
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), days)
