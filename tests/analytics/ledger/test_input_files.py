"""From paths to plain files: folders, archives, and archives that are no honest ones."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from openkam.analytics.ledger import input_files
from openkam.analytics.ledger.input_files import UnreadableFileError, fingerprint, list_files, refuse_full_disk, shown, unpack


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def unpacked(path: Path, scratch: Path) -> dict[str, bytes]:
    scratch.mkdir(exist_ok=True)
    return {file.name: file.path.read_bytes() for file in unpack(path.name, path, scratch)}


def test_folders_are_walked_in_order_and_names_stay_apart(tmp_path: Path) -> None:
    for name in ("b/x.csv", "a/x.csv", "a/notes.md", "a/~$x.xlsx", ".git/x.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a")
    assert [name for name, _ in list_files([tmp_path])] == ["a/x.csv", "b/x.csv"]
    twice = list_files([tmp_path / "a" / "x.csv", tmp_path / "b" / "x.csv", tmp_path / "a" / "x.csv"])
    assert [name for name, _ in twice] == [str(tmp_path / "a" / "x.csv"), str(tmp_path / "b" / "x.csv")]
    assert list_files([tmp_path / "a" / "notes.md"])[0][0] == "notes.md"
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableFileError, match="holds no file to import"):
        list_files([tmp_path / "empty"])
    with pytest.raises(UnreadableFileError, match="there is no such file"):
        list_files([tmp_path / "gone.csv"])
    with pytest.raises(UnreadableFileError, match="No file was given"):
        list_files([])


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"abc")
    seen: list[int] = []
    source = fingerprint("x.csv", path, seen.append)
    assert (source.bytes, seen, source.sha256[:8]) == (3, [3], "ba7816bf")
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        fingerprint("gone", tmp_path / "gone", seen.append)


def test_only_what_can_be_imported_leaves_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"../../evil.csv": b"1", "b.csv": b"2", "sub/": b"", "c.exe": b"3", "__MACOSX/b.csv": b"4"}))
    assert unpacked(path, tmp_path / "s") == {"x.zip/b.csv": b"2"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s", "x.zip"]
    path.write_bytes(zipped({"c.exe": b"3"}))
    with pytest.raises(UnreadableFileError, match="holds no file to import"):
        unpacked(path, tmp_path / "s")
    path.write_bytes(zipped({"a.csv": b""}))
    with pytest.raises(UnreadableFileError, match=r"x.zip/a.csv: the file is empty"):
        unpacked(path, tmp_path / "s")


def test_archive_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_files, "_RATIO_APPLIES_FROM_BYTES", 100_000)
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({"a.csv": b"0" * 3_000_000}))
    with pytest.raises(UnreadableFileError, match="more than 1,000 times its size"):
        unpacked(path, tmp_path / "s")
    monkeypatch.setattr(input_files, "MOST_BYTES", 1024**2)
    with pytest.raises(UnreadableFileError, match="unpacks to more than 0 GB"):
        unpacked(path, tmp_path / "s")


def test_an_archive_that_lies_about_its_size_is_caught_while_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "liar.gz"
    path.write_bytes(gzip.compress(b"0" * 3_000_000))
    monkeypatch.setattr(input_files, "MOST_BYTES", 1024**2)
    with pytest.raises(UnreadableFileError, match="unpacks to more than"):
        unpacked(path, tmp_path / "s")


def test_encrypted_and_damaged_archives_are_named(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": b"a,b"}))
    path = tmp_path / "x.zip"
    path.write_bytes(content[:20])
    with pytest.raises(UnreadableFileError, match="damaged"):
        unpacked(path, tmp_path / "s")
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="encrypted"):
        unpacked(path, tmp_path / "s")


def test_disk_space_is_looked_at(tmp_path: Path) -> None:
    refuse_full_disk("x", 1, tmp_path)
    with pytest.raises(UnreadableFileError, match="GB of free disk"):
        refuse_full_disk("x", 10**18, tmp_path)


def test_long_lists_are_cut() -> None:
    assert shown(["a", "b"]) == "“a”, “b”"
    assert shown(["a", "b", "c"], 2) == "“a”, “b” and 1 more"
