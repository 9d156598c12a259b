"""Working hours between two instants, where the person who is waited for lives and works."""

from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import numpy as np
import polars as pl
from polars.exceptions import ComputeError

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.terms import OpenKamError

_DAY = 86_400
_THURSDAY = 3
"""1970-01-01 was one, counted from Monday = 0."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When people of a place work: `zone` (IANA name), hours of the day by its own clock, days of the week (1 = Monday … 7 = Sunday).

    On `holidays` nobody works. Raises `OpenKamError` for hours outside a day or a week without a working day.
    """

    zone: str
    start_hour: float = 9.0
    end_hour: float = 17.0
    working_days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start_hour < self.end_hour <= 24:
            raise OpenKamError(
                f"Work lasts from {self.start_hour:g} to {self.end_hour:g}: give hours of one day, the earlier first."
            )
        if not self.working_days or not self.working_days <= set(range(1, 8)):
            raise OpenKamError(f"The working days are {sorted(self.working_days)}: give some of 1 (Monday) to 7 (Sunday).")


def working_hours(from_at: Indices, to_at: Indices, calendar: WorkCalendar) -> Vector:
    """Working hours from one instant (seconds since 1970-01-01 UTC) to the other; 0 between two evenings of one weekend."""
    return (_worked_seconds(to_at, calendar) - _worked_seconds(from_at, calendar)) / 3600.0


def local_seconds(at: Indices, zone: str) -> Indices:
    """What the clock of the zone shows at those instants, as if it were seconds since 1970-01-01; summer time included."""
    utc = pl.Series("at", at).cast(pl.Int64) * 1_000_000
    try:
        shown = utc.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone).dt.replace_time_zone(None)
    except ComputeError as error:
        raise OpenKamError(f"There is no time zone {zone}: give its IANA name, for instance Europe/Berlin.") from error
    return shown.dt.epoch("s").to_numpy()


def _worked_seconds(at: Indices, calendar: WorkCalendar) -> Vector:
    """Seconds of work from the Monday before 1970 to the instants: their differences are what counts."""
    local = local_seconds(at, calendar.zone)
    day, second = local // _DAY, local % _DAY
    weekday, week = (day + _THURSDAY) % 7, (day + _THURSDAY) // 7
    is_working = np.array([number in calendar.working_days for number in range(1, 8)])
    before_in_week = np.array([0, *accumulate(is_working.tolist())])[:7]
    off = np.array(sorted({_day_number(holiday) for holiday in calendar.holidays}), dtype=np.int64)
    off = off[is_working[(off + _THURSDAY) % 7]]
    whole_days = week * int(is_working.sum()) + before_in_week[weekday] - np.searchsorted(off, day)
    today = is_working[weekday] & ~np.isin(day, off)
    start, end = calendar.start_hour * 3600, calendar.end_hour * 3600
    return whole_days * (end - start) + today * np.clip(second - start, 0.0, end - start)


def _day_number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
