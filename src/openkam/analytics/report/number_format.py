"""Numbers, days and counts as a reader meets them: thousands by comma, true minus, a space before the per cent sign.

Missing (None or NaN) is an en dash everywhere; it is never zero.
"""

import math
from datetime import date

from openkam.analytics.terms import Unit

MISSING = "–"
MINUS = "−"
NO_BREAK = "\u00a0"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHOWN_IN_PERCENT = (Unit.SHARE, Unit.PER_YEAR)
_DIGITS = {
    Unit.CURRENCY: 0,
    Unit.CURRENCY_PER_YEAR: 0,
    Unit.COUNT: 0,
    Unit.MINUTES: 0,
    Unit.HOURS: 0,
    Unit.DAYS: 1,
    Unit.MONTHS: 1,
}


def is_missing(value: float | None) -> bool:
    """True for None and for a number that is not finite."""
    return value is None or not math.isfinite(value)


def decimal(value: float | None, digits: int = 0, *, is_signed: bool = False) -> str:
    """`1,234.5` with `digits` places; `is_signed` writes a plus before what is above zero."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{abs(value):,.{digits}f}"
    is_zero = not text.strip("0.,")
    sign = "" if is_zero else MINUS if value < 0 else "+" if is_signed else ""
    return sign + text


def compact(value: float | None) -> str:
    """An amount for a headline: three significant places with k, M or bn behind (`55.8 M`)."""
    if value is None or not math.isfinite(value):
        return MISSING
    for limit, divisor, suffix in ((999.5e6, 1e9, "bn"), (999.5e3, 1e6, "M"), (9_999.5, 1e3, "k")):
        if abs(value) >= limit:
            scaled = abs(value) / divisor
            digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
            return f"{decimal(math.copysign(scaled, value), digits)}{NO_BREAK}{suffix}"
    return decimal(value)


def percent(share: float | None, digits: int = 1, *, is_signed: bool = False) -> str:
    """A share of one as per cent: 0.123 is `12.3 %`."""
    if share is None or not math.isfinite(share):
        return MISSING
    return f"{decimal(100.0 * share, digits, is_signed=is_signed)}{NO_BREAK}%"


def day(value: date | None) -> str:
    """`31 May 2016`."""
    return MISSING if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 account`, `2,300 accounts`; the plural is the noun with an s unless given."""
    return f"{decimal(number)} {noun if number == 1 else plural or noun + 's'}"


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def shortened(text: str, length: int) -> str:
    """The text cut to `length` characters with an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def label_of(name: str) -> str:
    """A column's name as words: `days_beyond_terms` is `Days beyond terms`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def is_shown_in_percent(unit: Unit) -> bool:
    """True where a fraction is easier to read as per cent."""
    return unit in _SHOWN_IN_PERCENT


def digits_of(unit: Unit) -> int:
    """Decimal places that a value of this unit is shown with."""
    return _DIGITS.get(unit, 2)


def unit_words(unit: Unit, currency: str) -> str:
    """The unit as it stands behind a figure or in a head; empty for text, days of the calendar and flags."""
    words = {
        Unit.CURRENCY: currency,
        Unit.CURRENCY_PER_YEAR: f"{currency} a year",
        Unit.SHARE: "%",
        Unit.PER_YEAR: "% a year",
        Unit.DAY: "",
        Unit.TEXT: "",
        Unit.FLAG: "",
        Unit.COUNT: "",
    }
    return words.get(unit, str(unit))


def is_percent_unit(unit: str) -> bool:
    """True for a unit, as the selection writes it, whose values are fractions: a share of anything, or a rate per year."""
    return unit.startswith("share") or unit == Unit.PER_YEAR


def words_behind(unit: str, currency: str) -> str:
    """The selection's unit behind a value; the per cent sign of a fraction stands with the value itself.

    `hours/year` is "h a year", `share of sales` "of sales", `currency` the currency's code.
    """
    fixed = {
        str(Unit.PER_YEAR): "a year",
        str(Unit.SHAPE): "shape k",
        str(Unit.COUNT): "",
        str(Unit.RATIO): "",
        str(Unit.RATING): "of 4",
    }
    if unit in fixed:
        return fixed[unit]
    return unit.removeprefix("share").strip().replace("currency", currency).replace("hours", "h").replace("/", " a ")


def measured(value: object, unit: Unit) -> str:
    """A measure's value as text without its unit words (shares carry their per cent sign)."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, (int, float)):
        return percent(value) if is_shown_in_percent(unit) else decimal(value, digits_of(unit))
    return str(value)
