"""Files sent to the workspace: cleaned names, random places, limits, and a look at what they are."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openkam.analytics.ledger.detection import detect_files
from openkam.analytics.ledger.input_files import refuse_full_disk
from openkam.analytics.ledger.mapping import Format
from openkam.app.audit.operations import record_write
from openkam.app.ledger.models import ImportDraft, Upload
from openkam.app.ledger.operations.drafts import changed_draft, remove_stored
from openkam.app.ledger.queries.drafts import mapping_of
from openkam.app.ledger.queries.facts import files_folder, in_words
from openkam.app.ledger.terms import LONGEST_FILE_NAME_BYTES, MOST_FILES_PER_IMPORT, UPLOAD_KEPT_DAYS, RefusedError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require

UPLOADS_FOLDER = "uploads"
_MIB = 1024 * 1024


def clean_name(name: str) -> str:
    """A file's name without folders, control characters and what file systems or shells take for something else."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 10:
        room = LONGEST_FILE_NAME_BYTES - len(ending.encode()) - 1
        kept = f"{_shortened(stem, room)}.{ending}" if stem else ending
    return _shortened(kept, LONGEST_FILE_NAME_BYTES) or "file"


def _shortened(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")


def receive_upload(*, actor: User, draft: ImportDraft, name: str, chunks: Iterable[bytes], size: int) -> Upload:
    """Take a file into a draft, chunk by chunk, and look at how it would be read.

    Raises `RefusedError` for a file that is too large, of no kind that can be imported, damaged or sent before, and where the
    disk has no room; then nothing of it is kept.
    """
    require(actor, Permission.IMPORT_FACTS)
    shown = _free_name(draft, clean_name(name))
    limit = settings.OPENKAM_UPLOAD_LIMIT_BYTES
    if size > limit:
        raise RefusedError(too_large(shown, limit))
    stored = f"{UPLOADS_FOLDER}/{secrets.token_hex(16)}/{shown}"
    path = files_folder() / stored
    path.parent.mkdir(parents=True)
    try:
        with in_words():
            refuse_full_disk(shown, size, path.parent)
        written, digest = _write(path, chunks, limit, shown)
        detection = _detected(path, mapping_of(draft).format)
        now = timezone.now()
        with changed_draft(actor, "changed import", draft) as locked:
            if locked.uploads.filter(name=shown).exists():
                raise RefusedError(f"{shown}: another file of this name arrived at the same moment. Send it again.")
            _refuse_twice(locked, shown, digest)
            upload = Upload.objects.create(
                draft=locked,
                name=shown,
                stored=stored,
                bytes=written,
                sha256=digest,
                detection=detection,
                received_by=actor,
                expires_at=now + timedelta(days=UPLOAD_KEPT_DAYS),
            )
            locked.dry_run = None
            after: dict[str, object] = {"name": shown, "bytes": written, "sha256": digest, "draft_id": locked.pk}
            record_write(actor=actor, verb="sent file", record=upload, before={}, after=after)
    except BaseException:
        remove_stored(stored)
        raise
    return upload


def too_large(name: str, limit: int) -> str:
    """What to say of a file beyond the limit."""
    return (
        f"{name}: larger than {limit // _MIB:,} MiB, the most this workspace takes in a page. Import it with "
        "`openkam import`, pack it, or let an administrator raise OPENKAM_UPLOAD_LIMIT_MIB."
    )


def _write(path: Path, chunks: Iterable[bytes], limit: int, name: str) -> tuple[int, str]:
    digest, written = hashlib.sha256(), 0
    try:
        with path.open("xb") as out:
            for chunk in chunks:
                written += len(chunk)
                if written > limit:
                    raise RefusedError(too_large(name, limit))
                digest.update(chunk)
                out.write(chunk)
    except OSError as error:
        raise RefusedError(f"{name}: could not be stored: {error.strerror}. Nothing was kept.") from error
    return written, digest.hexdigest()


def _detected(path: Path, given: Format) -> list[dict[str, object]]:
    with in_words():
        return [asdict(file) for file in detect_files([path], given)]


def _free_name(draft: ImportDraft, name: str) -> str:
    taken = set(draft.uploads.values_list("name", flat=True))
    if len(taken) >= MOST_FILES_PER_IMPORT:
        raise RefusedError(f"One import takes at most {MOST_FILES_PER_IMPORT} files: pack the others into a .zip.")
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}"
    return free


def _refuse_twice(draft: ImportDraft, name: str, digest: str) -> None:
    same = draft.uploads.filter(sha256=digest).first()
    if same:
        raise RefusedError(f"{name} has the same content as {same.name}: it is here already.")


def remove_upload(*, actor: User, upload: Upload) -> None:
    """Take a file out of its draft again."""
    with changed_draft(actor, "changed import", upload.draft) as locked:
        locked.dry_run = None
        before: dict[str, object] = {"name": upload.name, "bytes": upload.bytes, "sha256": upload.sha256}
        record_write(actor=actor, verb="removed file", record=upload, before=before, after={})
        Upload.objects.filter(pk=upload.pk).delete()
    remove_stored(upload.stored)


def detect_again(*, actor: User, draft: ImportDraft) -> None:
    """Look at all files once more, with what the draft's mapping says of their format. Raises `RefusedError`."""
    require(actor, Permission.IMPORT_FACTS)
    given = mapping_of(draft).format
    found = {upload: _detected(files_folder() / upload.stored, given) for upload in draft.uploads.all()}
    with transaction.atomic():
        for upload, detection in found.items():
            Upload.objects.filter(pk=upload.pk).update(detection=detection)
            upload.detection = detection


def remove_expired_uploads(*, now: datetime) -> int:
    """Remove files kept beyond their time, and folders that no upload names; returns how many files. The system does it."""
    expired = list(Upload.objects.filter(expires_at__lt=now))
    for upload in expired:
        with transaction.atomic():
            record_write(actor=None, verb="removed file", record=upload, before={"name": upload.name}, after={})
            Upload.objects.filter(pk=upload.pk).delete()
        remove_stored(upload.stored)
    _remove_orphans(now)
    return len(expired)


def _remove_orphans(now: datetime) -> None:
    folder = files_folder() / UPLOADS_FOLDER
    named = {Path(stored).parent.name for stored in Upload.objects.values_list("stored", flat=True)}
    named |= {Path(stored).parent.name for stored in ImportDraft.objects.values_list("dry_run_rejects", flat=True)}
    oldest = (now - timedelta(days=1)).timestamp()
    for path in folder.iterdir() if folder.is_dir() else ():
        if re.fullmatch(r"[0-9a-f]{32}", path.name) and path.name not in named and path.stat().st_mtime < oldest:
            remove_stored(f"{UPLOADS_FOLDER}/{path.name}/x")
