"""The one place that changes the ledger: a Delta commit of one table under the lock, with the next ledger version in it."""

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction, RemoveAction

from openkam.analytics.ledger.lock import exclusive, unwritable
from openkam.analytics.ledger.log import LOG_FOLDER, METADATA_KEY, DataFile, LogCache, commit_files
from openkam.analytics.ledger.parquet import Footer
from openkam.analytics.ledger.rejects import REJECTS_FOLDER, rejects_file
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.versions import History, read_history
from openkam.analytics.terms import OpenKamError

LOCK_FILE = "commit.lock"
_DATA_FILE = re.compile(r".+-\d{5}\.parquet")
_TABLE_PROPERTIES = {
    # The history of imports lives in the Delta log: no writer may ever tidy it away.
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ledger lies, and what was read of its log so far."""

    root: Path
    cache: LogCache = field(default_factory=LogCache, compare=False, repr=False)

    def history(self) -> History:
        """The history as of now."""
        return read_history(self.root, self.cache)


@dataclass(frozen=True, slots=True)
class TableChange:
    """A commit to be: what it says (with `batch_id` and `ledger_version`), the staged files it adds, those it removes."""

    table: str
    metadata: Mapping[str, Any]
    added: tuple[Footer, ...] = ()
    removed: tuple[DataFile, ...] = ()
    removed_at_ms: int = 0
    rejects: Path | None = None
    first_number: int = 0
    """Of the first added file, in the names of the batch's files."""
    is_listed: bool = True
    """False where Delta's table has none of the batch's files, since the batch was undone: then only the log tells of them."""


def commit_change(place: Place, change: Callable[[History], TableChange]) -> None:
    """Ask `change` for the commit, given the newest history, and make it; all under the lock.

    Whatever is raised (disk full, interrupted, refused by `change`), the ledger stands either before or after the commit.
    Raises what `change` raises, and `UnwritableLedgerError` when the files cannot be written.
    """
    root = place.root
    with exclusive(root / LOCK_FILE):
        history = place.history()
        wanted = change(history)
        placed: list[Path] = []
        try:
            _sweep_orphans(root, history)
            actions = _place_files(root, wanted, placed)
            _commit(root / wanted.table, wanted, actions)
        except BaseException as error:
            # Delta may fail after the commit stands (its checkpoint, say): the log alone tells whether it does.
            if place.history().latest_version == history.latest_version:
                for path in placed:
                    with contextlib.suppress(OSError):
                        path.unlink()
                if isinstance(error, OSError):
                    raise unwritable(root, error) from error
                if isinstance(error, DeltaError):
                    raise OpenKamError(f"The table {wanted.table} of the ledger at {root} refused the commit: {error}") from error
                raise
            if not isinstance(error, Exception):
                raise


def data_file_name(batch_id: str, number: int) -> str:
    """How a data file of a batch is called."""
    return f"{batch_id}-{number:05d}.parquet"


def remove_unread_files(place: Place) -> None:
    """Remove every file that no version of the ledger reads: leftovers of killed imports, and what an erasure replaced."""
    with exclusive(place.root / LOCK_FILE):
        _sweep_orphans(place.root, place.history())


def _place_files(root: Path, wanted: TableChange, placed: list[Path]) -> list[AddAction | RemoveAction]:
    """Move the staged files to their places, durably, and tell Delta's actions for them."""
    folder = root / wanted.table
    folder.mkdir(exist_ok=True)
    actions: list[AddAction | RemoveAction] = []
    for number, footer in enumerate(wanted.added, start=wanted.first_number):
        target = folder / data_file_name(wanted.metadata["batch_id"], number)
        if wanted.is_listed:
            actions.append(footer.add_action(target.name))
        _move_durably(footer.path, target, placed)
    for file in wanted.removed:
        actions.append(RemoveAction(file.path, True, wanted.removed_at_ms, file.bytes, {}))
    if wanted.rejects:
        (root / REJECTS_FOLDER).mkdir(exist_ok=True)
        _move_durably(wanted.rejects, rejects_file(root, wanted.metadata["batch_id"]), placed)
    _flush({path.parent for path in placed})
    return actions


def _move_durably(source: Path, target: Path, placed: list[Path]) -> None:
    _flush([source])
    placed.append(target)
    source.replace(target)


def _flush(paths: Iterable[Path]) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _commit(folder: Path, wanted: TableChange, actions: list[AddAction | RemoveAction]) -> None:
    schema = TABLES[wanted.table].arrow
    if DeltaTable.is_deltatable(str(folder)):
        delta = DeltaTable(folder)
    else:
        # This commit carries no metadata of ours, so it makes no ledger version.
        delta = DeltaTable.create(folder, schema, name=wanted.table, configuration=_TABLE_PROPERTIES)
    delta.create_write_transaction(
        actions,
        mode="append",
        schema=schema,
        commit_properties=CommitProperties(custom_metadata={METADATA_KEY: dict(wanted.metadata)}),
        post_commithook_properties=PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False),
    )
    _flush([commit_files(folder)[-1][1], folder / LOG_FOLDER])


def _sweep_orphans(root: Path, history: History) -> None:
    """Remove files that no version reads. A killed import moved them to their place and never committed, or an erasure replaced them;
    under the lock nobody else can be about to commit them."""
    known = {batch.batch_id for batch in history.batches}
    read = {(batch.table, file.path) for batch in history.batches for file in history.files[batch.batch_id]}
    for table in TABLES:
        for path in (root / table).glob("*.parquet"):
            if _DATA_FILE.fullmatch(path.name) and (table, path.name) not in read:
                path.unlink()
    for path in (root / REJECTS_FOLDER).glob("*.parquet"):
        if path.stem not in known:
            path.unlink()
