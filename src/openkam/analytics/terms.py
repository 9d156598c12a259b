"""The words every part of the engine shares."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OpenKamError(Exception):
    """What a user can put right: the message says what is wrong, where, and what to do, in words that hold wherever it is read.

    `by_command` says how the command line does it, which only the command adds; it prints both without a traceback.
    """

    def __init__(self, message: str = "", *, by_command: str = "") -> None:
        super().__init__(message)
        self.by_command = by_command


class Unit(StrEnum):
    """Units that a measure or a ledger field can carry; `CURRENCY` is the reporting currency in force."""

    CURRENCY = "currency"
    CURRENCY_PER_YEAR = "currency/year"
    SHARE = "share"
    RATIO = "ratio"
    PER_YEAR = "per year"
    DAYS = "days"
    MONTHS = "months"
    MINUTES = "minutes"
    HOURS = "hours"
    COUNT = "count"
    DAY = "day"
    TEXT = "text"
    FLAG = "flag"
    SHAPE = "shape"
    RATING = "0-4"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole days, both ends included."""

    start_on: date
    end_on: date

    def __post_init__(self) -> None:
        if self.start_on > self.end_on:
            raise OpenKamError(f"The period starts on {self.start_on} and ends before that, on {self.end_on}: swap the two days.")

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.end_on - self.start_on).days + 1


@dataclass(frozen=True, slots=True)
class Measure:
    """One named column of the table of measures (one row per account).

    `name` is the column, `unit` what a value counts, `meaning` one sentence a reader can check the value against,
    `family` the file that computes it. A missing value is null in that column, never zero.
    """

    name: str
    unit: Unit
    meaning: str
    family: str
