"""Numbers, shares and days as text: thousands in threes, a true minus, the unit behind, and nothing invented for what is missing."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Number = int | float | Decimal
MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"
MISSING = mark_safe('<span class="missing" title="not known">—<span class="sr">not known</span></span>')
ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
SHORT_STEPS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))


def as_decimal(value: object) -> Decimal | None:
    """The number that a value holds; None for what is missing, not finite or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    if isinstance(value, str) and value[:1].isalpha():  # a name: no number begins with a letter, and to be refused takes long
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def number_text(number: Decimal, decimals: int, *, signed: bool = False) -> str:
    """`−1,178.00`; a number that rounds to zero carries no sign."""
    text = f"{abs(number):,.{decimals}f}"
    if not any(digit in "123456789" for digit in text):
        return text
    return (MINUS if number < 0 else "+" if signed else "") + text


def fitting_decimals(number: Decimal) -> int:
    """None for whole numbers and from a hundred up, else two: cents of a million say nothing."""
    return 0 if number == number.to_integral_value() or abs(number) >= 100 else 2


@lru_cache(maxsize=8192)
def with_unit(text: str, unit: str) -> SafeString:
    """A figure and its unit, smaller and quieter behind it, never parted by a line break."""
    if not unit:
        return format_html('<span class="val">{}</span>', text)
    return format_html('<span class="val">{}<span class="unit">{}{}</span></span>', text, NO_BREAK, unit)


def short_text(number: Decimal) -> str:
    """Three figures and `k`, `M` or `bn`, for heads and charts: 55,795,000 is `55.8 M`."""
    for size, letter in SHORT_STEPS:
        # What would round up to the next step belongs to it: 999,950 is 1.00 M.
        if abs(number) >= size - size / 2000:
            shown = number / size
            decimals = 2 if abs(shown) < Decimal("9.995") else 1 if abs(shown) < Decimal("99.95") else 0
            return f"{number_text(shown, decimals)}{NO_BREAK}{letter}"
    return number_text(number, fitting_decimals(number))


def as_day(value: object) -> date | None:
    """The day of a date, or of an instant in the reader's time zone."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value if isinstance(value, date) else None


def day_text(day: date) -> str:
    """`31 May 2016`: no order of day and month to guess."""
    return f"{day.day}{NO_BREAK}{day:%b}{NO_BREAK}{day.year}"


def with_days(text: str) -> str:
    """A sentence of the engine, which writes days as `2016-05-31`, with its days as pages write them."""
    return ISO_DAY.sub(_written_day, text)


def _written_day(found: re.Match[str]) -> str:
    try:
        return day_text(date.fromisoformat(found[0]))
    except ValueError:  # figures that somebody wrote, and no day
        return found[0]
