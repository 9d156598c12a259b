"""Rejected rows as files: written out to be mended, and mended rows sent back."""

import secrets
import shutil
from typing import BinaryIO

from openkam.analytics.ledger.reject_search import RejectSearch, write_rejects
from openkam.app.audit.operations import record_write
from openkam.app.ledger.models import LedgerBatch
from openkam.app.ledger.operations.uploads import UPLOADS_FOLDER
from openkam.app.ledger.queries.facts import files_folder, in_words, open_ledger
from openkam.app.ledger.terms import RefusedError
from openkam.app.people.models import User


def export_rejects(*, actor: User, wanted: RejectSearch) -> BinaryIO:
    """The rejected rows as an open CSV file that is gone once it is closed; raises `RefusedError` when there are none.

    Raw rows leave the workspace with it, so the audit hears of it.
    """
    ledger = open_ledger(actor)
    path = files_folder() / UPLOADS_FOLDER / secrets.token_hex(16) / "rejects.csv"
    path.parent.mkdir(parents=True)
    try:
        with in_words():
            rows = write_rejects(ledger, wanted, path)
        file = path.open("rb") if rows else None
    finally:
        shutil.rmtree(path.parent)
    if file is None:
        raise RefusedError("No rejected row meets this: nothing to write.")
    record_write(
        actor=actor,
        verb="downloaded rejects",
        record=LedgerBatch(batch_id=wanted.batch_id or "all"),
        before={},
        after={"rows": rows, **{k: v for k in ("source", "table", "file", "column", "reason") if (v := getattr(wanted, k))}},
    )
    return file
