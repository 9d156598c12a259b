"""Purchase histories as models read them, checked, and grouped to their sufficient statistics.

`frequency` counts repeat orders (orders after the first; those of one day are one), `recency` is the time from the first order
to the last, `age` the time from the first order to the end of observation. All times are in one unit of the caller's choice.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import UnidentifiedModelError

Codes = npt.NDArray[np.int64]

REHEARSAL_CUSTOMERS = 20_000
"""Customers of the even sample that a search is rehearsed on: their optimum lies a few hundredths from that of all."""


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """One history per row: `frequency`, `recency`, `age`, and how many `customers` share it."""

    frequency: Vector
    recency: Vector
    age: Vector
    customers: Vector

    def __len__(self) -> int:
        return len(self.frequency)

    def at(self, chosen: slice | Codes) -> Self:
        """Some of the rows."""
        return type(self)(self.frequency[chosen], self.recency[chosen], self.age[chosen], self.customers[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Equal histories as one row: distinct `frequencies`, `recencies` and `ages`, the place of each row's among them (sorted by
    frequency, recency, age), and the row's `customers`."""

    frequencies: Vector
    recencies: Vector
    ages: Vector
    frequency_at: Codes
    recency_at: Codes
    age_at: Codes
    customers: Vector

    def __len__(self) -> int:
        return len(self.customers)

    @property
    def total(self) -> float:
        """Customers of all rows."""
        return float(self.customers.sum())

    @property
    def mean_age(self) -> float:
        """Mean age of the customers (unit of time), at least a billionth."""
        return max(float(self.ages[self.age_at] @ self.customers) / self.total, 1e-9)

    def histories(self, rows: slice) -> Histories:
        """Some of the rows as histories."""
        x, last, end = self.frequency_at[rows], self.recency_at[rows], self.age_at[rows]
        return Histories(self.frequencies[x], self.recencies[last], self.ages[end], self.customers[rows])

    def sample(self, customers: int) -> Self:
        """An even sample of customers in the order of the rows."""
        ends = np.cumsum(self.customers)
        positions = (np.arange(customers) + 0.5) * (ends[-1] / customers)
        rows, counts = np.unique(np.searchsorted(ends, positions), return_counts=True)
        places = (self.frequency_at[rows], self.recency_at[rows], self.age_at[rows])
        return type(self)(self.frequencies, self.recencies, self.ages, *places, counts.astype(np.float64))

    def rehearsal(self) -> Self | None:
        """A sample for the rehearsal of a search, None where there are too few customers for it to pay."""
        return self.sample(REHEARSAL_CUSTOMERS) if self.total > 4 * REHEARSAL_CUSTOMERS else None


def purchase_histories(
    frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike, customers: npt.ArrayLike | None = None
) -> Histories:
    """Check histories; single numbers stand for all rows. `customers` says how many share each, one unless given.

    Raises `OpenKamError` that names the first row at fault.
    """
    columns = [_numbers(frequency, "frequency"), _numbers(recency, "recency"), _numbers(age, "age")]
    columns.append(np.ones(1) if customers is None else _numbers(customers, "customers"))
    try:
        x, last, end, count = (np.array(column) for column in np.broadcast_arrays(*columns))
    except ValueError:
        lengths = ", ".join(str(len(column)) for column in columns[: 3 if customers is None else 4])
        raise OpenKamError(
            f"Histories of different lengths ({lengths}): give one frequency, recency and age per customer."
        ) from None
    _refuse(x != np.floor(x), x, "a frequency of {} repeat orders: give whole numbers")
    _refuse(last > end * (1 + 1e-12), last, "a last order at {}, after the end of observation: recency may not exceed age")
    _refuse((x == 0) & (last > 0), last, "no repeat order, yet a last order {} after the first: recency must be 0 there")
    _refuse((x > 0) & (last <= 0), x, "{} repeat orders and no time between: orders of one day are one order")
    return Histories(x, np.minimum(last, end), end, count)


def group(histories: Histories) -> Grouped:
    """Equal histories as one row. Raises `OpenKamError` without a customer."""
    kept = histories.customers > 0
    if not kept.any():
        raise OpenKamError("There are no customers: a purchase model needs the history of at least a few dozen.")
    (frequencies, frequency_at), (recencies, recency_at), (ages, age_at) = (
        _distinct(column[kept]) for column in (histories.frequency, histories.recency, histories.age)
    )
    key = (frequency_at * len(recencies) + recency_at) * len(ages) + age_at
    customers = histories.customers[kept]
    if (customers == 1).all():
        key.sort()
        starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        counts = np.diff(np.append(starts, len(key))).astype(np.float64)
    else:
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        counts = np.add.reduceat(customers[order], starts)
    rest, age_at = np.divmod(key[starts], len(ages))
    frequency_at, recency_at = np.divmod(rest, len(recencies))
    return Grouped(frequencies, recencies, ages, frequency_at, recency_at, age_at, counts)


def refuse_single_orders(model: str, grouped: Grouped) -> None:
    """Raise `UnidentifiedModelError` where no customer has a repeat order."""
    if grouped.frequencies[-1] == 0:
        raise UnidentifiedModelError(
            f"No customer has ordered twice, so nothing tells the {model} how often they buy: wait for repeat orders."
        )


def _distinct(column: Vector) -> tuple[Vector, Codes]:
    """Distinct values, sorted, and the place of every value among them. Arrow's hash takes a fifth of the time of a sort."""
    encoded = pa.array(column).dictionary_encode()
    values = np.asarray(encoded.dictionary.to_numpy(zero_copy_only=False))
    order = np.argsort(values)
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    return values[order], rank[encoded.indices.to_numpy(zero_copy_only=False)]


def _numbers(column: Any, name: str) -> Vector:
    try:
        values = np.atleast_1d(np.asarray(column, dtype=np.float64))
    except (TypeError, ValueError):
        raise OpenKamError(f"{name} holds something that is not a number: give one number per customer.") from None
    if values.ndim != 1:
        raise OpenKamError(f"{name} has {values.ndim} dimensions: give one number per customer.")
    _refuse(~(np.isfinite(values) & (values >= 0)), values, f"a {name} of {{}}: give a number of 0 or more")
    return values


def _refuse(at_fault: npt.NDArray[np.bool_], values: Vector, what: str) -> None:
    if at_fault.any():
        row = int(np.argmax(at_fault))
        raise OpenKamError(f"Row {row + 1} has {what.format(format(float(values[row]), 'g'))}.")
