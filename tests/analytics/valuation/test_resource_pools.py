"""Rates and equations with their days of validity."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.terms import OpenKamError, Period
from openkam.analytics.valuation.resource_pools import CostModel, PoolRate, ServiceStep, TimeEquation, calendar_months

JANUARY = date(2024, 1, 1)


def rate(**changes):
    return PoolRate(**{"pool": "desk", "valid_from": JANUARY, "cost": Decimal(560), "practical_minutes": Decimal(700), **changes})


def equation(**changes):
    return TimeEquation(**{"activity": "order", "pool": "desk", "minutes": "8", "valid_from": JANUARY, **changes})


def test_a_minute_costs_capacity_over_practical_minutes():
    assert rate().cost_per_minute == Decimal("0.8")


def test_what_is_supplied_follows_the_calendar_and_the_days_of_validity():
    quarter = rate(per_months=3)
    assert quarter.supplied(Period(JANUARY, date(2024, 3, 31))) == (700, 560)
    assert quarter.supplied(Period(JANUARY, date(2024, 12, 31))) == (2800, 2240)
    half = rate(valid_until=date(2024, 2, 14))
    assert half.supplied(Period(date(2023, 12, 1), date(2024, 6, 30))) == (700 * Fraction(43, 29), 560 * Fraction(43, 29))
    assert rate().supplied(Period(date(2023, 1, 1), date(2023, 12, 31))) == (0, 0)


@given(st.integers(0, 800), st.integers(0, 800), st.integers(0, 800))
def test_periods_side_by_side_supply_what_both_supply_together(first, second, third):
    start, middle, end = (JANUARY + timedelta(days=days) for days in sorted((first, second, third)))
    after = middle + timedelta(days=1)
    assert calendar_months(start, middle) + calendar_months(after, end) == calendar_months(start, end)


def test_the_rate_and_the_equation_of_a_day():
    model = CostModel(
        rates=(rate(valid_until=date(2024, 6, 30)), rate(valid_from=date(2024, 7, 1), cost=Decimal(700)), rate(pool="van")),
        equations=(
            equation(minutes="8 + 3 * lines", valid_until=date(2024, 4, 30)),
            equation(minutes="9", valid_from=date(2024, 6, 1)),
        ),
    )
    assert model.pools == ("desk", "van")
    assert model.drivers == {"lines"}
    assert [model.rate_on("desk", day) for day in (date(2023, 12, 31), date(2024, 6, 30), date(2024, 7, 1))] == [
        None,
        *model.rates[:2],
    ]
    assert [model.equation_on("order", day) for day in (date(2024, 4, 30), date(2024, 5, 1), date(2024, 6, 1))] == [
        model.equations[0],
        None,
        model.equations[1],
    ]
    period = Period(date(2024, 2, 1), date(2024, 7, 1))
    assert model.changes(period) == (date(2024, 5, 1), date(2024, 6, 1), date(2024, 7, 1))
    assert model.supplied("desk", Period(JANUARY, date(2024, 12, 31))) == (8400, 6 * 560 + 6 * 700)
    assert model.step_of("order") is model.step_of("visit") is ServiceStep.SELLING_AND_SERVICE


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: rate(practical_minutes=Decimal(0)), "practical capacity is 0"),
        (lambda: rate(cost=Decimal(-1)), "cost of 0 or more"),
        (lambda: rate(per_months=0), "at least 1 month"),
        (lambda: rate(valid_until=date(2023, 1, 1)), "swap the two days"),
        (lambda: equation(valid_until=date(2023, 1, 1)), "swap the two days"),
        (lambda: equation(minutes="import os"), "Activity order: cannot be read"),
        (lambda: CostModel((), (equation(),)), "which has no rate"),
        (lambda: CostModel((rate(), rate(valid_from=date(2024, 5, 1))), ()), "Pool desk: two entries hold on 2024-05-01"),
        (
            lambda: CostModel((rate(),), (equation(), equation(valid_from=date(2025, 1, 1)))),
            "Activity order: two entries hold on 2025-01-01",
        ),
        (
            lambda: CostModel(
                (rate(),),
                (
                    equation(valid_until=date(2024, 1, 31)),
                    equation(valid_from=date(2024, 2, 1), step=ServiceStep.ORDER_AND_LOGISTICS),
                ),
            ),
            "two steps of the ladder",
        ),
    ],
)
def test_what_cannot_hold_is_refused(make, words):
    with pytest.raises(OpenKamError, match=words):
        make()
