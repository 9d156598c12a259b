from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.factories.facts import facts_table
from tests.factories.measuring import measure_rows

from openkam.analytics.behaviour.exchange_rates import MissingRateError, daily_rates

D = date


def quotes(*rows: tuple[date, str, str, str], **more: str):
    return facts_table(
        "exchange_rates",
        *({"rated_on": day, "from_currency": a, "to_currency": b, "rate": Decimal(rate), **more} for day, a, b, rate in rows),
    )


def rates(table, first_days: dict[str, date], reporting: str = "EUR") -> list[tuple[str, date, float]]:
    found = daily_rates(table, first_days, reporting, D(2024, 1, 3)).to_pylist()
    return [(row["currency"], row["rated_day"], pytest.approx(float(row["rate"]), rel=1e-12)) for row in found]


def test_the_last_rate_on_or_before_a_day_applies():
    table = quotes((D(2023, 12, 20), "USD", "EUR", "0.9"), (D(2024, 1, 2), "USD", "EUR", "0.91"))
    assert rates(table, {"USD": D(2024, 1, 1)}) == [
        ("USD", D(2024, 1, 1), 0.9),
        ("USD", D(2024, 1, 2), 0.91),
        ("USD", D(2024, 1, 3), 0.91),
    ]


def test_a_direct_rate_wins_over_the_inverse_and_that_over_a_cross_currency():
    day = D(2024, 1, 3)
    direct, inverse = (day, "USD", "EUR", "0.9"), (day, "EUR", "USD", "2")
    crossed = ((day, "USD", "GBP", "0.5"), (day, "EUR", "GBP", "0.8"), (day, "USD", "AUD", "2"), (day, "AUD", "EUR", "0.4"))
    assert rates(quotes(direct, inverse, *crossed), {"USD": day}) == [("USD", day, 0.9)]
    assert rates(quotes(inverse, *crossed), {"USD": day}) == [("USD", day, 0.5)]
    assert rates(quotes(*crossed), {"USD": day}) == [("USD", day, 0.8)]
    assert rates(quotes(*crossed[:2]), {"USD": day}) == [("USD", day, 0.625)]


def test_the_later_import_of_a_rate_counts():
    first, second = (
        quotes((D(2024, 1, 1), "USD", "EUR", "0.9")),
        quotes((D(2024, 1, 1), "USD", "EUR", "0.8"), batch_id="20240102"),
    )
    assert rates(pa.concat_tables([second, first]), {"USD": D(2024, 1, 3)}) == [("USD", D(2024, 1, 3), 0.8)]


def test_small_and_large_rates_keep_their_digits():
    day = D(2024, 1, 3)
    dong = quotes((day, "EUR", "VND", "26543.21"))
    assert rates(dong, {"VND": day}) == [("VND", day, 1 / 26543.21)]
    assert rates(dong, {"EUR": day}, reporting="VND") == [("EUR", day, 26543.21)]


def test_a_missing_rate_names_currency_and_first_day():
    table = quotes((D(2024, 1, 2), "USD", "EUR", "0.9"))
    with pytest.raises(MissingRateError, match=r"USD cannot be converted to EUR.*2024-01-01"):
        daily_rates(table, {"USD": D(2024, 1, 1)}, "EUR", D(2024, 1, 3))
    with pytest.raises(MissingRateError, match="CHF"):
        daily_rates(table, {"CHF": D(2024, 1, 3)}, "EUR", D(2024, 1, 3))


def test_nothing_to_convert_needs_no_rates():
    assert daily_rates(quotes(), {}, "EUR", D(2024, 1, 3)).num_rows == 0


def test_amounts_are_converted_at_the_rate_of_their_day(engine):
    found = measure_rows(
        engine,
        transactions=[
            {"customer_key": "a", "net_amount": 100, "currency": "USD", "transacted_on": D(2024, 3, 1)},
            {"customer_key": "a", "net_amount": 100, "currency": "USD", "transacted_on": D(2024, 5, 1)},
            {"customer_key": "a", "net_amount": 7, "currency": "EUR", "transacted_on": D(2024, 5, 1)},
        ],
        exchange_rates=[
            {"rated_on": D(2024, 1, 1), "from_currency": "USD", "to_currency": "EUR", "rate": Decimal("0.9")},
            {"rated_on": D(2024, 4, 1), "from_currency": "USD", "to_currency": "EUR", "rate": Decimal("0.8")},
        ],
    )
    assert found["a"]["net_sales"] == pytest.approx(177, rel=1e-12)


def test_an_amount_after_the_as_of_day_needs_no_rate(engine):
    found = measure_rows(
        engine,
        transactions=[
            {"customer_key": "a", "net_amount": 5},
            {"customer_key": "a", "net_amount": 5, "currency": "CHF", "transacted_on": D(2024, 7, 1)},
        ],
    )
    assert found["a"]["net_sales_history"] == 5
