"""A lifetime value on a line with its interval and with zero."""

from dataclasses import dataclass
from decimal import Decimal

WIDTH, MARGIN = 320, 8


@dataclass(frozen=True, slots=True)
class IntervalStrip:
    """Places on a line of `WIDTH`: the interval from `low` over `width`, the `value`, and `zero`."""

    low: str
    width: str
    value: str
    zero: str


def interval_strip(low: Decimal | None, value: Decimal | None, high: Decimal | None) -> IntervalStrip | None:
    """The strip; None without a value or an interval."""
    if low is None or value is None or high is None:
        return None
    start, end = min(low, value, Decimal(0)), max(high, value, Decimal(0))
    span = float(end - start) or 1.0

    def place(amount: Decimal) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * float(amount - start) / span

    return IntervalStrip(
        low=f"{place(low):.1f}",
        width=f"{max(place(high) - place(low), 1.0):.1f}",
        value=f"{place(value):.1f}",
        zero=f"{place(Decimal(0)):.1f}",
    )
