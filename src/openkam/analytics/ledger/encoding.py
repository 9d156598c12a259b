"""Which encoding a text file has; anything but UTF-8 is written again as UTF-8, so that all that follows reads one kind of
file."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError

_CHUNK_BYTES = 4 * 1024**2
_SAMPLE_BYTES = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = [
    *("cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1257", "iso8859_2", "iso8859_15", "cp850", "mac_roman"),
    *("shift_jis", "gb18030", "big5", "euc_kr"),
]
_MOST_CHAOS = 0.1
_MOST_CHAOS_OF_OTHERS = 0.4
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡-¿][^\W\d_]")
"""Signs like ³ and ¹ inside words: letters of another alphabet, as in Wroc³aw."""
_MOST_SIGNS_IN_WORDS = 0.05


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file in UTF-8. `encoding` is what the user's file has, `is_certain` false where it was told from the letters alone.

    `lines` counts the line breaks (`\\n`) between its first and its last line that is not empty, and one.
    """

    name: str
    path: Path
    encoding: str
    is_certain: bool
    lines: int

    def has_blank_lines(self) -> bool:
        """Whether a line is empty, in a quoted cell or not; reads the file."""
        before = b""
        for chunk in _chunks(self.path):
            data = before + chunk
            if b"\n\n" in data or b"\n\r\n" in data or b"\r\r" in data:
                return True
            before = data[-2:]
        return False

    def could_hide_blank_lines(self, records: int) -> bool:
        """Whether a reader that passes over empty lines may have met some, having found this many records with the header."""
        return records != self.lines and self.has_blank_lines()


def as_utf8(file: PlainFile, scratch: Path, given: str | None = None) -> TextFile:
    """The file as UTF-8: itself, or a copy in `scratch`. `given` is the encoding the user named.

    Raises `UnreadableFileError` with the byte offset where the bytes are not text in that encoding, and for a file that is no
    text.
    """
    with file.path.open("rb") as opened:
        head = opened.read(4096)
    if given is not None:
        try:
            name = codecs.lookup(given).name
        except LookupError as error:
            raise UnreadableFileError(
                f"{file.name}: there is no encoding “{given}”; write for example utf-8 or cp1252."
            ) from error
        return _in_utf8(file, given) if name == "utf-8" else _copied(file, scratch, name, True)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _in_utf8(file, "UTF-8 with BOM") if bom is codecs.BOM_UTF8 else _copied(file, scratch, encoding, True)
    if b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) < 0.3 * len(head) / 2 or min(even, odd) > 0.1 * max(even, odd):
            raise UnreadableFileError(f"{file.name}: this is no text, workbook or Parquet file (byte {head.index(0):,} is zero).")
        return _copied(file, scratch, "utf-16-be" if even > odd else "utf-16-le", True)
    try:
        return _in_utf8(file, "UTF-8")
    except _NotUtf8Error as fault:
        if fault.after_utf8:
            raise UnreadableFileError(
                f"{file.name}: byte {fault.offset:,} is not UTF-8, while letters before it are: the file mixes encodings. Save "
                "it again as "
                'UTF-8, or name the encoding of all of it in the mapping: [format] encoding = "cp1252".'
            ) from None
        return _copied(file, scratch, _told_from_letters(file, fault.offset), False)


class _NotUtf8Error(UnreadableFileError):
    def __init__(self, name: str, offset: int, after_utf8: bool) -> None:
        super().__init__(f"{name}: byte {offset:,} is not UTF-8.")
        self.offset, self.after_utf8 = offset, after_utf8


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            yield chunk


def _in_utf8(file: PlainFile, shown: str) -> TextFile:
    """The file itself once every byte was seen to be UTF-8 without zero bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    offset, pending, has_letters = 0, 0, False
    lines = _Lines()
    for chunk in _chunks(file.path):
        lines.add(chunk)
        if b"\0" in chunk:
            raise UnreadableFileError(
                f"{file.name}: byte {offset + chunk.index(0):,} is zero, which no text has; export the file again."
            )
        if pending or not chunk.isascii():
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                at = offset - pending + error.start
                raise _NotUtf8Error(file.name, at, has_letters or not chunk[: max(error.start - pending, 0)].isascii()) from error
            pending = len(decoder.getstate()[0])
            has_letters = True
        offset += len(chunk)
    if pending:
        raise _NotUtf8Error(file.name, offset - pending, has_letters)
    return TextFile(file.name, file.path, shown, True, lines.count)


class _Lines:
    """Counts lines, leaving out empty ones at the end."""

    def __init__(self) -> None:
        self.count = 1
        self._breaks_at_end = 0

    def add(self, chunk: bytes) -> None:
        """Count the lines of the next bytes."""
        body = chunk.rstrip(b"\r\n")
        if body:
            self.count += self._breaks_at_end + body.count(b"\n")
            self._breaks_at_end = 0
        self._breaks_at_end += chunk.count(b"\n", len(body))


def _told_from_letters(file: PlainFile, offset: int) -> str:
    """The encoding in which the lines around the first letters beyond ASCII read as language; Windows' Western European one
    first."""
    with file.path.open("rb") as opened:
        opened.seek(max(offset - _SAMPLE_BYTES // 4, 0))
        sample = opened.read(_SAMPLE_BYTES)
    lines = [line for line in sample.splitlines() if not line.isascii()]
    letters = b"\n".join(lines)
    western = from_bytes(letters, cp_isolation=["cp1252"]).best()
    signs_in_words = sum(bool(_SIGN_IN_WORD.search(line.decode("cp1252", "replace"))) for line in lines)
    if western is not None and western.chaos <= _MOST_CHAOS and signs_in_words <= _MOST_SIGNS_IN_WORDS * len(lines):
        return "cp1252"
    best = from_bytes(letters, cp_isolation=_LEGACY, threshold=_MOST_CHAOS_OF_OTHERS).best()
    if best is None:
        raise UnreadableFileError(
            f"{file.name}: byte {offset:,} is not UTF-8 and no known encoding makes words of it. Save the file as UTF-8, or "
            "name its encoding "
            'in the mapping: [format] encoding = "…".'
        )
    return best.encoding


def _copied(file: PlainFile, scratch: Path, encoding: str, is_certain: bool) -> TextFile:
    """A copy in UTF-8, decoded strictly."""
    target = scratch / "utf8.txt"
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = 0
    lines = _Lines()
    with target.open("wb") as out:
        for chunk in _with_end(file.path):
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                # UTF-16 and UTF-32 raise the plain kind where the mark at the start is missing.
                at = offset - pending + error.start if isinstance(error, UnicodeDecodeError) else 0
                raise UnreadableFileError(
                    f"{file.name}: byte {at:,} is not {encoding} text. Save the file as UTF-8, or "
                    "name its "
                    'encoding in the mapping: [format] encoding = "…".'
                ) from error
            data = text.encode()
            if b"\0" in data:
                raise UnreadableFileError(f"{file.name}: is not {encoding} text (it has zero characters); export it again.")
            lines.add(data)
            out.write(data)
            offset += len(chunk)
    return TextFile(file.name, target, encoding, is_certain, lines.count)


def _with_end(path: Path) -> Iterator[bytes]:
    yield from _chunks(path)
    yield b""
