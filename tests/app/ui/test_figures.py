"""Figures as people read them: unit behind, true minus, thousands in threes, and an em dash where nothing is known."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from openkam.app.ui.templatetags.figures import MISSING, as_decimal, short_text
from openkam.app.ui.templatetags.ui import amount, day, fixed, known, moment, share, short, signed, signed_share, unit

NOTHING = (None, "", float("nan"), float("inf"), "many", True)


def words(html: object) -> str:
    """What is read, with plain spaces."""
    return strip_tags(str(html)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2328611, "2,328,611"),
        (Decimal("2328611.40"), "2,328,611"),
        (12.5, "12.50"),
        (-1178, "−1,178"),
        (0, "0"),
        (-0.001, "0.00"),
        ("17", "17"),
    ],
)
def test_an_amount(value: object, expected: str) -> None:
    assert words(amount(value)) == expected
    assert words(amount(value, "USD")) == f"{expected} USD"


@pytest.mark.parametrize("value", NOTHING)
@pytest.mark.parametrize("show", [amount, short, signed, share, signed_share, fixed])
def test_nothing_is_never_zero(value: object, show) -> None:
    assert show(value) == MISSING
    assert "0" not in words(MISSING)
    assert 'title="not known"' in MISSING


@pytest.mark.parametrize("value", [None, "2016-05-31", 5])
def test_no_day_is_an_em_dash(value: object) -> None:
    assert day(value) == MISSING
    assert moment(value) == MISSING


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (55_795_000, "55.8 M"),
        (-1_249_000, "−1.25 M"),
        (999_949, "1.00 M"),
        (999_400, "999 k"),
        (753_000, "753 k"),
        (9_996, "10.0 k"),
        (1_178, "1.18 k"),
        (2_500_000_000, "2.50 bn"),
        (12, "12"),
        (12.5, "12.50"),
        (0, "0"),
    ],
)
def test_a_short_figure_has_three_digits(value: float, expected: str) -> None:
    assert words(short(value)) == expected


@given(st.integers(min_value=1000, max_value=10**12 - 1))
def test_a_short_figure_is_never_further_off_than_half_a_percent(value: int) -> None:
    text = short_text(Decimal(value)).replace("\N{NO-BREAK SPACE}", "")
    factor = {"k": 10**3, "M": 10**6, "bn": 10**9}
    letter = text.lstrip("0123456789.,")
    shown = float(text.removesuffix(letter).replace(",", "")) * factor[letter]
    assert abs(shown - value) <= 0.0051 * value


def test_changes_and_shares() -> None:
    assert words(signed(1178)) == "+1,178"
    assert words(signed(0)) == "0"
    assert words(share(0.2402)) == "24.0 %"
    assert words(share(0.0012, 2)) == "0.12 %"
    assert words(signed_share(-0.126)) == "−12.6 %"
    assert words(signed_share(0.126)) == "+12.6 %"
    assert words(fixed(3.14159, 3)) == "3.142"
    assert words(unit("h a year")) == " h a year"


def test_a_day_has_no_order_to_guess_and_an_instant_is_the_readers() -> None:
    instant = datetime(2016, 5, 31, 23, 30, tzinfo=UTC)
    assert words(day(date(2016, 5, 31))) == "31 May 2016"
    with timezone.override("Asia/Tokyo"):
        assert words(day(instant)) == "1 Jun 2016"
        assert words(moment(instant)) == "1 Jun 2016, 08:30"
    assert 'datetime="2016-05-31"' in day(date(2016, 5, 31))
    assert words(moment(datetime(2016, 5, 31, 9, 5))) == "31 May 2016, 09:05"  # noqa: DTZ001 - a naive one stays as it is


@given(st.text(max_size=20))
def test_a_unit_is_escaped(text: str) -> None:
    shown = amount(1, text)
    assert "<script" not in shown
    assert shown.count("<") == shown.count("</") * 2


def test_known_keeps_what_there_is() -> None:
    assert known("") == known(None) == MISSING
    assert known(0) == 0
    assert known("x") == "x"


@given(st.one_of(st.decimals(), st.floats(), st.text(), st.none(), st.booleans(), st.binary()))
def test_anything_is_a_finite_number_or_nothing(value: object) -> None:
    number = as_decimal(value)
    assert number is None or number.is_finite()
