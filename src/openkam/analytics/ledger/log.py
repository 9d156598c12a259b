"""Reading the Delta logs: what each commit of each table says, and whether a commit is missing.

A commit's own metadata (`openkam` in its `commitInfo`) carries the ledger version and the batch, so the log is the only truth
about what was imported. Delta commits that other programs made carry none of it and do not make ledger versions.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.terms import OpenKamError

METADATA_KEY = "openkam"
LOG_FOLDER = "_delta_log"
_COMMIT_NAME = re.compile(r"(\d{20})\.json")


class DamagedLedgerError(OpenKamError):
    """A file of the ledger is missing or cannot be read."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A Parquet file that a commit added: path within the table's folder, length in bytes, number of rows where known."""

    path: str
    bytes: int
    rows: int | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One Delta commit of one table. `metadata` is what we wrote with it, null for a commit that is not an import or an undo."""

    table: str
    delta_version: int
    committed_at: datetime
    metadata: Mapping[str, Any] | None
    added: tuple[DataFile, ...]
    removed: tuple[str, ...]


@dataclass(slots=True)
class LogCache:
    """Commits read before; a commit file never changes, so its name, length and time of change identify its content."""

    commits: dict[tuple[str, int, int, int], Commit] = field(default_factory=dict[tuple[str, int, int, int], Commit])


@dataclass(frozen=True, slots=True)
class Logs:
    """All commits found, and the commits that must exist because a later one does: `(table, delta version)`."""

    commits: tuple[Commit, ...]
    missing: frozenset[tuple[str, int]]


def read_logs(root: Path, cache: LogCache) -> Logs:
    """Every table's commits below `root`. Raises `DamagedLedgerError` naming the file when one cannot be read."""
    commits: list[Commit] = []
    missing: set[tuple[str, int]] = set()
    for table in TABLES:
        found = [_cached(path, table, version, cache) for version, path in commit_files(root / table)]
        commits += found
        seen = {commit.delta_version for commit in found}
        missing |= {(table, version) for version in range(max(seen, default=-1) + 1) if version not in seen}
    return Logs(tuple(commits), frozenset(missing))


def commit_files(table_folder: Path) -> list[tuple[int, Path]]:
    """The commit files of one table with their Delta versions, in order; none when the table was never written."""
    try:
        paths = list((table_folder / LOG_FOLDER).iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DamagedLedgerError(f"Cannot read the ledger's log {table_folder / LOG_FOLDER}: {error.strerror}.") from error
    matches = ((_COMMIT_NAME.fullmatch(path.name), path) for path in paths)
    return sorted((int(match.group(1)), path) for match, path in matches if match)


def _cached(path: Path, table: str, version: int, cache: LogCache) -> Commit:
    try:
        status = path.stat()
        key = (str(path), status.st_size, status.st_mtime_ns, status.st_ino)
        if key not in cache.commits:
            cache.commits[key] = parse_commit(path.read_bytes(), table, version)
    except OSError as error:
        raise DamagedLedgerError(f"Cannot read the ledger's log {path}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedLedgerError(
            f"The ledger's log {path} is damaged ({type(error).__name__}: {error}). Restore this file from a backup."
        ) from error
    return cache.commits[key]


def parse_commit(content: bytes, table: str, version: int) -> Commit:
    """The commit that a log file's content tells of. Raises `ValueError`, `KeyError` or `TypeError` when it is not one."""
    committed_at: datetime | None = None
    metadata: Mapping[str, Any] | None = None
    added: list[DataFile] = []
    removed: list[str] = []
    for line in content.splitlines():
        action: dict[str, Any] = json.loads(line)
        if "commitInfo" in action:
            committed_at = datetime.fromtimestamp(action["commitInfo"]["timestamp"] / 1000, UTC)
            metadata = action["commitInfo"].get(METADATA_KEY)
        elif "add" in action:
            add = action["add"]
            rows = json.loads(add.get("stats") or "{}").get("numRecords")
            added.append(DataFile(unquote(add["path"]), int(add["size"]), rows))
        elif "remove" in action:
            removed.append(unquote(action["remove"]["path"]))
    if committed_at is None:
        raise ValueError("it holds no commitInfo")
    return Commit(table, version, committed_at, metadata, tuple(added), tuple(removed))
