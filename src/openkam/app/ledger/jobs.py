"""Background work of the room: dry runs, imports, and clearing away what was uploaded long ago."""

from collections.abc import Mapping

from django.utils import timezone

from openkam.analytics.terms import OpenKamError
from openkam.app.ledger.operations.imports import carry_out
from openkam.app.ledger.operations.uploads import remove_expired_uploads
from openkam.app.ledger.terms import DRY_RUN_KIND, IMPORT_KIND, SWEEP_KIND, RefusedError
from openkam.app.people.permissions import Permission
from openkam.app.runs.jobs import Progress, job


@job(IMPORT_KIND, label="Import", permission=Permission.IMPORT_FACTS)
def import_facts(progress: Progress, *, draft_id: int) -> Mapping[str, object]:
    """Bring a draft's files into the ledger."""
    return _carried_out(progress, draft_id, is_dry_run=False)


@job(DRY_RUN_KIND, label="Dry run of an import", permission=Permission.IMPORT_FACTS)
def try_import(progress: Progress, *, draft_id: int) -> Mapping[str, object]:
    """Do everything that an import does but the commit."""
    return _carried_out(progress, draft_id, is_dry_run=True)


def _carried_out(progress: Progress, draft_id: int, *, is_dry_run: bool) -> Mapping[str, object]:
    if progress.actor is None:
        raise OpenKamError("An import acts for a person: ask for it on the import's page.")
    try:
        outcome = carry_out(
            actor=progress.actor, draft_id=draft_id, run_id=progress.run_id, is_dry_run=is_dry_run, tell=progress.report
        )
    except RefusedError as refused:
        # In its own words on the run's page, as what the engine refuses elsewhere.
        raise OpenKamError(str(refused)) from refused
    version = outcome["ledger_version"]
    if isinstance(version, int):
        progress.used_ledger_version(version)
    return outcome


@job(SWEEP_KIND, label="Remove old uploads", permission=Permission.IMPORT_FACTS, is_schedulable=True)
def clear_uploads(progress: Progress) -> Mapping[str, object]:
    """Remove uploaded files that were kept long enough."""
    progress.report("Looking for old uploads")
    return {"files_removed": remove_expired_uploads(now=timezone.now())}
