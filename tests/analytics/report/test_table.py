"""Cells and heads of a table."""

from datetime import date

import pytest

from openkam.analytics.report.table import Cell, Column, Kind, measure_column
from openkam.analytics.terms import Unit


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        (Column("a"), None, "–"),
        (Column("a", Kind.NUMBER), float("nan"), "–"),
        (Column("a", Kind.SHARE, digits=1), 0.5, "50.0\u00a0%"),
        (Column("a", Kind.NUMBER, digits=2), 1234.5, "1,234.50"),
        (Column("a", Kind.FLAG), True, "yes"),
        (Column("a", Kind.FLAG), False, "no"),
        (Column("a", Kind.DAY), date(2016, 2, 29), "29 February 2016"),
        (Column("a"), "=1+1", "=1+1"),
    ],
)
def test_text_of_a_cell(column: Column, cell: Cell, text: str) -> None:
    assert column.text(cell) == text


def test_heading_carries_unit_and_label() -> None:
    assert Column("Net sales", Kind.NUMBER, "USD").heading == "Net sales, USD"
    assert Column("Cost to serve", is_illustrative=True).heading == "Cost to serve (illustrative)"


@pytest.mark.parametrize(
    ("unit", "kind", "is_numeric"),
    [
        (Unit.SHARE, Kind.SHARE, True),
        (Unit.DAY, Kind.DAY, False),
        (Unit.FLAG, Kind.FLAG, False),
        (Unit.TEXT, Kind.TEXT, False),
        (Unit.HOURS, Kind.NUMBER, True),
    ],
)
def test_measure_column_follows_the_unit(unit: Unit, kind: Kind, is_numeric: bool) -> None:
    column = measure_column("A", unit, "USD")
    assert column.kind is kind
    assert column.is_numeric is is_numeric
