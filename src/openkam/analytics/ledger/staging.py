"""Staging folders: where an import writes finished Parquet files, on the ledger's own file system, before it is committed.

Each has a lock that its process holds as long as it lives; what a dead process left behind is removed when the ledger is next
opened.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openkam.analytics.ledger.lock import exclusive, exclusive_if_free, unwritable

STAGING_FOLDER = "staging"
_GATE = "gate.lock"
_HELD = "held.lock"


@dataclass(frozen=True, slots=True)
class Staging:
    """A folder for one import into `table`. Every `*.parquet` in `path` becomes part of the batch; `scratch` is for the rest."""

    table: str
    path: Path
    scratch: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The Parquet files written so far, by name, those in folders below included."""
        return tuple(sorted(self.path.rglob("*.parquet")))

    @property
    def rejects_path(self) -> Path:
        """Where the import may write its rejects as Parquet, to be given to `append`."""
        return self.scratch / "rejects.parquet"


@contextmanager
def staged(root: Path, table: str) -> Generator[Staging]:
    """A new staging folder, removed with all that is left in it at the end, whatever happened."""
    parent = root / STAGING_FOLDER
    with contextlib.ExitStack() as held:
        try:
            parent.mkdir(exist_ok=True)
            # Under the gate nobody sweeps, so no other process takes the new folder for a dead one before its lock is held.
            with exclusive(parent / _GATE):
                folder = Path(tempfile.mkdtemp(prefix=f"{table}-", dir=parent))
                held.callback(shutil.rmtree, folder, ignore_errors=True)
                held.enter_context(exclusive(folder / _HELD))
            staging = Staging(table, folder / "data", folder / "scratch")
            staging.path.mkdir()
            staging.scratch.mkdir()
        except OSError as error:
            raise unwritable(root, error) from error
        yield staging


def sweep(root: Path) -> int:
    """Remove staging folders whose process is dead; returns how many. Does nothing where the ledger may not be written to."""
    parent = root / STAGING_FOLDER
    removed = 0
    if not parent.is_dir():
        return removed
    with contextlib.suppress(OSError), exclusive_if_free(parent / _GATE) as is_free:
        for folder in [path for path in parent.iterdir() if path.is_dir()] if is_free else []:
            with exclusive_if_free(folder / _HELD) as is_dead:
                if is_dead:
                    shutil.rmtree(folder, ignore_errors=True)
                    removed += 1
    return removed
