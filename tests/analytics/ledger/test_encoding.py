"""Encodings: told, shown, and refused with the byte where the bytes are no text."""

import codecs
from pathlib import Path

import pytest

from openkam.analytics.ledger import encoding
from openkam.analytics.ledger.encoding import TextFile, as_utf8
from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError

NAMES = "key,name\n1,François\n2,Müller & Söhne\n3,Ålesund A/S\n"


def told(content: bytes, tmp_path: Path, given: str | None = None) -> TextFile:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    return as_utf8(PlainFile("x.csv", path), tmp_path, given)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"a,b\n1,2\n", "UTF-8"),
        (NAMES.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + NAMES.encode(), "UTF-8 with BOM"),
        (NAMES.encode("utf-16"), "utf-16"),
        (NAMES.encode("utf-16-le"), "utf-16-le"),
        (NAMES.encode("utf-16-be"), "utf-16-be"),
        (NAMES.encode("utf-32"), "utf-32"),
        (NAMES.encode("cp1252"), "cp1252"),
        ("name\nИванов и сыновья\nПетров, Москва\n".encode("cp1251"), "cp1251"),
        ("nazwa\nSpółka Żółć, Łódź\nGdańsk ąęćńśźż\n".encode("cp1250"), "cp1250"),
        ("name\nWrocław\nKraków\n".encode("cp1250"), "cp1250"),
        ("名前,都市\n東京,大阪\n株式会社,テスト\n".encode("shift_jis"), "shift_jis"),
    ],
)
def test_it_tells_the_encoding_and_loses_no_letter(content: bytes, shown: str, tmp_path: Path) -> None:
    file = told(content, tmp_path)
    assert file.encoding == shown
    encoding_ = {"UTF-8": "utf-8", "UTF-8 with BOM": "utf-8-sig"}.get(shown, shown)
    assert file.path.read_text(encoding="utf-8-sig") == content.decode(encoding_)
    assert file.is_certain == (shown[:3].lower() == "utf")


def test_a_letter_cut_by_the_chunks_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_CHUNK_BYTES", 3)
    assert told("aüüüü€😀b".encode(), tmp_path).encoding == "UTF-8"
    assert told(NAMES.encode("utf-16"), tmp_path).path.read_text(encoding="utf-8") == NAMES
    with pytest.raises(UnreadableFileError, match="byte 5"):
        told("abcü".encode() + "é".encode()[:1], tmp_path)


@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("content", "lines", "has_blank_lines"),
    [
        (b"a\n\nb", 3, True),
        (b"a\r\n\r\nb", 3, True),
        (b"a\r\rb", 1, True),
        (b"a\r\nb\r\n", 2, False),
        (b"a\nb\n\n\n", 2, True),
        (b"a", 1, False),
        (b"\na", 2, False),
    ],
)
def test_lines_are_counted_and_blank_ones_found(
    *, content: bytes, lines: int, has_blank_lines: bool, chunk_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "_CHUNK_BYTES", chunk_bytes)
    file = told(content, tmp_path)
    assert (file.lines, file.has_blank_lines()) == (lines, has_blank_lines)
    assert not file.could_hide_blank_lines(lines)
    assert file.could_hide_blank_lines(lines + 1) == has_blank_lines


def test_the_user_may_name_it(tmp_path: Path) -> None:
    assert told("Łódź".encode("cp1250"), tmp_path, "cp1250").path.read_text(encoding="utf-8") == "Łódź"
    assert told(NAMES.encode(), tmp_path, "utf8").encoding == "utf8"
    with pytest.raises(UnreadableFileError, match="byte 0 is not utf-16 text"):
        told(NAMES.encode(), tmp_path, "utf-16")  # without the mark that says which half of a letter comes first
    with pytest.raises(UnreadableFileError, match="no encoding “klingon”"):
        told(b"a", tmp_path, "klingon")
    with pytest.raises(UnreadableFileError, match="byte 1 is not UTF-8"):
        told(b"a\xff", tmp_path, "utf-8")
    with pytest.raises(UnreadableFileError, match="byte 2 is not ascii"):
        told(b"ab\xff", tmp_path, "ascii")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Müller\n".encode() + "François".encode("cp1252"), "byte 12 is not UTF-8, while letters before it are: the file mixes"),
        (b"a\0b\0\0\0c" * 99, "this is no text"),
        (b"a,b\n" * 2000 + b"1,\0\n", r"byte 8,002 is zero"),
        (bytes(range(128, 256)) * 5, "no known encoding makes words of it"),
        (codecs.BOM_UTF16_LE + b"a\0b", "byte 2 is not utf-16 text|byte 4 is not utf-16 text"),
        (codecs.BOM_UTF16_LE + b"a\0\0\0b\0", "has zero characters"),
    ],
)
def test_it_says_where_the_bytes_are_no_text(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        told(content, tmp_path)
