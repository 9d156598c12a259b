"""Net sales of each account and category by month, and what kind of demand each series is."""

from dataclasses import dataclass

import ibis
import numpy as np

from openkam.analytics.behaviour.account_columns import Vector, as_indices, as_vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.behaviour.sales import NET_TYPES
from openkam.analytics.engine import Rows
from openkam.analytics.terms import OpenKamError

HISTORY_MONTHS = 48
WITHOUT_CATEGORY = "not recorded"

INTERVAL_BOUND = 1.32
"""Months between demands from which a series is intermittent (Syntetos, Boylan and Croston 2005, J. Oper. Res. Soc. 56, 495-503)."""

SIZE_BOUND = 0.49
"""Squared coefficient of variation of the sizes from which they are uneven (same source)."""

DEMAND_CLASSES = ("smooth", "erratic", "intermittent", "lumpy")


@dataclass(frozen=True, slots=True)
class DemandSeries:
    """One series for each account and category: `months` is series × months (currency), oldest first, counted back from the
    as-of day, NaN before the month of its first sale."""

    account: Indices
    category: tuple[str, ...]
    months: Vector


def read_demand_series(facts: Facts, history_months: int = HISTORY_MONTHS) -> DemandSeries:
    """The series of the last `history_months` months, sorted by account and category. Raises `OpenKamError` below 1 month."""
    if history_months < 1:
        raise OpenKamError(f"history_months is {history_months}: give at least 1 month.")
    rows = facts.engine.to_arrow(_sums(facts))
    account, back = as_indices(rows["account_id"]), as_indices(rows["month_back"])
    category = rows["category"].to_pylist()
    net = np.nan_to_num(as_vector(rows["net"]))
    keys = sorted(set(zip(account.tolist(), category, strict=True)))
    place = {key: row for row, key in enumerate(keys)}
    row = np.array([place[key] for key in zip(account.tolist(), category, strict=True)], dtype=np.int64)
    months = np.zeros((len(keys), history_months))
    is_recent = back < history_months
    np.add.at(months, (row[is_recent], history_months - 1 - back[is_recent]), net[is_recent])
    oldest = np.zeros(len(keys), dtype=np.int64)
    np.maximum.at(oldest, row, back)
    months[np.arange(history_months) < (history_months - 1 - oldest)[:, None]] = np.nan
    return DemandSeries(np.array([key[0] for key in keys], dtype=np.int64), tuple(key[1] for key in keys), months)


def _sums(facts: Facts) -> Rows:
    as_of = facts.parameters.as_of
    lines = facts.by_account(facts.transactions)
    named = facts.products.group_by("source", "product_key").agg(category=facts.products.category.max())
    sold = lines.filter(lines.line_type.isin(NET_TYPES)).left_join(named, ["source", "product_key"])
    day = sold.transacted_on
    back = (as_of.year - day.year()) * 12 + (as_of.month - day.month()) - ibis.ifelse(day.day() > as_of.day, 1, 0)
    dated = sold.mutate(month_back=back.cast("int64"), category=ibis.coalesce(sold.category, WITHOUT_CATEGORY))
    keys = ("account_id", "category", "month_back")
    return dated.group_by(*keys).agg(net=dated.net_amount.sum()).order_by(*keys)


def demand_class(months: Vector) -> Indices:
    """Position in `DEMAND_CLASSES` of every series, by the months between its demands and the evenness of their sizes.

    A series without any demand is lumpy.
    """
    known, has_demand = ~np.isnan(months), np.nan_to_num(months) != 0
    count = has_demand.sum(axis=1)
    interval = known.sum(axis=1) / np.maximum(count, 1)
    size = np.where(has_demand, np.nan_to_num(months), 0.0)
    mean = size.sum(axis=1) / np.maximum(count, 1)
    variance = (np.where(has_demand, size - mean[:, None], 0.0) ** 2).sum(axis=1) / np.maximum(count, 1)
    unevenness = np.divide(variance, mean**2, out=np.full(len(months), np.inf), where=mean != 0)
    return 2 * (interval >= INTERVAL_BOUND).astype(np.int64) + (unevenness >= SIZE_BOUND).astype(np.int64)
