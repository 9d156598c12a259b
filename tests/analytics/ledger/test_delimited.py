"""Delimited text to cells: no row lost, whatever the line ends, quotes and widths."""

import csv
import io
import json
import string
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openkam.analytics.ledger import delimited
from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError
from openkam.analytics.ledger.mapping import Format
from openkam.analytics.ledger.read import OpenedText, open_file


def cells(
    content: str | bytes, folder: Path, given: Format | None = None
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows (number, cells) and malformed records (number, reason, cells)."""
    path = folder / "x.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with duckdb.connect() as connection:
        opened = open_file(connection, PlainFile("x.csv", path), folder, given or Format())
        assert isinstance(opened, OpenedText)
        read = opened.read(connection, folder, "cells")
        rows = connection.execute(f"SELECT * FROM {read.relation} ORDER BY n").fetchall()
        bad: list[tuple[object, ...]] = []
        if read.malformed:
            bad = [(n, r, json.loads(j)) for n, r, j in connection.execute(f"FROM read_parquet('{read.malformed}')").fetchall()]
    assert (read.rows, read.malformed_rows) == (len(rows), len(bad))
    return rows, bad


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end: str, tmp_path: Path) -> None:
    assert cells(end.join(["a,b", "1,2", '3,"x', 'y"']), tmp_path)[0] == [(2, "1", "2"), (3, "3", f"x{end}y")]


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    assert cells("a,b\n1,2\r\n3,4\n5,6\r\n", tmp_path) == ([(2, "1", "2"), (3, "3", "4"), (4, "5", "6")], [])


def test_blank_lines_are_no_rows_but_counted(tmp_path: Path) -> None:
    assert cells("a,b\n1,2\n\n3,4\n  \n5,6", tmp_path)[0] == [(2, "1", "2"), (4, "3", "4"), (6, "5", "6")]


def test_lines_of_another_width_are_kept_as_malformed(tmp_path: Path) -> None:
    rows, bad = cells('a,b\n1,2\n3\n4,5,\n6,7,8\n9,"1"0\nx,y\n', tmp_path)
    assert rows == [(2, "1", "2"), (4, "4", "5"), (7, "x", "y")]
    assert bad == [
        (3, "wrong number of columns: 1 instead of 2", {"a": "3"}),
        (5, "wrong number of columns: 3 instead of 2", {"a": "6", "b": "7,8"}),
        (6, "a quotation mark inside the cell", {"a": '9,"1"0'}),
    ]


def test_many_malformed_lines_are_written_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_RECORDS_PER_BATCH", 3)
    rows, bad = cells("a,b\n" + "1,2\n3\n" * 10, tmp_path)
    assert (len(rows), len(bad)) == (10, 10)


def test_large_files_stand_in_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_MOST_TABLE_BYTES", 0)
    assert cells("a,b\n1,2\n3,4\n", tmp_path)[0] == [(2, "1", "2"), (3, "3", "4")]


def test_a_quote_never_closed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r'quotation mark opened in row 3 .*quote = ""'):
        cells('a,b\n1,2\n"3,4\n5,6\n', tmp_path)
    assert cells('a,b\n1,2\n"3,4\n', tmp_path, Format(quote=""))[0] == [(2, "1", "2"), (3, '"3', "4")]


def test_backslashes_may_escape(tmp_path: Path) -> None:
    assert cells('a,b\n"say \\"hi\\"",2\n', tmp_path, Format(escape="\\"))[0] == [(2, 'say "hi"', "2")]


CELL = st.text(st.sampled_from(string.ascii_letters + string.digits + " ,;\t|'\"\näöüé€漢-+=._"), max_size=8)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=12)),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    is_quoted=st.booleans(),
)
@example(rows=[["", ""], ["a", ""]], delimiter=",", end="\n", encoding="utf-8", is_quoted=False)
def test_rows_survive_any_dialect(
    tmp_path_factory: pytest.TempPathFactory, *, rows: list[list[str]], delimiter: str, end: str, encoding: str, is_quoted: bool
) -> None:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow([f"column {i}" for i in range(len(rows[0]))])
    writer.writerows(rows)
    read, bad = cells(out.getvalue().encode(encoding), tmp_path_factory.mktemp("any"), Format(delimiter=delimiter))
    assert bad == []
    assert [[c or "" for c in row[1:]] for row in read] == rows
    assert [row[0] for row in read] == list(range(2, len(rows) + 2))
