"""Verifying a ledger: do the log, the files on disk and what Delta itself reads agree?"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from openkam.analytics.ledger.commit import Place
from openkam.analytics.ledger.log import DamagedLedgerError, read_logs
from openkam.analytics.ledger.rejects import rejects_file
from openkam.analytics.ledger.versions import History, replay


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the ledger: which file or table, and what."""

    where: str
    what: str


def verify_place(place: Place) -> list[Problem]:
    """Every problem of the ledger; see `Ledger.verify`."""
    try:
        logs = read_logs(place.root, place.cache)
        history, missing = replay(place.root, logs)
    except DamagedLedgerError as error:
        return [Problem(str(place.root), str(error))]
    gaps = [Problem(str(place.root), f"{what} is missing from the log") for what in sorted(missing)]
    foreign = [
        Problem(
            str(place.root / commit.table),
            f"Delta commit {commit.delta_version} was made by another program and is not part of the ledger",
        )
        for commit in logs.commits
        if commit.metadata is None and (commit.added or commit.removed)
    ]
    return [*gaps, *foreign, *_files(place, history), *_tables(place, history)]


def _files(place: Place, history: History) -> Iterator[Problem]:
    for batch in history.batches:
        for file in history.files[batch.batch_id]:
            path = place.root / batch.table / file.path
            if not path.exists():
                yield Problem(str(path), f"the file of batch {batch.batch_id} is missing")
            elif path.stat().st_size != file.bytes:
                yield Problem(
                    str(path), f"the file of batch {batch.batch_id} has {path.stat().st_size} bytes instead of {file.bytes}"
                )
        if batch.rows_rejected and not rejects_file(place.root, batch.batch_id).exists():
            yield Problem(str(rejects_file(place.root, batch.batch_id)), f"the rejects of batch {batch.batch_id} are missing")


def _tables(place: Place, history: History) -> Iterator[Problem]:
    """Delta reads its checkpoint as well as its log: both must lead to the same files."""
    snapshot = history.at()
    for table in dict.fromkeys(batch.table for batch in history.batches):
        folder = place.root / table
        try:
            seen = {unquote(uri).rsplit("/", 1)[-1] for uri in DeltaTable(folder).file_uris()}
        except DeltaError as error:
            yield Problem(str(folder), f"Delta cannot read the table: {error}")
            continue
        expected = {uri.rsplit("/", 1)[-1] for uri in snapshot.uris(table)}
        if seen != expected:
            yield Problem(str(folder), f"Delta reads {len(seen)} files where the ledger has {len(expected)}")
