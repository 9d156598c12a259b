"""Dated exchange rates as one table: the rate of every needed currency on every needed day.

The rate of a day is the last one given on or before it. A pair is taken as given; else as the inverse of the opposite pair;
else through one cross currency, the first by name that has both legs on that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from openkam.analytics.terms import OpenKamError

Vector = npt.NDArray[np.float64]
RATE_DIGITS = 19
"""A rate has 19 digits so that its product with an amount of 18 digits fits a decimal of 38 in every engine."""

_EPOCH = date(1970, 1, 1)


class MissingRateError(OpenKamError):
    """An amount cannot be converted because the ledger has no rate for its currency and day."""


@dataclass(frozen=True, slots=True)
class _Quotes:
    """Latest quotes by day of one ordered pair of currencies: `day` ascending (days since 1970-01-01), `rate` to per from."""

    day: npt.NDArray[np.int64]
    rate: Vector

    def on(self, days: npt.NDArray[np.int64]) -> Vector:
        """The rate in force on each day, NaN before the first quote."""
        at = np.searchsorted(self.day, days, side="right") - 1
        return np.where(at >= 0, self.rate[np.maximum(at, 0)], np.nan)


def daily_rates(quotes: pa.Table, first_days: Mapping[str, date], reporting_currency: str, last_day: date) -> pa.Table:
    """Rows `currency, rated_day, rate` for each currency of `first_days` from its first day to `last_day`, both included.

    `quotes` has the columns of the ledger's `exchange_rates`; where a pair and day occur twice, the later import counts. `rate`
    is a decimal in reporting currency per unit of `currency`. Raises `MissingRateError` naming currency and day.
    """
    pairs = _quotes_by_pair(quotes)
    currency: list[str] = []
    day_number: list[npt.NDArray[np.int64]] = []
    rate: list[Vector] = []
    for code, first_day in sorted(first_days.items()):
        days = np.arange((first_day - _EPOCH).days, (last_day - _EPOCH).days + 1, dtype=np.int64)
        values = np.ones(len(days)) if code == reporting_currency else _rates(pairs, code, reporting_currency, days)
        missing = np.flatnonzero(np.isnan(values))
        if len(missing):
            first = _EPOCH + timedelta(days=int(days[missing[0]]))
            raise MissingRateError(
                f"Amounts in {code} cannot be converted to {reporting_currency}: the ledger has no exchange rate for {first}. "
                f"Import exchange_rates from {code} to {reporting_currency} dated {first} or earlier, or choose another currency."
            )
        currency.extend([code] * len(days))
        day_number.append(days)
        rate.append(values)
    rates = np.concatenate(rate) if rate else np.zeros(0)
    whole_digits = len(str(int(rates.max(initial=1.0))))
    scale = max(RATE_DIGITS - 1 - whole_digits, 0)
    return pa.table(
        {
            "currency": pa.array(currency, pa.string()),
            "rated_day": pa.array(np.concatenate(day_number) if day_number else np.zeros(0), pa.int32()).cast(pa.date32()),
            "rate": _decimals(rates, scale),
        }
    )


def _decimals(values: Vector, scale: int) -> pa.Array:
    """Shortest decimal text first: 1.1 stays 1.1 instead of the double's own 1.100000000000000088."""
    texts = [np.format_float_positional(value, precision=scale, trim="0") for value in values]
    return pa.array(texts, pa.string()).cast(pa.decimal128(RATE_DIGITS, scale))


def _quotes_by_pair(quotes: pa.Table) -> dict[tuple[str, str], _Quotes]:
    frame = pl.DataFrame(quotes.select(["rated_on", "from_currency", "to_currency", "rate", "batch_id", "source_row"]))
    latest = (
        frame.sort("batch_id", "source_row")
        .group_by("from_currency", "to_currency", "rated_on", maintain_order=True)
        .last()
        .sort("from_currency", "to_currency", "rated_on")
    )
    found: dict[tuple[str, str], _Quotes] = {}
    for key, rows in latest.group_by("from_currency", "to_currency", maintain_order=True):
        days = rows["rated_on"].cast(pl.Int32).cast(pl.Int64).to_numpy()
        found[str(key[0]), str(key[1])] = _Quotes(days, rows["rate"].cast(pl.Float64).to_numpy())
    return found


def _rates(pairs: Mapping[tuple[str, str], _Quotes], code: str, reporting: str, days: npt.NDArray[np.int64]) -> Vector:
    rate = _leg(pairs, code, reporting, days)
    crosses = sorted({one for pair in pairs for one in pair} - {code, reporting})
    for cross in crosses:
        if not np.isnan(rate).any():
            break
        through = _leg(pairs, code, cross, days) * _leg(pairs, cross, reporting, days)
        rate = np.where(np.isnan(rate), through, rate)
    return rate


def _leg(pairs: Mapping[tuple[str, str], _Quotes], code: str, other: str, days: npt.NDArray[np.int64]) -> Vector:
    nothing = np.full(len(days), np.nan)
    direct = pairs[code, other].on(days) if (code, other) in pairs else nothing
    inverse = 1.0 / pairs[other, code].on(days) if (other, code) in pairs else nothing
    return np.where(np.isnan(direct), inverse, direct)
