"""Appending a batch: write aside, check, then one Delta commit under the lock. Before it nothing happened, after it all did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from openkam.analytics.ledger.batch import Batch, SourceFile
from openkam.analytics.ledger.commit import Place, TableChange, commit_change
from openkam.analytics.ledger.conform import as_batches, conform
from openkam.analytics.ledger.parquet import Footer, check_staged, read_footer, write_rows
from openkam.analytics.ledger.rejects import stage_rejects
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.staging import Staging, staged
from openkam.analytics.ledger.versions import History, Snapshot
from openkam.analytics.terms import OpenKamError

Rows = pa.Table | pa.RecordBatchReader | pa.RecordBatch | Iterable[pa.RecordBatch] | Staging
Precommit = Callable[[Snapshot], None]


class SameFileError(OpenKamError):
    """A file of this import was imported before and still counts."""


@dataclass(frozen=True, slots=True)
class Import:
    """What is to be appended: the batch as it will stand, but for counts and version, which only the commit knows."""

    table: str
    source: str
    batch_id: str
    files: tuple[SourceFile, ...]
    imported_at: datetime
    again: bool


def refuse_same_file(history: History, wanted: Import) -> None:
    """Raise `SameFileError` when a file is given twice or already in a live batch of this table and source, unless `again`."""
    if wanted.again:
        return
    first_of: dict[str, SourceFile] = {}
    for file in wanted.files:
        if file.sha256 in first_of:
            raise SameFileError(
                f"{file.name} has the same content as {first_of[file.sha256].name}: leave one out, or say that both count.",
                by_command="--again says it.",
            )
        first_of[file.sha256] = file
    for batch in history.batches:
        if not batch.is_live or not batch.rows_accepted or (batch.table, batch.source) != (wanted.table, wanted.source):
            continue
        for before in batch.files:
            if before.sha256 in first_of:
                raise SameFileError(
                    f"{first_of[before.sha256].name} was imported before, as {before.name} in batch {batch.batch_id} "
                    f"into {batch.table} of {batch.source}. Undo that batch first, or say that its rows count once more.",
                    by_command="--again says it.",
                )


def append_batch(place: Place, rows: Rows, rejects: pa.Table | Path | None, wanted: Import, precommit: Precommit | None) -> Batch:
    """Append the rows and rejects as one batch; see `Ledger.append`."""
    refuse_same_file(place.history(), wanted)
    with staged(place.root, wanted.table) as own:
        footers = _stage_rows(rows, own, wanted)
        rejects_path = own.scratch / "rejects-of-batch.parquet"
        rows_rejected = stage_rejects(rejects, rejects_path)
        batch = Batch(
            wanted.batch_id,
            wanted.table,
            wanted.source,
            wanted.files,
            sum(footer.rows for footer in footers),
            rows_rejected,
            wanted.imported_at,
            ledger_version=0,
        )

        def change(history: History) -> TableChange:
            refuse_same_file(history, wanted)
            if any(known.batch_id == batch.batch_id for known in history.batches):
                raise OpenKamError(f"The ledger has a batch {batch.batch_id} already: take a new id for each import.")
            if precommit:
                precommit(history.at())
            numbered = replace(batch, ledger_version=history.latest_version + 1)
            return TableChange(
                batch.table, numbered.metadata(), added=footers, rejects=rejects_path if rejects is not None else None
            )

        commit_change(place, change)
    return place.history().batch(batch.batch_id)


def _stage_rows(rows: Rows, own: Staging, wanted: Import) -> tuple[Footer, ...]:
    table = TABLES[wanted.table]
    if isinstance(rows, Staging):
        if rows.table != wanted.table:
            raise OpenKamError(f"The files were staged for {rows.table}, not for {wanted.table}.")
        return check_staged(rows.files, table, wanted.source, wanted.batch_id)
    path = own.path / "rows.parquet"
    conforming = conform(as_batches(rows), table, wanted.source, wanted.batch_id)
    return (read_footer(path),) if write_rows(conforming, path, table.arrow) else ()
