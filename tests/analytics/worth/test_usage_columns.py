from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from openkam.analytics.behaviour.sales_change import sales_change
from openkam.analytics.behaviour.usage_patterns import UsagePattern, UsageShare
from openkam.analytics.terms import Period
from openkam.analytics.worth.usage_columns import LINES_SHOWN, Usage, usage_of

YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))


def shares(count: int) -> tuple[UsageShare, ...]:
    return tuple(UsageShare(f"P{n}", Decimal(100 - n), Decimal(1), Decimal("0.3333"), Decimal(0)) for n in range(count))


def pattern(count: int, season: np.ndarray | None = None) -> UsagePattern:
    flat = np.full(12, 1 / 12) if season is None else season
    one = shares(1)
    return UsagePattern("a", YEAR, YEAR, shares(count), one, one, np.zeros(36), flat, sales_change([]), None, "")


@pytest.mark.parametrize(
    ("count", "shown", "rest"), [(1, 1, 0), (LINES_SHOWN + 1, LINES_SHOWN + 1, 0), (LINES_SHOWN + 3, LINES_SHOWN, 3)]
)
def test_the_largest_lines_stand_and_the_others_are_one(count: int, shown: int, rest: int):
    found = usage_of(pattern(count), {"P0": "Head office"})
    assert found is not None
    assert (len(found.products.lines), found.products.rest_count) == (shown, rest)
    whole = sum((one.amount for one in found.products.lines), Decimal(0))
    whole += found.products.rest.amount if found.products.rest else 0
    assert whole == sum(one.amount for one in shares(count))
    assert found.sites.lines[0].name == "Head office"
    assert Usage.restored(found.kept()) == found


def test_who_bought_nothing_has_no_usage_and_a_short_history_no_season():
    assert usage_of(replace(pattern(1), products=()), {}) is None
    found = usage_of(pattern(1, np.full(12, np.nan)), {})
    assert found is not None
    assert found.season == ()
