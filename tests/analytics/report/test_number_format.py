"""Numbers as a reader meets them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.report import number_format as nf
from openkam.analytics.terms import Unit

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (9_999.0, "9,999"),
        (10_000.0, "10.0\u00a0k"),
        (55_812_345.0, "55.8\u00a0M"),
        (999_600.0, "1.00\u00a0M"),
        (-1_250_000.0, "−1.25\u00a0M"),
        (2.5e9, "2.50\u00a0bn"),
        (123_456_789_000.0, "123\u00a0bn"),
        (None, "–"),
    ],
)
def test_compact_keeps_three_places(value: float | None, text: str) -> None:
    assert nf.compact(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(-0.0001, 2, "0.00"), (1234.5, 1, "1,234.5"), (-2.0, 0, "−2"), (float("inf"), 0, "–")]
)
def test_decimal(value: float, digits: int, text: str) -> None:
    assert nf.decimal(value, digits) == text


@given(finite)
def test_decimal_never_uses_a_hyphen_and_reads_back(value: float) -> None:
    text = nf.decimal(value, 3)
    assert "-" not in text
    assert float(text.replace("−", "-").replace(",", "")) == pytest.approx(value, abs=5.1e-4, rel=1e-12)


def test_signs_and_percent() -> None:
    assert nf.decimal(3.0, is_signed=True) == "+3"
    assert nf.percent(0.123) == "12.3\u00a0%"
    assert nf.percent(-0.05, 0, is_signed=True) == "−5\u00a0%"
    assert nf.percent(None) == nf.percent(float("nan")) == "–"


def test_words() -> None:
    assert nf.counted(1, "account") == "1 account"
    assert nf.counted(2_300, "account") == "2,300 accounts"
    assert nf.counted(2, "category", "categories") == "2 categories"
    assert nf.listed([]) == ""
    assert nf.listed(["a"]) == "a"
    assert nf.listed(["a", "b", "c"]) == "a, b and c"
    assert nf.shortened("abcdef", 4) == "abc…"
    assert nf.shortened("abc", 4) == "abc"
    assert nf.label_of("days_beyond_terms") == "Days beyond terms"
    assert nf.day(date(2016, 5, 31)) == "31 May 2016"
    assert nf.day(None) == "–"
    assert nf.is_missing(None)
    assert nf.is_missing(float("nan"))
    assert not nf.is_missing(0.0)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, Unit.CURRENCY, "–"),
        (True, Unit.FLAG, "yes"),
        (False, Unit.FLAG, "no"),
        (date(2020, 1, 2), Unit.DAY, "2 January 2020"),
        (0.25, Unit.SHARE, "25.0\u00a0%"),
        (1234.56, Unit.CURRENCY, "1,235"),
        (3.14159, Unit.SHAPE, "3.14"),
        ("current", Unit.TEXT, "current"),
    ],
)
def test_measured(value: object, unit: Unit, text: str) -> None:
    assert nf.measured(value, unit) == text


def test_every_unit_has_words() -> None:
    words = {unit: nf.unit_words(unit, "EUR") for unit in Unit}
    assert words[Unit.CURRENCY_PER_YEAR] == "EUR a year"
    assert words[Unit.DAYS] == "days"
    assert words[Unit.TEXT] == ""
