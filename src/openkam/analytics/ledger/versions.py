"""The ledger's versions: each import, undo and erasure is one, counted over all tables; a snapshot is the ledger as of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.log import Commit, DamagedLedgerError, DataFile, LogCache, Logs, read_logs
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.terms import OpenKamError


class VersionKind(StrEnum):
    """What made a version."""

    IMPORT = "import"
    UNDO = "undo"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Version:
    """One step of the ledger: `batch` was imported into or removed from `table` by its Delta commit `delta_version`, or a person was
    taken out of its rows."""

    ledger_version: int
    committed_at: datetime
    kind: VersionKind
    table: str
    batch: str
    delta_version: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ledger as of one version: the batches that counted then, and their files. Later imports and undos do not change it."""

    version: int
    root: Path
    batches: tuple[Batch, ...]
    files: Mapping[str, tuple[DataFile, ...]]
    """The Parquet files of each batch id."""

    def uris(self, table: str) -> list[str]:
        """Absolute paths of the Parquet files that hold the table's rows, in the order of the imports; empty when it has none."""
        return [str(self.root / table / file.path) for batch in self.of(table) for file in self.files[batch.batch_id]]

    def of(self, table: str) -> tuple[Batch, ...]:
        """The table's batches, in the order of the imports."""
        known_table(table)
        return tuple(batch for batch in self.batches if batch.table == table)

    def row_count(self, table: str) -> int:
        """Number of rows of the table."""
        return sum(batch.rows_accepted for batch in self.of(table))

    def sources(self, table: str) -> tuple[str, ...]:
        """The sources that brought rows of the table, in the order of their first import."""
        return tuple(dict.fromkeys(batch.source for batch in self.of(table) if batch.rows_accepted))

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that have rows."""
        return tuple(table for table in TABLES if self.row_count(table))

    @property
    def is_empty(self) -> bool:
        """True when no table has a row."""
        return not self.tables


def known_table(table: str) -> str:
    """The name itself; raises `OpenKamError` naming the tables there are when it is none of them."""
    if table not in TABLES:
        raise OpenKamError(f"There is no table {table!r} in the ledger: give one of {', '.join(TABLES)}.")
    return table


@dataclass(frozen=True, slots=True)
class History:
    """Everything that ever happened to the ledger, in order."""

    root: Path
    versions: tuple[Version, ...]
    batches: tuple[Batch, ...]
    files: Mapping[str, tuple[DataFile, ...]]

    @property
    def latest_version(self) -> int:
        """Number of the newest version; 0 while nothing was imported."""
        return len(self.versions)

    def batch(self, batch_id: str) -> Batch:
        """The batch of that id; raises `OpenKamError` naming the newest known ids."""
        found = next((batch for batch in self.batches if batch.batch_id == batch_id), None)
        if found is None:
            newest = [batch.batch_id for batch in self.batches[:-6:-1]]
            known = f"the newest are {', '.join(newest)}" if newest else "the ledger has none yet"
            raise OpenKamError(f"There is no batch {batch_id!r} in the ledger at {self.root}: {known}.")
        return found

    def at(self, version: int | None = None) -> Snapshot:
        """The ledger as of that version, the newest when null. Raises `OpenKamError` when there is no such version."""
        wanted = self.latest_version if version is None else version
        if not 0 <= wanted <= self.latest_version:
            raise OpenKamError(
                f"The ledger at {self.root} has no version {wanted}: give one from 0 (empty) to {self.latest_version}."
            )
        # As of that version a batch undone later was not undone: a snapshot must not change with what comes after it.
        live = tuple(
            replace(b, undone_in_version=None) for b in self.batches if b.ledger_version <= wanted and not _undone_by(b, wanted)
        )
        return Snapshot(wanted, self.root, live, {batch.batch_id: self.files[batch.batch_id] for batch in live})


def _undone_by(batch: Batch, version: int) -> bool:
    return batch.undone_in_version is not None and batch.undone_in_version <= version


def read_history(root: Path, cache: LogCache) -> History:
    """The history as the Delta logs tell it, read without a lock. Raises `DamagedLedgerError` when one is lost or unreadable.

    The logs of several tables cannot be listed at one instant, so a reader may see a commit but not the one before. What
    was missing then must be there when it looks again; if it is not, it is lost.
    """
    history, missing = replay(root, read_logs(root, cache))
    if not missing:
        return history
    again, still_missing = replay(root, read_logs(root, cache))
    if lost := missing & still_missing:
        raise DamagedLedgerError(
            f"The ledger at {root} lacks {', '.join(sorted(lost))}: restore the missing log files from a backup."
        )
    return again


def replay(root: Path, logs: Logs) -> tuple[History, frozenset[str]]:
    """The history up to the first gap, and in words what the logs lack. Raises `DamagedLedgerError` on a senseless commit."""
    steps = sorted(
        (_step(root, commit) for commit in logs.commits if commit.metadata is not None), key=lambda s: s.ledger_version
    )
    commits = {(commit.table, commit.delta_version): commit for commit in logs.commits}
    seen = {step.ledger_version for step in steps}
    missing = {f"Delta commit {version} of {table}" for table, version in logs.missing}
    missing |= {f"ledger version {version}" for version in range(1, max(seen, default=0) + 1) if version not in seen}
    batches: dict[str, Batch] = {}
    files: dict[str, tuple[DataFile, ...]] = {}
    done: list[Version] = []
    for number, step in enumerate(steps, start=1):
        if step.ledger_version > number:
            break
        commit = commits[step.table, step.delta_version]
        if step.ledger_version < number or (step.kind is VersionKind.IMPORT) == (step.batch in batches):
            raise _senseless(
                root, commit, f"version {step.ledger_version} or batch {step.batch} does not follow from those before"
            )
        if step.kind is VersionKind.IMPORT:
            batches[step.batch] = _batch(root, commit)
            files[step.batch] = commit.added
        elif step.kind is VersionKind.ERASE:
            # In every version, the earlier ones too: what was erased is to be read nowhere.
            files[step.batch] = _rewritten(root, commit)
        else:
            batches[step.batch] = replace(batches[step.batch], undone_in_version=number)
        done.append(step)
    return History(root, tuple(done), tuple(batches.values()), files), frozenset(missing)


def _step(root: Path, commit: Commit) -> Version:
    metadata = commit.metadata or {}
    try:
        number, kind, batch_id = int(metadata["ledger_version"]), VersionKind(metadata["kind"]), str(metadata["batch_id"])
    except (KeyError, ValueError, TypeError) as error:
        raise _senseless(root, commit, repr(error)) from error
    return Version(number, commit.committed_at, kind, commit.table, batch_id, commit.delta_version)


def _batch(root: Path, commit: Commit) -> Batch:
    try:
        return Batch.from_metadata(commit.table, commit.metadata or {})
    except (KeyError, ValueError, TypeError) as error:
        raise _senseless(root, commit, repr(error)) from error


def _rewritten(root: Path, commit: Commit) -> tuple[DataFile, ...]:
    try:
        return tuple(DataFile(**file) for file in (commit.metadata or {})["files"])
    except (KeyError, TypeError) as error:
        raise _senseless(root, commit, repr(error)) from error


def _senseless(root: Path, commit: Commit, why: str) -> DamagedLedgerError:
    return DamagedLedgerError(
        f"Delta commit {commit.delta_version} of {commit.table} in the ledger at {root} makes no sense ({why}): "
        "restore the ledger from a backup."
    )
