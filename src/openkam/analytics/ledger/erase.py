"""Taking a person out of the ledger, in every version of it: the one change that reaches back.

A commit says which files a batch has from now on, for the versions before it as well, and the files that held the person are removed.
Counts, days and amounts stay as they were: of the rows only who took part is gone.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.commit import Place, TableChange, commit_change, data_file_name, remove_unread_files
from openkam.analytics.ledger.lock import unwritable
from openkam.analytics.ledger.log import DataFile
from openkam.analytics.ledger.parquet import Footer, read_footer, write_rows
from openkam.analytics.ledger.rejects import REJECTS, rejects_file
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.staging import staged
from openkam.analytics.ledger.versions import History, VersionKind
from openkam.analytics.terms import OpenKamError

Redact = Callable[[str], str]
"""A text without the person; the text itself where they are not in it."""

TABLE = "interactions"
PERSONAL = ("interaction_key", "their_person")
"""The fields that may name somebody on the other side."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure changed: rows of the ledger, rejected rows, and the version after it."""

    rows: int
    rejected_rows: int
    ledger_version: int


def erase_person(place: Place, redact: Redact, erased_at: datetime) -> Erasure:
    """Take a person out of the ledger; see `Ledger.erase_person`."""
    rows = rejected_rows = 0
    if not place.root.is_dir():
        return Erasure(0, 0, 0)
    for batch in place.history().batches:
        if batch.table == TABLE:
            rows += _rewrite(place, batch, redact, erased_at)
            rejected_rows += _rewrite_rejects(rejects_file(place.root, batch.batch_id), redact)
    # Again where nothing was found: a process that was killed between commit and removal left the old files behind.
    if (place.root / TABLE).is_dir():
        remove_unread_files(place)
    return Erasure(rows, rejected_rows, place.history().latest_version)


def rows_naming(place: Place, redact: Redact) -> list[dict[str, Any]]:
    """The live rows of `interactions` that name a person, as they stand, in the order of the imports."""
    found: list[dict[str, Any]] = []
    for uri in place.history().at().uris(TABLE) if place.root.is_dir() else ():
        table = pq.read_table(uri)
        for row in table.to_pylist():
            if any(row[name] and redact(row[name]) != row[name] for name in PERSONAL):
                found.append(row)
    return found


def _rewrite(place: Place, batch: Batch, redact: Redact, erased_at: datetime) -> int:
    files = place.history().files[batch.batch_id]
    found = [_without(place.root / TABLE / file.path, redact) for file in files]
    rows = sum(count for _, count in found)
    if not rows:
        return 0
    with staged(place.root, TABLE) as own:
        footers = tuple(_written(own.path / f"{n:05d}.parquet", table) for n, (table, _) in enumerate(found) if table.num_rows)
        first_number = 1 + max(int(Path(file.path).stem.rpartition("-")[2]) for file in files)
        rewritten = [
            DataFile(data_file_name(batch.batch_id, number), footer.bytes, footer.rows)
            for number, footer in enumerate(footers, start=first_number)
        ]

        def change(history: History) -> TableChange:
            if history.files[batch.batch_id] != files:
                raise OpenKamError(f"Batch {batch.batch_id} was rewritten by somebody else at this moment: try again.")
            is_live = history.batch(batch.batch_id).is_live
            metadata: dict[str, Any] = {
                "kind": str(VersionKind.ERASE),
                "ledger_version": history.latest_version + 1,
                "batch_id": batch.batch_id,
                "at": erased_at.isoformat(),
                "rows": rows,
                "files": [asdict(file) for file in rewritten],
            }
            return TableChange(
                TABLE,
                metadata,
                added=footers,
                removed=files if is_live else (),
                removed_at_ms=int(erased_at.timestamp() * 1000),
                first_number=first_number,
                is_listed=is_live,
            )

        commit_change(place, change)
    return rows


def _without(path: Path, redact: Redact) -> tuple[pa.Table, int]:
    """The rows of a file with the person's cells empty, and how many rows had one."""
    table = pq.read_table(path).select(TABLES[TABLE].arrow.names).cast(TABLES[TABLE].arrow)
    touched = [False] * table.num_rows
    for name in PERSONAL:
        values: list[str | None] = table[name].to_pylist()
        theirs = {value for value in set(values) if value is not None and redact(value) != value}
        if theirs:
            field = table.schema.field(name)
            emptied = pa.array([None if value in theirs else value for value in values], field.type)
            table = table.set_column(table.schema.get_field_index(name), field, emptied)
            touched = [before or value in theirs for before, value in zip(touched, values, strict=True)]
    return table, sum(touched)


def _written(path: Path, table: pa.Table) -> Footer:
    write_rows(table.to_batches(), path, TABLES[TABLE].arrow)
    return read_footer(path)


def _rewrite_rejects(path: Path, redact: Redact) -> int:
    """Take the person out of the rejected rows of a batch, in their place: no version counts them."""
    if not path.exists():
        return 0
    rejects = pq.read_table(path).select(REJECTS.names).cast(REJECTS).to_pylist()
    clean = [one | {"value": one["value"] and redact(one["value"]), "row": _clean_row(one["row"], redact)} for one in rejects]
    count = sum(one != before for one, before in zip(clean, rejects, strict=True))
    if count:
        half = path.with_suffix(".half")
        try:
            pq.write_table(pa.Table.from_pylist(clean, schema=REJECTS), half, compression="zstd")
            half.replace(path)
        except OSError as error:
            raise unwritable(path.parent, error) from error
    return count


def _clean_row(row: str, redact: Redact) -> str:
    """The row as JSON, its cells redacted; what is no JSON is redacted as a text."""
    try:
        cells = json.loads(row)
    except ValueError:
        return redact(row)
    if isinstance(cells, dict):
        clean: Any = {name: redact(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
    elif isinstance(cells, list):
        clean = [redact(cell) if isinstance(cell, str) else cell for cell in cells]
    else:
        return redact(row)
    return row if clean == cells else json.dumps(clean, ensure_ascii=False)
