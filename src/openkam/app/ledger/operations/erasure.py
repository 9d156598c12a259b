"""Taking a person out of the facts: out of every version of the ledger's interactions, and out of files that still wait for an import."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from openkam.analytics.ledger.ledger import Ledger
from openkam.app.audit.operations import record_write
from openkam.app.ledger.models import ImportDraft, Upload
from openkam.app.ledger.operations.drafts import remove_stored
from openkam.app.ledger.queries.facts import LEDGER_FOLDER, files_folder, in_words
from openkam.app.people.models import User

TABLE = "interactions"
PACKED = (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
"""How Parquet, XLSX and ZIP, XLS, and gzip begin: what is in them cannot be told by looking at their bytes."""


@dataclass(frozen=True, slots=True)
class ErasedFacts:
    """What went: rows that lost the person, rejected rows, files that waited."""

    rows: int
    rejected_rows: int
    files: int


def erase_from_facts(*, actor: User | None, redact: Callable[[str], str]) -> ErasedFacts:
    """Take a person out of the ledger and of what was sent for it. `redact` returns a text without them, itself where they are not in it.

    A waiting file of interactions that names them, or that is packed so that nobody can tell, is removed whole: it is to be sent again.
    The room that knows the person has asked for permission and scope. Raises `RefusedError` in the engine's words.
    """
    files = sum(
        _remove_upload(actor, upload) for upload in Upload.objects.filter(draft__table=TABLE) if _names(upload.stored, redact)
    )
    for draft in ImportDraft.objects.filter(table=TABLE).exclude(dry_run_rejects=""):
        if _names(draft.dry_run_rejects, redact):
            remove_stored(draft.dry_run_rejects)
            ImportDraft.objects.filter(pk=draft.pk).update(dry_run_rejects="")
            files += 1
    folder = Path(settings.OPENKAM_HOME) / LEDGER_FOLDER
    if not folder.is_dir():
        return ErasedFacts(0, 0, files)
    with in_words():
        erased = Ledger.open(folder).erase_person(redact, timezone.now())
    return ErasedFacts(erased.rows, erased.rejected_rows, files)


def _names(stored: str, redact: Callable[[str], str]) -> bool:
    if redact(Path(stored).name) != Path(stored).name:
        return True
    path = files_folder() / stored
    if not path.is_file():
        return False
    with path.open("rb") as opened:
        if opened.read(4).startswith(PACKED):
            return True
    with path.open(encoding="utf-8", errors="replace") as lines:
        return any(redact(line) != line for line in lines)


def _remove_upload(actor: User | None, upload: Upload) -> int:
    before: dict[str, object] = {"bytes": upload.bytes, "sha256": upload.sha256}
    record_write(actor=actor, verb="removed file", record=upload, before=before, after={}, reason="A person in it was erased")
    Upload.objects.filter(pk=upload.pk).delete()
    remove_stored(upload.stored)
    return 1
