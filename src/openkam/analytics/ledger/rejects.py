"""Rejected rows: kept beside the tables, one Parquet file per batch, with the reason and the row as it stood in the file."""

import os
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.ledger.lock import unwritable
from openkam.analytics.terms import OpenKamError

REJECTS_FOLDER = "rejects"


class UnfitRejectsError(OpenKamError):
    """What was given as rejects has other columns than `REJECTS`, or cannot be read."""


REJECTS = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("row_number", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("value", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("row", pa.string(), nullable=False),
    ]
)
"""One line per reason. `row_number` counts the header as row 1; `row` is JSON text of the original columns in their order."""


def rejects_file(root: Path, batch_id: str) -> Path:
    """Where the rejects of a batch are kept; the file is absent when it had none."""
    return root / REJECTS_FOLDER / f"{batch_id}.parquet"


def stage_rejects(rejects: pa.Table | Path | None, target: Path) -> int:
    """Bring the rejects to the file `target` and count the rows they tell of. Raises `OpenKamError` when they are not `REJECTS`.

    A path is a finished Parquet file; it is moved when it lies on the same file system. Without rejects no file is written.
    """
    if rejects is None:
        return 0
    if isinstance(rejects, Path):
        try:
            _check_columns(pq.read_schema(rejects), str(rejects))
        except (OSError, pa.ArrowInvalid) as error:
            raise UnfitRejectsError(f"The rejects at {rejects} are no Parquet file that can be read: {error}.") from error
        _move(rejects, target)
    else:
        _check_columns(rejects.schema, "the table given")
        try:
            fitting = rejects.select(REJECTS.names).cast(REJECTS)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
            raise UnfitRejectsError(f"The rejects do not fit their columns: {error}.") from error
        try:
            pq.write_table(fitting, target, compression="zstd")
        except OSError as error:
            raise unwritable(target.parent, error) from error
    return _distinct_rows(target)


def _check_columns(schema: pa.Schema, where: str) -> None:
    if sorted(schema.names) != sorted(REJECTS.names):
        raise UnfitRejectsError(f"Rejects have the columns {', '.join(REJECTS.names)}; {where} has {', '.join(schema.names)}.")


def _move(source: Path, target: Path) -> None:
    try:
        if source.stat().st_dev == target.parent.stat().st_dev:
            source.replace(target)
        else:
            shutil.copyfile(source, target)
    except OSError as error:
        raise unwritable(target.parent, error) from error


def _distinct_rows(path: Path) -> int:
    with duckdb.connect() as connection:
        # A row number that is not known identifies nothing: such a line counts as a row of its own.
        row = connection.execute(
            "SELECT count(DISTINCT (file, row_number)) FILTER (row_number IS NOT NULL) + count(*) FILTER (row_number IS NULL) "
            "FROM read_parquet(?)",
            [os.fspath(path)],
        ).fetchone()
    return int(row[0]) if row else 0


def read_rejects(root: Path, batch_id: str) -> pa.Table:
    """The rejects of a batch by file and row; empty when it had none."""
    path = rejects_file(root, batch_id)
    if not path.exists():
        return REJECTS.empty_table()
    rejects = pq.read_table(path).select(REJECTS.names).cast(REJECTS)
    return rejects.sort_by([("file", "ascending"), ("row_number", "ascending")])
