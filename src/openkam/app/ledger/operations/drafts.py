"""The draft of an import: begun, changed under a lock, discarded."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager

from django.db import transaction

from openkam.app.audit.operations import record_write
from openkam.app.ledger.models import ImportDraft, Source
from openkam.app.ledger.queries.drafts import path_of
from openkam.app.ledger.queries.facts import FACT_TABLES, files_folder
from openkam.app.ledger.terms import STEPS, RefusedError, Step
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.runs.models import Run
from openkam.app.runs.terms import OPEN_STATUSES

AUDITED = ("source_id", "table", "mapping", "counts_again", "dry_run_id", "import_run_id", "batch_id")


def is_running(run: Run | None) -> bool:
    """Whether a run is queued or at work."""
    return run is not None and run.status in OPEN_STATUSES


def begin_import(*, actor: User, source: Source, table: str, mapping: str = "") -> ImportDraft:
    """Begin an import from a source into a table. Raises `RefusedError` for a table that the ledger does not have."""
    require(actor, Permission.IMPORT_FACTS)
    if table not in FACT_TABLES:
        raise RefusedError(f"There is no table “{table}” in the ledger: choose one of {', '.join(FACT_TABLES)}.")
    with transaction.atomic():
        draft = ImportDraft.objects.create(source=source, table=table, mapping=mapping, begun_by=actor)
        after: dict[str, object] = {"source_id": source.pk, "table": table}
        record_write(actor=actor, verb="began import", record=draft, before={}, after=after)
    return draft


@contextmanager
def changed_draft(actor: User, verb: str, draft: ImportDraft) -> Generator[ImportDraft]:
    """The draft under a lock, to be changed; saved and audited at the end. Raises `RefusedError` once it is imported or at work."""
    require(actor, Permission.IMPORT_FACTS)
    with transaction.atomic():
        locked = ImportDraft.objects.select_for_update(of=("self",)).select_related("source").get(pk=draft.pk)
        if locked.is_closed:
            raise RefusedError("This import is in the ledger already. Begin another, or undo its batch.")
        if is_running(locked.import_run) or is_running(locked.dry_run):
            raise RefusedError("This import is at work. Wait for it, or cancel its run first.")
        before = {name: getattr(locked, name) for name in AUDITED}
        yield locked
        locked.save()
        after = {name: getattr(locked, name) for name in AUDITED}
        changed = [name for name in AUDITED if before[name] != after[name]]
        if changed:
            record_write(
                actor=actor,
                verb=verb,
                record=locked,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
    for field in ("source", "table", "mapping", "guesses", "step", "counts_again", "dry_run", "import_run", "dry_run_rejects"):
        setattr(draft, field, getattr(locked, field))


def reach(draft: ImportDraft, step: Step) -> None:
    """Note that a step was reached; never goes back."""
    if STEPS.index(step) > STEPS.index(Step(draft.step)):
        draft.step = step


def discard_import(*, actor: User, draft: ImportDraft) -> None:
    """Throw a draft and its files away. Raises `RefusedError` once it is imported or while it is at work."""
    with changed_draft(actor, "changed import", draft) as locked:
        files = [path_of(upload) for upload in locked.uploads.all()]
        rejects = locked.dry_run_rejects
    with transaction.atomic():
        record_write(
            actor=actor,
            verb="discarded import",
            record=draft,
            before={"source_id": draft.source_id, "table": draft.table, "files": [path.name for path in files]},
            after={},
        )
        ImportDraft.objects.filter(pk=draft.pk).delete()
    for path in files:
        remove_stored(path.relative_to(files_folder()).as_posix())
    remove_stored(rejects)


def remove_stored(stored: str) -> None:
    """Remove a stored file with the folder that was made for it alone."""
    if stored:
        shutil.rmtree((files_folder() / stored).parent, ignore_errors=True)
