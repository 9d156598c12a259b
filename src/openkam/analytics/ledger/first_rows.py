"""The first rows of files: enough to show how a file is read and what a mapping makes of it, before all of it is imported."""

import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from openkam.analytics.ledger.input_files import PlainFile, UnreadableFileError, list_files, unpack
from openkam.analytics.ledger.mapping import Format
from openkam.analytics.ledger.read import Cells, OpenedText, open_file

MOST_ROWS = 20_000
"""Rows that are looked at; what they leave open only the whole file decides."""
MOST_FILES = 50
"""Files that are looked at, those in archives counted one by one."""
MOST_TEXT_BYTES = 32 * 1024**2
"""Bytes of a text that are looked at, up to the end of a line."""
_CHUNK_BYTES = 4 * 1024**2
_WHOLE_KINDS = (b"PAR1", b"PK", b"\xd0\xcf\x11\xe0")
"""What Parquet files and workbooks begin with: only whole they can be read."""


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first files with their first rows in `cells`, to be asked through `connection`; `is_whole` by file, true when these
    are all its rows."""

    connection: duckdb.DuckDBPyConnection
    cells: tuple[Cells, ...]
    is_whole: tuple[bool, ...]


@contextmanager
def first_rows(paths: Iterable[Path], given: Format, most_rows: int = MOST_ROWS) -> Generator[FirstRows]:
    """Open the files and read at most `most_rows` of each. Raises `UnreadableFileError` as an import would."""
    with (
        tempfile.TemporaryDirectory(prefix="openkam-look-") as folder,
        duckdb.connect(
            config={"memory_limit": "1GB", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        ) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        found: list[tuple[Cells, bool]] = []
        for name, path in list_files(paths):
            unpacked = Path(folder) / "unpacked"
            unpacked.mkdir(exist_ok=True)
            for file in unpack(name, path, unpacked, MOST_TEXT_BYTES):
                if len(found) < MOST_FILES:
                    found.append(_first_of(connection, file, Path(folder) / f"file-{len(found)}", given, most_rows))
        yield FirstRows(connection, tuple(cells for cells, _ in found), tuple(is_whole for _, is_whole in found))


def _first_of(
    connection: duckdb.DuckDBPyConnection, file: PlainFile, scratch: Path, given: Format, most_rows: int
) -> tuple[Cells, bool]:
    scratch.mkdir()
    is_cut = file.path.stat().st_size > MOST_TEXT_BYTES - _CHUNK_BYTES
    if file.path.parent.name == "unpacked":
        # The next member of the archive takes its place.
        file = PlainFile(file.name, file.path.replace(scratch / file.path.name))
    opened = open_file(connection, _beginning(file, scratch / "beginning"), scratch, given)
    cells = _first_records(opened, scratch, most_rows + 1, is_cut) if isinstance(opened, OpenedText) else opened
    is_whole = cells.rows + cells.malformed_rows <= most_rows and not (is_cut and isinstance(opened, OpenedText))
    return _cut(cells, most_rows), is_whole


def _beginning(file: PlainFile, target: Path) -> PlainFile:
    """The first lines of a large text as a file of its own; any other file as it is."""
    if file.path.stat().st_size <= MOST_TEXT_BYTES:
        return file
    with file.path.open("rb") as opened:
        head = opened.read(MOST_TEXT_BYTES)
    end = head.rfind(b"\n") + 1
    # A zero byte tells a text of two bytes a sign, whose lines do not end where one byte says so.
    if head.startswith(_WHOLE_KINDS) or b"\0" in head[:_CHUNK_BYTES] or not end:
        return file
    target.write_bytes(head[:end])
    return PlainFile(file.name, target)


def _first_records(opened: OpenedText, scratch: Path, most_records: int, is_cut: bool) -> Cells:
    while True:
        try:
            return opened.first_records(scratch, most_records)
        except UnreadableFileError:
            # A text that was cut may end within quotes: then fewer of its records are looked at.
            if not is_cut or most_records < 2:
                raise
            most_records //= 4


def _cut(cells: Cells, most_rows: int) -> Cells:
    if cells.rows <= most_rows:
        return cells
    return replace(cells, relation=f"(FROM {cells.relation} ORDER BY n LIMIT {most_rows})", rows=most_rows)
