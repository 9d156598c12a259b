"""Imports on their way: the draft, what its files look like, and what its mapping makes of them."""

from pathlib import Path

from django.db.models import Prefetch, QuerySet

from openkam.analytics.ledger.mapping import ImportMapping
from openkam.analytics.ledger.plan import unmapped_fields
from openkam.app.ledger.models import ImportDraft, Upload
from openkam.app.ledger.queries.facts import files_folder, in_words, label_of, open_ledger
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require


def drafts(user: User) -> QuerySet[ImportDraft]:
    """All imports that were begun; whoever may import facts may go on with another's."""
    require(user, Permission.IMPORT_FACTS)
    return ImportDraft.objects.select_related("source", "begun_by", "dry_run", "import_run").prefetch_related(
        Prefetch("uploads", Upload.objects.order_by("id"))
    )


def open_drafts(user: User) -> QuerySet[ImportDraft]:
    """Those not in the ledger yet."""
    return drafts(user).filter(batch_id="")


def draft_of_batch(user: User, batch_id: str) -> ImportDraft | None:
    """The draft that became the batch; None for one that the command imported."""
    return drafts(user).filter(batch_id=batch_id).first()


def path_of(upload: Upload) -> Path:
    """Where an uploaded file lies."""
    return files_folder() / upload.stored


def paths_of(draft: ImportDraft) -> list[Path]:
    """The draft's files, in the order they were sent."""
    return [path_of(upload) for upload in draft.uploads.all()]


def files_are_there(draft: ImportDraft) -> bool:
    """Whether the draft has files and none of them was removed since."""
    paths = paths_of(draft)
    return bool(paths) and all(path.is_file() for path in paths)


def mapping_of(draft: ImportDraft) -> ImportMapping:
    """The draft's mapping; an empty one of its table before there is any. Raises `RefusedError`."""
    with in_words():
        return ImportMapping.parse(draft.mapping) if draft.mapping else ImportMapping(draft.table)


def unmapped(draft: ImportDraft) -> tuple[str, ...]:
    """Fields that every row must carry and that have no source yet, in a page's words."""
    return tuple(label_of(name) for name in unmapped_fields(mapping_of(draft)))


def imported_before(user: User, draft: ImportDraft) -> tuple[tuple[str, str], ...]:
    """Names of the draft's files that count in the ledger already for this table and source, with their batch."""
    ledger = open_ledger(user)
    with in_words():
        live = [
            b
            for b in ledger.batches()
            if b.is_live and b.rows_accepted and (b.table, b.source) == (draft.table, draft.source.name)
        ]
    batch_of = {file.sha256: batch.batch_id for batch in live for file in batch.files}
    return tuple((u.name, batch_of[u.sha256]) for u in draft.uploads.all() if u.sha256 in batch_of)


def dry_run_rejects(user: User, draft: ImportDraft) -> Path | None:
    """Where the rows lie that the draft's last dry run held back; None when it held none back."""
    require(user, Permission.IMPORT_FACTS)
    path = files_folder() / draft.dry_run_rejects
    return path if draft.dry_run_rejects and path.is_file() else None
