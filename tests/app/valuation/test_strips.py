"""Small pictures of one account: orders on a line, a value with its interval."""

from datetime import date, timedelta
from decimal import Decimal

from openkam.app.valuation.models import AccountWorth
from openkam.app.valuation.queries.interval_strip import interval_strip
from openkam.app.valuation.queries.rhythm_strip import MARGIN, WIDTH, rhythm_strip

AS_OF = date(2024, 1, 1)


def buyer(**fields: object) -> AccountWorth:
    days = ["2023-10-01", "2023-11-01", "2023-12-01"]
    return AccountWorth(
        **{"recent_orders": days, "window_from_on": date(2023, 12, 25), "window_to_on": date(2024, 1, 8)} | fields
    )


def test_days_stand_in_their_order_within_the_frame():
    strip = rhythm_strip(buyer(expected_on=date(2024, 1, 1), overdue_on=date(2024, 1, 20), is_overdue=False), AS_OF)
    assert strip is not None
    places = [*map(float, strip.orders), float(strip.window_from or 0), float(strip.expected or 0), float(strip.overdue or 0)]
    assert places == sorted(places)
    assert MARGIN <= places[0] < places[-1] <= WIDTH - MARGIN
    assert strip.expected == strip.today
    assert float(strip.window_from or 0) + float(strip.window_width) < places[-1]
    for words in ("3 orders", "expected between", "overdue from", "as of"):
        assert words in strip.text


def test_a_rhythm_that_runs_far_ahead_does_not_press_the_orders_together():
    strip = rhythm_strip(buyer(overdue_on=AS_OF + timedelta(days=5000), is_overdue=False), AS_OF)
    assert strip is not None
    assert strip.overdue is None
    assert float(strip.orders[-1]) - float(strip.orders[0]) > WIDTH / 5


def test_one_order_without_a_rhythm_is_one_spot():
    strip = rhythm_strip(AccountWorth(recent_orders=["2023-12-01"]), AS_OF)
    assert strip is not None
    assert (len(strip.orders), strip.window_from, strip.expected, strip.overdue) == (1, None, None, None)
    assert rhythm_strip(AccountWorth(), AS_OF) is None


def test_a_value_below_zero_stands_left_of_it():
    strip = interval_strip(Decimal(-30), Decimal(-20), Decimal(-10))
    assert strip is not None
    assert float(strip.low) < float(strip.value) < float(strip.low) + float(strip.width) < float(strip.zero)
    assert interval_strip(None, Decimal(1), Decimal(2)) is None
    assert interval_strip(Decimal(0), Decimal(0), Decimal(0)) is not None
