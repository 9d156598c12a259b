"""The reject file: nothing a spreadsheet would compute, and every cell as it was once taken back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.ledger.reject_file import safe_cell


def taken_back(cell: str) -> str:
    """What reading a reject file does (see `read._mended`)."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30 123", "+49 30 123"),
        ("+cmd|x", "'+cmd|x"),
        ("-5", "-5"),
        ("-1.234,56", "-1.234,56"),
        ("-5x", "'-5x"),
        ("\tx", "'\tx"),
        ("'=x", "''=x"),
        ("'x", "'x"),
        (None, ""),
    ],
)
def test_cells_cannot_be_computed(cell: str | None, safe: str) -> None:
    assert safe_cell(cell) == safe


@settings(deadline=None)
@given(st.text(st.sampled_from("'=+-@\t\rab1,. "), max_size=6))
def test_taking_the_quote_away_gives_the_cell_back(cell: str) -> None:
    safe = safe_cell(cell)
    assert taken_back(safe) == cell
    assert not re.match(r"[=@\t\r]", safe)
