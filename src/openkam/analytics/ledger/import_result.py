"""What an import found and did, to be shown: files and how they were read, counts that add up, rejects with reasons."""

import os
import shutil
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.duplicates import Duplicates
from openkam.analytics.ledger.reject_file import write_reject_csv


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: what it does, with which file, bytes read of all, rows accepted so far."""

    step: str
    file: str
    bytes_done: int
    bytes_total: int
    rows: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """How one file was read. `numbers` and `dates` tell, by column, how its cells are written ("1.234,56", "%d/%m/%Y"); `mapped`
    by field where its values come from; `unused` are columns nobody asked for; `rounded` counts cells with more decimals than the
    ledger keeps."""

    name: str
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    rows: int
    numbers: Mapping[str, str]
    dates: Mapping[str, str]
    mapped: Mapping[str, str]
    unused: tuple[str, ...]
    rounded: Mapping[str, int]
    notes: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """The report as JSON values."""
        return {
            "name": self.name,
            "format": self.format,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "rows": self.rows,
            "numbers": dict(self.numbers),
            "dates": dict(self.dates),
            "mapped": dict(self.mapped),
            "unused": list(self.unused),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class RejectedCell:
    """One thing wrong with one row."""

    file: str
    row_number: int | None
    column: str | None
    value: str | None
    reason: str


class RejectsFolder:
    """Keeps the rejects of a dry run until the result is no longer in use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._finalizer = weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)

    def remove(self) -> None:
        """Remove the folder now."""
        self._finalizer()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """`batch` is null after a dry run, which changed nothing. Rows accepted and rejected add up to rows read.

    `reject_counts` is by reason and column; `line_types` by line type for transactions; `first_rejects` are the first bad cells.
    """

    batch: Batch | None
    table: str
    source: str
    files: tuple[FileReport, ...]
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    duplicates: Duplicates
    reject_counts: Mapping[tuple[str, str | None], int]
    first_rejects: tuple[RejectedCell, ...]
    line_types: Mapping[str, int]
    notes: tuple[str, ...]
    seconds: float
    rejects_path: Path | None
    kept: RejectsFolder | None = field(default=None, repr=False, compare=False)

    def reject_csv(self, path: str | os.PathLike[str]) -> int:
        """Write the rejected rows as CSV with their original columns, to be mended and imported again; returns the number of
        rows."""
        return write_reject_csv(self.rejects_path, path) if self.rejects_path else 0

    def document(self) -> dict[str, object]:
        """The result as JSON values."""
        return {
            "batch": self.batch.batch_id if self.batch else None,
            "ledger_version": self.batch.ledger_version if self.batch else None,
            "table": self.table,
            "source": self.source,
            "rows": {"read": self.rows_read, "accepted": self.rows_accepted, "rejected": self.rows_rejected},
            "duplicates": {
                "key": list(self.duplicates.key),
                "whole_rows": self.duplicates.whole_rows,
                "keys_in_import": self.duplicates.keys_in_import,
                "keys_in_ledger": self.duplicates.keys_in_ledger,
            },
            "line_types": dict(self.line_types),
            "rejects": [
                {"reason": reason, "column": column, "rows": rows} for (reason, column), rows in self.reject_counts.items()
            ],
            "first_rejects": [
                {"file": cell.file, "row": cell.row_number, "column": cell.column, "value": cell.value, "reason": cell.reason}
                for cell in self.first_rejects
            ],
            "files": [file.document() for file in self.files],
            "notes": list(self.notes),
            "seconds": round(self.seconds, 3),
        }
