"""Dialects: what parts the cells, and where the names of the columns stand."""

from pathlib import Path

import pytest

from openkam.analytics.ledger import dialect
from openkam.analytics.ledger.dialect import Dialect, detect_dialect
from openkam.analytics.ledger.encoding import TextFile
from openkam.analytics.ledger.input_files import UnreadableFileError
from openkam.analytics.ledger.mapping import Format


def told(text: str, tmp_path: Path, given: Format | None = None) -> Dialect:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return detect_dialect(TextFile("x.csv", path, "UTF-8", True, False), given or Format())


@pytest.mark.parametrize(
    ("text", "delimiter", "columns", "header_row"),
    [
        ("a,b\n1,2\n", ",", ("a", "b"), 1),
        ("a;b\n1,5;2,5\n", ";", ("a", "b"), 1),
        ("a\tb, c\n1\t2\n", "\t", ("a", "b, c"), 1),
        ("a|b\n1|2\n", "|", ("a", "b"), 1),
        ("only\n1\n", ",", ("only",), 1),
        ('"a;x",b\n"1;2;3",2\n', ",", ("a;x", "b"), 1),
        ("sep=;\na;b\n1;2\n", ";", ("a", "b"), 2),
        ("\r\n\r\na,b\r\n", ",", ("a", "b"), 3),
        ("\ufeffa , ,b\n", ",", ("a", "column 2", "b"), 1),
        ("a;b;c\n1,5;2;x\n1,5;2;x, y, z\n", ";", ("a", "b", "c"), 1),
    ],
)
def test_it_tells_the_dialect(text: str, delimiter: str, columns: tuple[str, ...], header_row: int, tmp_path: Path) -> None:
    found = told(text, tmp_path)
    assert (found.delimiter, found.columns, found.header_row) == (delimiter, columns, header_row)


def test_the_user_may_name_it(tmp_path: Path) -> None:
    found = told("Report of May\n\na:b\n1:2\n", tmp_path, Format(delimiter=":", skip_lines=1))
    assert (found.columns, found.header_row) == (("a", "b"), 3)
    found = told("a,'b\n", tmp_path, Format(quote=""))
    assert found.columns == ("a", "'b")
    found = told('"a\\"b",c\n', tmp_path, Format(escape="\\"))
    assert found.columns == ('a"b', "c")


def test_a_name_may_hold_a_line_break(tmp_path: Path) -> None:
    found = told('"a\nb",c\n1,2\n', tmp_path)
    assert (found.header_row, found.header_lines, found.columns) == (1, 2, ("a\nb", "c"))


def test_a_long_file_is_told_from_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "_SAMPLE_CHARACTERS", 10)
    assert told("a;b\n1;2\n3,4,5,6\n", tmp_path).delimiter == ";"


def test_a_file_without_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no line with the names"):
        told("\n \n", tmp_path)
