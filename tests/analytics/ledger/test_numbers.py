"""How numbers are written, decided from all rows of a column."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.ledger.numbers import AmbiguousNumberError, NumberFormat, decide_numbers, not_a_number_sql


def decided(*columns: Sequence[str], decimal: str | None = None, thousands: str | None = None) -> Mapping[int, NumberFormat]:
    with duckdb.connect() as connection:
        names = ", ".join(f"t{i} VARCHAR" for i in range(len(columns)))
        connection.execute(f"CREATE TABLE cells ({names})")
        connection.executemany(
            f"INSERT INTO cells VALUES ({', '.join('?' * len(columns))})", [list(r) for r in zip(*columns, strict=True)]
        )
        return decide_numbers(
            connection,
            "cells",
            {i: f"column {i}" for i in range(len(columns))},
            file="f.csv",
            decimal=decimal,
            thousands=thousands,
        )


def read(text: str, format_: NumberFormat, decimals: int = 4) -> Decimal | None:
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {format_.decimal_sql('t', decimals)} FROM (SELECT ? AS t)", [text]).fetchone()
        assert row is not None
        return row[0]


@pytest.mark.parametrize(
    ("cells", "expected", "value"),
    [
        (["1", "22"], ("", "."), "22"),
        (["1.5", "22"], ("", "."), "22"),
        (["1,5", "22"], ("", ","), "22"),
        (["1,234.50", "9"], (",", "."), "9"),
        (["1.234,50", "9"], (".", ","), "9"),
        (["1 234,50", "9"], (" ", ","), "9"),
        (["1\u00a0234,50", "9"], (" ", ","), "9"),
        (["1'234.50", "9"], ("'", "."), "9"),
        (["1,234,567", "9"], (",", "."), "9"),
        (["1.234.567", "9"], (".", ","), "9"),
        (["1.234", "0.125"], ("", "."), "0.125"),
        (["1.234", "1234.125"], ("", "."), "1234.125"),
        (["£1,234.50", "(9.00)"], (",", "."), "-9"),
        (["1.234,50", "9,00-"], (".", ","), "-9"),
        (["1,5", "\u22122"], ("", ","), "-2"),
        (["12.50", "1,5", "3.25", "oops"], ("", "."), None),
        (["1e3", "-4.5"], ("", "."), "-4.5"),
        (["€ 1 234,50", "1 2 3"], (" ", ","), None),
        (["-£5.10", "-£ 7"], ("", "."), "-7"),
    ],
)
def test_it_tells_the_marks(cells: list[str], expected: tuple[str, str], value: str | None) -> None:
    format_ = decided(cells)[0]
    assert (format_.thousands, format_.decimal) == expected
    assert read(cells[-1], format_) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("cells", [["1.234", "5.678"], ["1,234", "12"], ["-1.234"]])
def test_one_mark_before_three_digits_is_asked_for(cells: list[str]) -> None:
    with pytest.raises(AmbiguousNumberError, match=r"f.csv: in the column “column 0” the mark in “-?1[.,]234”.*decimal = "):
        decided(cells)
    assert decided(cells, decimal=".")[0].decimal == "."
    assert decided(cells, decimal=",")[0].decimal == ","


def test_another_column_of_the_file_decides() -> None:
    formats = decided(["1.234", "5.678"], ["1,5", "2,75"])
    assert (formats[0].decimal, formats[0].thousands) == (",", ".")
    formats = decided(["1,234", "5,678"], ["1.5", "2.75"])
    assert (formats[0].decimal, formats[0].thousands) == (".", ",")
    with pytest.raises(AmbiguousNumberError):
        decided(["1.234", "5.678"], ["1", "2"])


def test_what_the_user_fixes_holds() -> None:
    assert decided(["1.5", "2.5"], decimal=",")[0].decimal == ","
    format_ = decided(["1,234", "2"], decimal=".", thousands=",")[0]
    assert read("1,234", format_) == 1234
    assert decided([""], decimal=",")[0].decimal in (".", ",")


def test_a_group_of_two_digits_is_no_thousand() -> None:
    format_ = decided(["1,234.50"] * 9 + ["1,23"])[0]
    assert read("1,23", format_) is None
    assert read("1,234", format_) == 1234
    assert read("1,234,56", format_) is None


@settings(deadline=None, max_examples=40)
@given(
    st.decimals(-(10**13), 10**13, places=4),
    st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("'", "."), ("", ",")]),
)
def test_numbers_survive_being_written(number: Decimal, marks: tuple[str, str]) -> None:
    thousands, decimal = marks
    text = f"{number:,.4f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    assert read(text, NumberFormat(decimal, thousands, most_decimals=4)) == number


@pytest.mark.parametrize(
    ("text", "value"), [("1.00005", "1.0000"), ("1.00015", "1.0002"), ("-1.00005", "-1.0000"), ("0.0000500001", "0.0001")]
)
def test_more_decimals_are_rounded_half_to_even(text: str, value: str) -> None:
    assert read(text, NumberFormat(most_decimals=12)) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NaN", "not a finite number"),
        ("-inf", "not a finite number"),
        ("1e30", "too large a number"),
        ("999999999999999", "too large a number"),
        ("#DIV/0!", "formula error"),
        ("=A1", "formula without a stored value"),
        ("abc", "not a number"),
        ("12.", None),
    ],
)
def test_it_says_why_a_text_is_no_number(text: str, reason: str | None) -> None:
    format_ = NumberFormat()
    assert (read(text, format_) is None) == (reason is not None)
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {not_a_number_sql('t', format_)} FROM (SELECT ? AS t)", [text]).fetchone()
    assert row is not None
    assert reason is None or row[0] == reason


def test_a_format_knows_decimal_comma() -> None:
    assert "decimal comma" in not_a_number_sql("t", NumberFormat(","))


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("12.0", 12), ("-7", -7), ("1.5", None), ("x", None), ("1e15", None)])
def test_whole_numbers_are_whole(text: str, value: int | None) -> None:
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {NumberFormat().whole_sql('t')} FROM (SELECT ? AS t)", [text]).fetchone()
    assert row == (value,)
