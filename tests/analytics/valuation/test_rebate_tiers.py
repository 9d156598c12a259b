"""Rebate tiers: where an account stands, what the next one takes and costs."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.rebate_tiers import RebateTier, rebate_on, tier_standing

TIERS = [RebateTier(Decimal(amount), Decimal(rate)) for amount, rate in ((1000, "0.02"), (5000, "0.03"), (10_000, "0.05"))]
START, END = date(2024, 1, 1), date(2024, 12, 31)


def standing(sold, as_of=date(2024, 6, 30), *, retroactive=True):
    return tier_standing(TIERS, Decimal(sold), is_retroactive=retroactive, start_on=START, end_on=END, as_of=as_of)


def test_a_worked_standing_in_the_middle_of_the_year():
    found = standing(4550)
    assert (found.reached, found.earned) == (TIERS[0], 91)
    assert (found.next_from, found.next_rate, found.missing) == (5000, Decimal("0.03"), 450)
    # 3 % of 5,000 in place of the 91 now.
    assert found.next_cost == 59
    # 182 days at 25 a day: 18 more for 450, and 184 left.
    assert (found.days_left, found.expected, found.reached_on) == (184, 9150, date(2024, 7, 18))
    assert found.needed_per_day == Decimal("2.45")


def test_a_part_of_a_day_more_takes_the_whole_day():
    # 182 days at 25 a day: 440 more take 17.6 of them.
    tiers = [RebateTier(Decimal(4990), Decimal("0.03"))]
    found = tier_standing(tiers, Decimal(4550), is_retroactive=True, start_on=START, end_on=END, as_of=date(2024, 6, 30))
    assert found.reached_on == date(2024, 7, 18)


def test_a_progressive_schedule_pays_each_rate_on_its_own_part():
    assert rebate_on(TIERS, Decimal(6000), is_retroactive=False) == Decimal(4000) * Decimal("0.02") + Decimal(1000) * Decimal(
        "0.03"
    )
    assert standing(4550, retroactive=False).next_cost == 9


def test_below_the_first_above_the_last_and_out_of_time():
    low, high, late = standing(10), standing(20_000), standing(4000, date(2025, 2, 1))
    assert (low.reached, low.earned, low.reached_on) == (None, 0, None)
    assert (high.next_from, high.missing, high.next_cost, high.needed_per_day, high.earned) == (None, None, None, None, 1000)
    assert (late.days_left, late.needed_per_day, late.reached_on, late.expected) == (0, None, None, 4000)
    early = standing(0, date(2023, 12, 1))
    assert (early.expected, early.reached_on, early.days_left) == (None, None, 365)


@given(st.decimals(0, 50_000, places=2), st.decimals(0, 50_000, places=2), st.booleans())
def test_more_turnover_is_never_less_rebate(one, other, retroactive):
    low, high = sorted((one, other))
    assert rebate_on(TIERS, low, is_retroactive=retroactive) <= rebate_on(TIERS, high, is_retroactive=retroactive)


@pytest.mark.parametrize(
    ("tiers", "words"),
    [([], "at least one"), (TIERS[::-1], "does not lie above"), ([RebateTier(Decimal(0), Decimal(2))], "up to 100 %")],
)
def test_tiers_that_make_no_sense_are_refused(tiers, words):
    with pytest.raises(OpenKamError, match=words):
        tier_standing(tiers, Decimal(1), is_retroactive=True, start_on=START, end_on=END, as_of=START)
