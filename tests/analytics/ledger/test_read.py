"""What a file is, told by its content."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError
from openkam.analytics.ledger.mapping import Format
from openkam.analytics.ledger.read import Cells, OpenedText, open_file


def opened(path: Path, folder: Path) -> Cells | OpenedText:
    with duckdb.connect() as connection:
        return open_file(connection, PlainFile(path.name, path), folder, Format())


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    found = opened(path, tmp_path)
    assert isinstance(found, Cells)
    assert (found.format, found.rows, found.names) == ("parquet", 1, ("a",))
    text = tmp_path / "sales.parquet"
    text.write_text("a;b\n1;2\n", encoding="utf-8")
    found = opened(text, tmp_path)
    assert isinstance(found, OpenedText)
    assert found.unread().delimiter == ";"


def test_parquet_columns_keep_their_types(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"i": [1], "f": [1.5], "s": ["x"], "b": [True], "l": [[1]]}).with_columns(
        pl.lit("2025-01-05").str.to_date().alias("d"),
        pl.lit("2025-01-05").str.to_datetime().alias("t"),
        pl.col("f").cast(pl.Decimal(10, 2)).alias("n"),
    ).write_parquet(path)
    found = opened(path, tmp_path)
    assert isinstance(found, Cells)
    assert [c.type for c in found.columns] == ["number", "float", "text", "flag", "text", "day", "instant", "number"]


def test_a_reject_file_is_known_by_its_first_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("_file,_row,_column,_value,_reason,a,b\nf,2,a,x,bad,'=1+1,''-x\ng,3,a,y,bad,-5,'plain\n", encoding="utf-8")
    found = opened(path, tmp_path)
    assert isinstance(found, OpenedText)
    assert not found.may_be_clean
    with duckdb.connect() as connection:
        cells = found.read(connection, tmp_path, "cells")
        assert (cells.names, cells.from_rejects) == (("a", "b"), True)
        assert connection.execute(f"FROM {cells.relation}").fetchall() == [(2, "=1+1", "'-x"), (3, "-5", "'plain")]


def test_an_unread_text_can_be_read_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("name\nFran\u00e7ois\n".encode("cp1252"))
    found = opened(path, tmp_path)
    assert isinstance(found, OpenedText)
    cells = found.unread()
    assert "told from the letters" in cells.notes[0]
    with duckdb.connect() as connection:
        assert connection.execute(f"FROM {cells.relation}").fetchall() == [(2, "François")]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t", b"\xff\xfe"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="the file is empty"):
        opened(path, tmp_path)
