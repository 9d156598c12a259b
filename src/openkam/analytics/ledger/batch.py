"""A batch is one import: its files, its counts and where it stands in the ledger."""

import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from openkam.analytics.terms import OpenKamError

_ENTROPY_BYTES = 4
_STAMP_FORMAT = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was imported: its name as the user gave it, SHA-256 in hex of its content, and its length in bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One import into one table. `rows_rejected` counts input rows; `undone_in_version` is null while the batch counts."""

    batch_id: str
    table: str
    source: str
    files: tuple[SourceFile, ...]
    rows_accepted: int
    rows_rejected: int
    imported_at: datetime
    ledger_version: int
    undone_in_version: int | None = None

    @property
    def is_live(self) -> bool:
        """True while the batch's rows are part of the newest version."""
        return self.undone_in_version is None

    def metadata(self) -> dict[str, Any]:
        """What the Delta commit says about the batch, as JSON values."""
        return {
            "kind": "import",
            "ledger_version": self.ledger_version,
            "batch_id": self.batch_id,
            "source": self.source,
            "files": [asdict(file) for file in self.files],
            "rows_accepted": self.rows_accepted,
            "rows_rejected": self.rows_rejected,
            "at": self.imported_at.isoformat(),
        }

    @classmethod
    def from_metadata(cls, table: str, metadata: Mapping[str, Any]) -> "Batch":
        """The batch that a commit of `table` tells of. Raises `KeyError`, `TypeError` or `ValueError` when it is not whole."""
        return cls(
            batch_id=str(metadata["batch_id"]),
            table=table,
            source=str(metadata["source"]),
            files=tuple(SourceFile(**file) for file in metadata["files"]),
            rows_accepted=int(metadata["rows_accepted"]),
            rows_rejected=int(metadata["rows_rejected"]),
            imported_at=datetime.fromisoformat(metadata["at"]),
            ledger_version=int(metadata["ledger_version"]),
        )


def as_utc(at: datetime, what: str) -> datetime:
    """`at` in UTC; raises `OpenKamError` naming `what` when it carries no time zone."""
    if at.tzinfo is None:
        raise OpenKamError(f"{what} is {at.isoformat()} without a time zone: give an instant, for example datetime.now(UTC).")
    return at.astimezone(UTC)


class BatchIds:
    """Gives batch ids that sort by time, and in the order given where the time is the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_at: datetime | None = None
        self._count = 0

    def new(self, at: datetime) -> str:
        """A new id for an import at that instant, unique also among processes that import at the same microsecond."""
        at_utc = as_utc(at, "The time of the import")
        with self._lock:
            self._count = self._count + 1 if at_utc == self._last_at else 0
            self._last_at = at_utc
            # Entropy only keeps ids of different processes apart; no figure depends on it.
            return f"{at_utc.strftime(_STAMP_FORMAT)}-{self._count:05x}{os.urandom(_ENTROPY_BYTES).hex()}"


BATCH_IDS = BatchIds()
"""The ids of this process: one for all ledgers, so that the order holds whichever object asks."""
