"""An account's orders on a line, with the window in which the next is expected and the day from which it is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.models import AccountWorth

WIDTH, MARGIN = 320, 8
DAYS_AROUND = 3


@dataclass(frozen=True, slots=True)
class RhythmStrip:
    """Places on a line of `WIDTH`: `orders`, the window from `window_from` over `window_width`, `expected`, `overdue`, `today`.

    None where there is no such day. `text` says the same in words.
    """

    orders: tuple[str, ...]
    window_from: str | None
    window_width: str
    expected: str | None
    overdue: str | None
    today: str
    text: str
    first_on: date
    last_on: date


def rhythm_strip(worth: AccountWorth, as_of: date) -> RhythmStrip | None:
    """The strip, or None for an account that never ordered."""
    orders = worth.order_days
    if not orders:
        return None
    known = [day for day in (worth.window_to_on, worth.overdue_on) if day is not None]
    # A rhythm so slow that it runs far beyond the orders would press them together.
    reach = as_of + max(as_of - orders[0], timedelta(days=30))
    last = min(max([as_of, *known]), reach) + timedelta(days=DAYS_AROUND)
    first = orders[0] - timedelta(days=DAYS_AROUND)

    def place(day: date | None) -> float | None:
        if day is None or day > last:
            return None
        return MARGIN + (WIDTH - 2 * MARGIN) * (day - first).days / (last - first).days

    start, end = place(worth.window_from_on), place(worth.window_to_on)
    return RhythmStrip(
        orders=tuple(text for day in orders if (text := _text(place(day)))),
        window_from=_text(start),
        window_width=f"{max((end or WIDTH - MARGIN) - start, 1):.1f}" if start is not None else "0",
        expected=_text(place(worth.expected_on)),
        overdue=_text(place(worth.overdue_on)),
        today=_text(place(as_of)) or "0",
        text=_words(worth, orders, as_of),
        first_on=orders[0],
        last_on=last - timedelta(days=DAYS_AROUND),
    )


def _text(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f}"


def _words(worth: AccountWorth, orders: Sequence[date], as_of: date) -> str:
    words = [f"{len(orders)} orders, the last on {day_text(orders[-1])}"]
    if worth.window_from_on and worth.window_to_on:
        words.append(f"the next expected between {day_text(worth.window_from_on)} and {day_text(worth.window_to_on)}")
    if worth.overdue_on:
        words.append(f"{'overdue since' if worth.is_overdue else 'overdue from'} {day_text(worth.overdue_on)}")
    return ", ".join(words) + f"; as of {day_text(as_of)}."
