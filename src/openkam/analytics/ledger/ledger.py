"""The ledger: opened, appended to, undone, and read as of any of its versions."""

import json
import os
import re
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISDIR
from typing import Any

import pyarrow as pa

from openkam.analytics.ledger.append import Import, Precommit, Rows, append_batch
from openkam.analytics.ledger.batch import BATCH_IDS, Batch, SourceFile, as_utc
from openkam.analytics.ledger.commit import Place
from openkam.analytics.ledger.erase import Erasure, Redact, erase_person, rows_naming
from openkam.analytics.ledger.lock import unwritable
from openkam.analytics.ledger.rejects import read_rejects
from openkam.analytics.ledger.staging import Staging, staged, sweep
from openkam.analytics.ledger.undo import undo_batch
from openkam.analytics.ledger.verify import Problem, verify_place
from openkam.analytics.ledger.versions import Snapshot, Version, known_table
from openkam.analytics.terms import OpenKamError

_MARKER = "openkam-ledger.json"
_FORMAT = 1
_ADVICE = "give the folder of a ledger, or a new path to start one"


class NotALedgerError(OpenKamError):
    """The path given is no ledger and cannot become one."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The facts, as Delta tables below one folder. Get one by `Ledger.open`; many processes may hold the same one open."""

    place: Place

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "Ledger":
        """The ledger at `path`; a path that does not exist, or an empty folder, is an empty one, created by the first write.

        Removes what dead imports left in staging. Raises `NotALedgerError` when the path is a file or another folder.
        """
        if "://" in os.fspath(path):
            raise NotALedgerError(f"{path} is an address, and a ledger lies in a folder: mount the store and give its path.")
        root = Path(path).expanduser().absolute()
        try:
            # Asked once: between two questions another process may make the folder.
            is_folder = S_ISDIR(root.stat().st_mode)
        except FileNotFoundError:
            if not root.is_symlink():
                return cls(Place(root))
            is_folder = False
        except OSError as error:
            raise NotALedgerError(f"The ledger at {root} cannot be read: {error.strerror}.") from error
        if not is_folder:
            raise NotALedgerError(f"{root} is a file, not a ledger: {_ADVICE}.")
        try:
            names = [entry.name for entry in root.iterdir()]
        except OSError as error:
            raise NotALedgerError(f"The ledger at {root} cannot be read: {error.strerror}.") from error
        if _MARKER in names:
            _check_format(root)
        elif any(not name.startswith(_MARKER) for name in names):
            raise NotALedgerError(f"The folder {root} is not empty and not a ledger: {_ADVICE}.")
        sweep(root)
        return cls(Place(root))

    @property
    def path(self) -> Path:
        """The ledger's folder, absolute."""
        return self.place.root

    @property
    def latest_version(self) -> int:
        """Number of the newest version; 0 while nothing was imported."""
        return self.place.history().latest_version

    def versions(self) -> tuple[Version, ...]:
        """Every import, undo and erasure, in order; version 1 comes first."""
        return self.place.history().versions

    def batches(self) -> tuple[Batch, ...]:
        """Every batch ever imported, in order, the undone ones included."""
        return self.place.history().batches

    def batch(self, batch_id: str) -> Batch:
        """The batch of that id; raises `OpenKamError` naming the newest known ids."""
        return self.place.history().batch(batch_id)

    def at(self, version: int | None = None) -> Snapshot:
        """The ledger as of that version, the newest when null; raises `OpenKamError` when there is no such version."""
        return self.place.history().at(version)

    def new_batch_id(self, at: datetime) -> str:
        """A new id for an import at that instant: ids sort by time, and none is given twice, by this process or another."""
        return BATCH_IDS.new(at)

    def stage(self, table: str) -> AbstractContextManager[Staging]:
        """A folder for the finished Parquet files of one import, to be given to `append` as rows; removed when the block ends."""
        known_table(table)
        self._create()
        return staged(self.path, table)

    def append(
        self,
        table: str,
        rows: Rows,
        *,
        source: str,
        imported_at: datetime,
        batch_id: str | None = None,
        files: tuple[SourceFile, ...] = (),
        rejects: pa.Table | Path | None = None,
        again: bool = False,
        precommit: Precommit | None = None,
    ) -> Batch:
        """Append rows to `table` as one batch: one Delta commit, all or nothing.

        `rows` are Arrow data with the table's fields, read as a stream (optional ones may be left out, `source_row` may be given,
        `source` and `batch_id` are added); or a `Staging` with finished Parquet files of all columns and provenance,
        whose `batch_id` is then required. `rejects` is a table or a Parquet file (which is moved) with the columns of
        `rejects.REJECTS`. `precommit` is called with the newest snapshot under the lock, right before the commit; what it
        raises stops the import; it must not write to the ledger.

        Raises `UnfitRowsError` when rows do not fit the schema, `SameFileError` when one of `files` is in a live batch of this
        table and source (unless `again`), `UnwritableLedgerError` when the disk is full or read-only. Then nothing was changed.
        """
        known_table(table)
        if not source.strip():
            raise OpenKamError("An import needs the name of its source, for example the business unit and the system.")
        if batch_id is None and isinstance(rows, Staging):
            raise OpenKamError("Staged files carry a batch id in their rows: give the same one as batch_id.")
        imported_at_utc = as_utc(imported_at, "The time of the import")
        if batch_id is not None and not re.fullmatch(r"[0-9A-Za-z-]+", batch_id):
            raise OpenKamError(f"The batch id {batch_id!r} is none that new_batch_id gave: it becomes part of file names.")
        self._create()
        wanted = Import(table, source, batch_id or self.new_batch_id(imported_at_utc), tuple(files), imported_at_utc, again)
        return append_batch(self.place, rows, rejects, wanted, precommit)

    def undo(self, batch_id: str, undone_at: datetime) -> Version:
        """Remove a batch's rows by one more commit; earlier versions stay. Raises `OpenKamError` when it is unknown or undone."""
        return undo_batch(self.place, batch_id, as_utc(undone_at, "The time of the undo"))

    def erase_person(self, redact: Redact, erased_at: datetime) -> Erasure:
        """Take a person out of the `interactions` of every version, and out of the rejected rows; nothing of them stays on disk.

        `redact` returns a text without the person, the text itself where they are not in it. A key or a person that it changes becomes
        null; the rows stay. Each batch that is rewritten is one more version, and earlier ones read the rewritten rows. Who
        reads the files of an older snapshot at this moment must open it again. Raises `UnwritableLedgerError`.
        """
        return erase_person(self.place, redact, as_utc(erased_at, "The time of the erasure"))

    def rows_naming(self, redact: Redact) -> list[dict[str, Any]]:
        """The rows of `interactions` in the newest version that name a person; `redact` as in `erase_person`."""
        return rows_naming(self.place, redact)

    def rejects(self, batch_id: str) -> pa.Table:
        """The rejected rows of a batch (columns of `rejects.REJECTS`), one line per reason; empty when it had none."""
        return read_rejects(self.path, self.batch(batch_id).batch_id)

    def verify(self) -> list[Problem]:
        """What is wrong with the ledger's files: missing, of another length, or gaps in the log. Empty when all is well."""
        return verify_place(self.place)

    def _create(self) -> None:
        marker = self.path / _MARKER
        if marker.exists():
            return
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # Renamed into place, so that another process never reads half of it.
            half = self.path / f"{_MARKER}.{os.getpid()}-{threading.get_ident()}"
            half.write_text(json.dumps({"format": "openkam-ledger", "format_version": _FORMAT}), encoding="utf-8")
            half.replace(marker)
        except OSError as error:
            raise unwritable(self.path, error) from error


def _check_format(root: Path) -> None:
    try:
        version = json.loads((root / _MARKER).read_text(encoding="utf-8"))["format_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotALedgerError(
            f"{root / _MARKER} cannot be read ({error}): restore it from a backup or another ledger."
        ) from error
    if version != _FORMAT:
        raise NotALedgerError(
            f"The ledger at {root} has format {version}, this OpenKAM reads {_FORMAT}: use the version that wrote it."
        )
