"""Undoing a batch: one more commit that removes its files. The versions before stay readable, for the files stay on disk."""

from datetime import datetime

from openkam.analytics.ledger.commit import Place, TableChange, commit_change
from openkam.analytics.ledger.versions import History, Version, VersionKind
from openkam.analytics.terms import OpenKamError


class UndoneBatchError(OpenKamError):
    """The batch was undone before."""


def undo_batch(place: Place, batch_id: str, undone_at: datetime) -> Version:
    """Remove the batch's rows from the newest version; see `Ledger.undo`."""

    def change(history: History) -> TableChange:
        batch = history.batch(batch_id)
        if not batch.is_live:
            raise UndoneBatchError(
                f"Batch {batch_id} was undone in version {batch.undone_in_version}: to bring it back, import its files again."
            )
        metadata = {
            "kind": str(VersionKind.UNDO),
            "ledger_version": history.latest_version + 1,
            "batch_id": batch_id,
            "at": undone_at.isoformat(),
        }
        undone_at_ms = int(undone_at.timestamp() * 1000)
        return TableChange(batch.table, metadata, removed=history.files[batch_id], removed_at_ms=undone_at_ms)

    place.history().batch(batch_id)
    commit_change(place, change)
    return next(v for v in place.history().versions if v.kind is VersionKind.UNDO and v.batch == batch_id)
