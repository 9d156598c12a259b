"""The workbook, read back with another library."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from tests.factories.review import AS_OF, AWKWARD, make_empty_review, make_review

from openkam.analytics.report.workbook import review_workbook


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(review_workbook(make_review())))


def column(book: openpyxl.Workbook, sheet: str, heading: str) -> list[object]:
    heads = [cell.value for cell in book[sheet][1]]
    return [row[heads.index(heading)] for row in book[sheet].iter_rows(min_row=2, values_only=True)]


def test_no_cell_is_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    names = column(book, "Accounts", "Name")
    assert set(AWKWARD) <= set(names)


def test_cells_are_typed_and_missing_is_empty(book: openpyxl.Workbook) -> None:
    review = make_review()
    assert column(book, "Accounts", "Net sales, USD") == review.accounts["net_sales"].to_pylist()
    days = column(book, "Accounts", "First order on")
    assert any(isinstance(day, datetime) for day in days)
    assert None in days
    assert set(column(book, "Accounts", "Selected")) == {True, False}
    assert book["Accounts"].freeze_panes == "B2"
    assert book["Accounts"].auto_filter.ref


def test_shares_keep_their_value_and_show_percent(book: openpyxl.Workbook) -> None:
    sheet = book["Criteria"]
    assert sheet["B2"].value == 0.34
    assert sheet["B2"].number_format == "0.0%"


def test_equal_reviews_give_equal_bytes_dated_to_the_review(book: openpyxl.Workbook) -> None:
    assert review_workbook(make_review()) == review_workbook(make_review())
    assert book.properties.created == datetime(AS_OF.year, AS_OF.month, AS_OF.day)  # noqa: DTZ001  as the file holds it
    with zipfile.ZipFile(io.BytesIO(review_workbook(make_review()))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_an_empty_review_still_has_every_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(review_workbook(make_empty_review())))
    assert book["Selected"].max_row == 1
    assert book["Accounts"].max_row == 281
