"""The first rows of files: enough to show how a file is read and what a mapping makes of it, before all of it is imported."""

import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from openkam.analytics.ledger.input_files import PlainFile, list_files, unpack
from openkam.analytics.ledger.mapping import Format
from openkam.analytics.ledger.read import Cells, OpenedText, open_file

MOST_ROWS = 20_000
"""Rows that are looked at; what they leave open only the whole file decides."""
MOST_FILES = 50
"""Files that are looked at, those in archives counted one by one."""
_MOST_UNPACKED_BYTES = 256 * 1024**2


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
        found: list[Cells] = []
        for name, path in list_files(paths):
            unpacked = Path(folder) / "unpacked"
            unpacked.mkdir(exist_ok=True)
            for file in unpack(name, path, unpacked, _MOST_UNPACKED_BYTES):
                if len(found) < MOST_FILES:
                    found.append(_first_of(connection, file, Path(folder) / f"file-{len(found)}", given, most_rows))
        is_whole = tuple(cells.rows + cells.malformed_rows <= most_rows for cells in found)
        yield FirstRows(connection, tuple(_cut(cells, most_rows) for cells in found), is_whole)


def _first_of(connection: duckdb.DuckDBPyConnection, file: PlainFile, scratch: Path, given: Format, most_rows: int) -> Cells:
    scratch.mkdir()
    if file.path.parent.name == "unpacked":
        # The next member of the archive takes its place.
        file = PlainFile(file.name, file.path.replace(scratch / file.path.name))
    opened = open_file(connection, file, scratch, given)
    return opened.first_records(scratch, most_rows + 1) if isinstance(opened, OpenedText) else opened


def _cut(cells: Cells, most_rows: int) -> Cells:
    if cells.rows <= most_rows:
        return cells
    return replace(cells, relation=f"(FROM {cells.relation} ORDER BY n LIMIT {most_rows})", rows=most_rows)
