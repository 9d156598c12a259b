"""The first rows through a mapping: what is read, what is wrong, and where."""

from datetime import date
from pathlib import Path

import pytest
from tests.factories.imports import HEADER, TODAY, Importing, row

from openkam.analytics.ledger.dates import AmbiguousDateError
from openkam.analytics.ledger.mapping import ImportMapping, MappingError
from openkam.analytics.ledger.preview import FilePreview, preview_files

COLUMNS = ("transaction_key", "line_number", "customer_key", "transacted_on", "product_key", "quantity", "net_amount")
MAPPED = 'table = "transactions"\n[columns]\n' + "".join(f'{name} = "{name}"\n' for name in (*COLUMNS, "currency"))


def previewed(path: Path, mapping: str = MAPPED, **options: object) -> FilePreview:
    return preview_files([path], ImportMapping.parse(mapping), latest_day=TODAY, **options)[0]


def test_bad_cells_carry_their_reasons(tmp_path: Path) -> None:
    text = (
        HEADER
        + row("A1")
        + row("A2", net_amount="abc", customer_key="")
        + row("A3", transacted_on="2027-01-01")
        + "only,three,cells\n"
    )
    found = previewed(Importing(tmp_path).file(text))
    assert (found.looked_at, found.held_back, found.is_whole) == (4, 3, True)
    first, second, third, fourth = found.rows
    assert (first.row_number, first.is_held_back, first.reasons) == (2, False, ())
    by_field = dict(zip((f.name for f in found.fields), second.cells, strict=True))
    assert (by_field["net_amount"].written, by_field["net_amount"].reason) == ("abc", "not a number")
    assert by_field["customer_key"].reason == "missing"
    assert dict(zip((f.name for f in found.fields), third.cells, strict=True))["transacted_on"].reason == "in the future"
    assert fourth.reasons == ("wrong number of columns: 3 instead of 8",)
    assert found.reasons["missing", "customer_key"] == 1


def test_computed_fields_show_what_they_come_to(tmp_path: Path) -> None:
    mapping = MAPPED.replace('net_amount = "net_amount"\n', "") + '[expressions]\nnet_amount = "quantity * 3"\n'
    found = previewed(Importing(tmp_path).file(HEADER + row("A1", quantity="2") + row("A2", quantity="x")), mapping)
    place = [f.name for f in found.fields].index("net_amount")
    assert (found.fields[place].column, found.rows[0].cells[place].read) == (None, "6.0000")
    line_type = [f.name for f in found.fields].index("line_type")
    assert found.rows[0].cells[line_type].read == "sale"
    assert found.rows[1].is_held_back


def test_a_reason_in_a_column_that_is_no_field_is_told_beside_the_row(tmp_path: Path) -> None:
    mapping = MAPPED.replace('net_amount = "net_amount"\n', "").replace('quantity = "quantity"\n', "")
    mapping += '[expressions]\nnet_amount = "quantity * 3"\n'
    found = previewed(Importing(tmp_path).file(HEADER + row("A2", quantity="x") + row("A1")), mapping)
    assert any(reason.startswith("quantity: ") for reason in found.rows[0].reasons)


def test_held_back_rows_come_with_their_neighbours(tmp_path: Path) -> None:
    rows = "".join(row(f"A{n}", net_amount="?" if n == 10 else "1") for n in range(30))
    path = Importing(tmp_path).file(HEADER + rows)
    assert [r.row_number for r in previewed(path, only_held_back=True).rows] == [11, 12, 13]
    assert len(previewed(path, most_shown=5).rows) == 5
    assert previewed(Importing(tmp_path).file(HEADER + row("A1"), "sound.csv"), only_held_back=True).rows == ()


def test_an_open_question_is_raised_as_the_import_would(tmp_path: Path) -> None:
    path = Importing(tmp_path).file(HEADER + row("A1", transacted_on="03/04/2025"))
    with pytest.raises(AmbiguousDateError):
        previewed(path)
    found = previewed(path, MAPPED + '[dates]\ntransacted_on = "%d/%m/%Y"\n')
    assert found.rows[0].cells[3].read == str(date(2025, 4, 3))


def test_a_constant_that_its_field_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="not a currency"):
        previewed(
            Importing(tmp_path).file(HEADER + row()),
            MAPPED.replace('currency = "currency"\n', "") + '[constants]\ncurrency = "EURO"\n',
        )
