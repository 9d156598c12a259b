"""What leaves the site as CSV: no cell becomes a formula, and nothing is lost."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.app.ui.terms import FORMULA_STARTS, csv_lines, spreadsheet_cell


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(start: str):
    assert spreadsheet_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-12, "-12"),
        (Decimal("-12.50"), "-12.50"),
        ("-12.50", "-12.50"),
        ("+49", "+49"),
        ("+49 30 1", "'+49 30 1"),
        ("-2+3", "'-2+3"),
        ("François", "François"),
        (date(2026, 5, 31), "2026-05-31"),
        (datetime(2026, 5, 31, 10, 30, tzinfo=UTC), "2026-05-31T10:30:00+00:00"),
        (True, "True"),
    ],
)
def test_everything_else_stays_as_it_is(value: object, cell: str):
    assert spreadsheet_cell(value) == cell


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=3)))
def test_a_table_reads_back_as_it_was_and_holds_no_formula(rows: list[list[str]]):
    written = "".join(csv_lines(["a"], rows))
    _, *cells = csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert [[cell[1:] if cell.startswith("'") and cell[1:2] in FORMULA_STARTS else cell for cell in row] for row in cells] == rows
    assert all(
        not cell.startswith(FORMULA_STARTS) or cell.lstrip("+-").replace(".", "").isdecimal() for row in cells for cell in row
    )


def test_a_long_table_comes_in_pieces():
    pieces = list(csv_lines(["number"], ([number] for number in range(1200))))
    assert len(pieces) == 3
    assert len(list(csv.reader(io.StringIO("".join(pieces))))) == 1201
