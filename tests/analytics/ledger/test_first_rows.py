"""Only the first rows are read, from whatever the file is packed in."""

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openkam.analytics.ledger import first_rows as module
from openkam.analytics.ledger.first_rows import first_rows
from openkam.analytics.ledger.input_files import UnreadableFileError
from openkam.analytics.ledger.mapping import Format

LINES = "a,b\n" + "".join(f"{n},x\n" for n in range(50))


def numbers_read(path: Path, most_rows: int) -> tuple[list[list[str]], tuple[bool, ...]]:
    with first_rows([path], Format(), most_rows) as first:
        read = [
            [str(value) for (value,) in first.connection.execute(f"SELECT c0 FROM {cells.relation} ORDER BY n").fetchall()]
            for cells in first.cells
        ]
        return read, first.is_whole


def packed(path: Path, kind: str) -> Path:
    if kind == "csv":
        path.write_text(LINES)
    elif kind == "gz":
        path.write_bytes(gzip.compress(LINES.encode()))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.csv", LINES)
    else:
        pq.write_table(pa.table({"a": range(50), "b": ["x"] * 50}), path)
    return path


@pytest.mark.parametrize("kind", ["csv", "gz", "zip", "parquet"])
def test_a_file_is_cut_after_the_rows_wanted(tmp_path: Path, kind: str) -> None:
    path = packed(tmp_path / f"a.{kind}", kind)
    assert numbers_read(path, 3) == ([["0", "1", "2"]], (False,))
    read, is_whole = numbers_read(path, 50)
    assert (len(read[0]), is_whole) == (50, (True,))


def test_only_the_first_lines_of_a_packed_text_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TEXT_BYTES", 100)
    path = tmp_path / "long.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(2_000_000))))
    assert numbers_read(path, 3) == ([["0", "1", "2"]], (False,))


def test_what_cannot_be_cut_at_a_line_is_unpacked_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TEXT_BYTES", 10)
    path = tmp_path / "wide.csv.gz"
    path.write_bytes(gzip.compress(LINES.encode("utf-16")))
    assert len(numbers_read(path, 100)[0][0]) == 50
    (tmp_path / "wide.csv").write_bytes(LINES.encode("utf-16"))
    assert len(numbers_read(tmp_path / "wide.csv", 100)[0][0]) == 50
    assert len(numbers_read(packed(tmp_path / "a.parquet", "parquet"), 100)[0][0]) == 50


def test_of_a_large_text_only_its_beginning_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TEXT_BYTES", 30)
    path = packed(tmp_path / "a.csv", "csv")
    assert numbers_read(path, 100) == ([["0", "1", "2", "3", "4", "5"]], (False,))


def test_a_beginning_that_ends_within_quotes_is_shortened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TEXT_BYTES", 40)
    path = tmp_path / "quoted.csv"
    path.write_text('a,b\n0,x\n1,x\n2,"a long\nremark\nof many\nlines"\n')
    read, is_whole = numbers_read(path, 15)
    assert (read[0][:1], is_whole) == (["0"], (False,))


def test_files_beyond_the_first_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 2)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for name in "abc":
            archive.writestr(f"{name}.csv", LINES)
    assert len(numbers_read(tmp_path / "many.zip", 3)[0]) == 2


def test_an_empty_file_is_refused_as_an_import_would(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(UnreadableFileError, match="empty"):
        numbers_read(tmp_path / "a.csv", 3)
