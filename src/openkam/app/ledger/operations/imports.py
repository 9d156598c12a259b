"""Dry runs and imports: asked for, carried out by a worker, and undone."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.import_files import import_files
from openkam.analytics.ledger.import_result import ImportResult, Progress
from openkam.analytics.ledger.ledger import Ledger
from openkam.app.audit.operations import record_write
from openkam.app.ledger.models import ImportDraft, LedgerBatch
from openkam.app.ledger.operations.drafts import changed_draft, reach, remove_stored
from openkam.app.ledger.operations.uploads import UPLOADS_FOLDER
from openkam.app.ledger.queries.drafts import files_are_there, mapping_of, paths_of, unmapped
from openkam.app.ledger.queries.facts import files_folder, in_words, open_ledger
from openkam.app.ledger.queries.history import batch as batch_line
from openkam.app.ledger.terms import DRY_RUN_KIND, IMPORT_KIND, RefusedError, Step
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run

Tell = Callable[[str, float], None]
"""Hears what an import does and which share of it is done."""

_SHARES = {"reading": (0.0, 0.2), "checking": (0.2, 0.75), "committing": (0.95, 0.0)}
"""By step: the share of the work before it, and its own."""


def request_import(*, actor: User, draft: ImportDraft, is_dry_run: bool, counts_again: bool = False) -> Run:
    """Have a draft imported, or tried without writing, by a worker. Raises `RefusedError` where something is missing still."""
    require(actor, Permission.IMPORT_FACTS)
    if not files_are_there(draft):
        raise RefusedError("The files are not here any more, or none was sent: send them again.")
    if missing := unmapped(draft):
        raise RefusedError(f"Nothing says yet where {', '.join(missing)} come from: choose a column, a value or a formula.")
    verb = "asked for dry run" if is_dry_run else "asked for import"
    with changed_draft(actor, verb, draft) as locked:
        locked.counts_again = counts_again
        run = request_run(
            actor=actor,
            kind=DRY_RUN_KIND if is_dry_run else IMPORT_KIND,
            title=f"{'Dry run' if is_dry_run else 'Import'}: {locked}"[:200],
            parameters={"draft_id": locked.pk},
        )
        if is_dry_run:
            locked.dry_run = run
        else:
            locked.import_run = run
        reach(locked, Step.RUN)
    return run


def carry_out(*, actor: User, draft_id: int, run_id: int, is_dry_run: bool, tell: Tell) -> dict[str, object]:
    """Import a draft's files, or only try to, and return what came of it as JSON values.

    The draft is told of the run, which may be one that was started again.

    Raises `RefusedError` in the engine's words; then the ledger is as it was.
    """
    ledger = open_ledger(actor)
    draft = ImportDraft.objects.select_related("source").prefetch_related("uploads").filter(pk=draft_id).first()
    if draft is None:
        raise RefusedError("This import was discarded: begin another.")
    if draft.is_closed:
        raise RefusedError(f"This import is in the ledger already, as batch {draft.batch_id}.")
    if not is_dry_run and draft.carried_out_since and (done := _brought_by_dead_worker(ledger, draft)):
        _close(actor, draft, done)
        ImportDraft.objects.filter(pk=draft.pk).update(import_run_id=run_id)
        return {"batch": done.batch_id, "ledger_version": done.ledger_version, **_counts(done)}
    at = timezone.now()
    now_on = {"dry_run_id": run_id} if is_dry_run else {"import_run_id": run_id, "carried_out_since": at}
    ImportDraft.objects.filter(pk=draft.pk).update(**now_on)
    try:
        result = _imported(ledger, draft, is_dry_run, at, tell)
    except BaseException:
        # What was raised came before the commit: the next attempt need not look for a batch of this one.
        ImportDraft.objects.filter(pk=draft.pk).update(carried_out_since=None)
        raise
    if result.batch is not None:
        _close(actor, draft, result.batch)
    else:
        _keep_rejects(draft, result)
    return result.document()


def _imported(ledger: Ledger, draft: ImportDraft, is_dry_run: bool, at: datetime, tell: Tell) -> ImportResult:
    def hear(progress: Progress) -> None:
        before, own = _SHARES[progress.step]
        share = before + own * progress.bytes_done / max(progress.bytes_total, 1)
        tell(f"{progress.step.capitalize()} {progress.file}".strip(), share)

    with in_words():
        return import_files(
            ledger,
            paths_of(draft),
            table=draft.table,
            source=draft.source.name,
            imported_at=at,
            mapping=mapping_of(draft),
            dry_run=is_dry_run,
            again=draft.counts_again,
            latest_day=timezone.localdate(at),
            progress=hear,
        )


def _brought_by_dead_worker(ledger: Ledger, draft: ImportDraft) -> Batch | None:
    """The batch that a worker committed before it died without a word, if it did."""
    digests = {upload.sha256 for upload in draft.uploads.all()}
    with in_words():
        for batch in ledger.batches():
            same = (batch.table, batch.source, {file.sha256 for file in batch.files})
            if same == (draft.table, draft.source.name, digests) and batch.imported_at == draft.carried_out_since:
                return batch
    return None


@transaction.atomic
def _close(actor: User, draft: ImportDraft, batch: Batch) -> None:
    ImportDraft.objects.filter(pk=draft.pk).update(batch_id=batch.batch_id, carried_out_since=None)
    record_write(
        actor=actor,
        verb="imported facts",
        record=LedgerBatch(batch_id=batch.batch_id),
        before={},
        after={
            "table": batch.table,
            "source": batch.source,
            "files": [file.name for file in batch.files],
            "rows_accepted": batch.rows_accepted,
            "rows_rejected": batch.rows_rejected,
            "ledger_version": batch.ledger_version,
        },
    )


def _keep_rejects(draft: ImportDraft, result: ImportResult) -> None:
    """Keep what a dry run held back as a file to be mended, in the place of the one before."""
    remove_stored(draft.dry_run_rejects)
    stored = ""
    if result.rows_rejected:
        stored = f"{UPLOADS_FOLDER}/{secrets.token_hex(16)}/rejects.csv"
        path = files_folder() / stored
        path.parent.mkdir(parents=True)
        result.reject_csv(path)
    ImportDraft.objects.filter(pk=draft.pk).update(dry_run_rejects=stored)


def _counts(batch: Batch) -> dict[str, object]:
    read = batch.rows_accepted + batch.rows_rejected
    return {
        "rows": {"read": read, "accepted": batch.rows_accepted, "rejected": batch.rows_rejected},
        "notes": ["The worker was stopped right after these rows came into the ledger; they were not imported twice."],
    }


def undo_batch(*, actor: User, batch_id: str, reason: str) -> int:
    """Take a whole import back; returns the ledger version after it. Raises `RefusedError` when it is unknown or undone."""
    ledger = open_ledger(actor)
    with transaction.atomic(), in_words():
        batch = ledger.batch(batch_id)
        version = ledger.undo(batch_id, timezone.now())
        record_write(
            actor=actor,
            verb="undid import",
            record=LedgerBatch(batch_id=batch_id),
            before={"rows_accepted": batch.rows_accepted, "undone_in_version": None},
            after={"rows_accepted": 0, "undone_in_version": version.ledger_version},
            reason=reason,
        )
    return version.ledger_version


def reopen_import(*, actor: User, draft: ImportDraft) -> ImportDraft:
    """Take up an import again whose batch was undone, with its files and mapping. Raises `RefusedError` while the batch counts."""
    require(actor, Permission.IMPORT_FACTS)
    line = batch_line(actor, draft.batch_id) if draft.batch_id else None
    if line is None or line.is_live:
        raise RefusedError("Only an import whose batch was undone can be taken up again: undo the batch first.")
    with transaction.atomic():
        locked = ImportDraft.objects.select_for_update().get(pk=draft.pk)
        record_write(
            actor=actor, verb="took up import again", record=locked, before={"batch_id": locked.batch_id}, after={"batch_id": ""}
        )
        locked.batch_id, locked.import_run, locked.dry_run, locked.step = "", None, None, Step.MAP
        locked.save()
    return locked
