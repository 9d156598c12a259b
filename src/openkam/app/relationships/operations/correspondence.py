"""Files of mails and appointments: received, taken in by a worker as a whole or not at all, and undone."""

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.analytics.relationship.correspondence.calendar_events import is_calendar, read_calendar
from openkam.analytics.relationship.correspondence.mailbox_file import Placed, read_mailbox, refuse_packed
from openkam.analytics.terms import OpenKamError
from openkam.app.audit.operations import record_write
from openkam.app.ledger.operations.uploads import clean_name
from openkam.app.ledger.queries.facts import files_folder
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import CorrespondenceImport
from openkam.app.relationships.operations.timeline_entries import Gathered, gather, store, take_back
from openkam.app.relationships.operations.waiting_entries import waiting_in
from openkam.app.relationships.queries.who_is_known import known_to
from openkam.app.relationships.terms import (
    CALENDAR_WINDOW_DAYS,
    CORRESPONDENCE_FILE_KEPT_DAYS,
    CORRESPONDENCE_KIND,
    CORRESPONDENCE_LIMIT_BYTES,
    Origin,
)
from openkam.app.runs.operations import request_run

Tell = Callable[[str, float | None], None]
"""Hears what an import does and which share of it is done; may end it by raising."""

FOLDER = "correspondence"
_MIB = 1024 * 1024
_TOLD_EVERY = 200
"""Mails between two reports."""


def receive_correspondence(
    *, actor: User, name: str, chunks: Iterable[bytes], size: int, keeps_subjects: bool = False
) -> CorrespondenceImport:
    """Take a file and ask for the run that reads it.

    Raises `ValidationError` for a file that is too large (before it is read), packed or empty; then nothing of it is kept.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    shown = clean_name(name)
    limit = min(CORRESPONDENCE_LIMIT_BYTES, settings.OPENKAM_UPLOAD_LIMIT_BYTES)
    if size > limit:
        raise ValidationError(
            {"file": f"{shown} is larger than {limit // _MIB:,} MiB: export a shorter time, or folder by folder."}
        )
    remove_expired_files(now=timezone.now())
    stored = f"{FOLDER}/{secrets.token_hex(16)}/{shown}"
    path = files_folder() / stored
    path.parent.mkdir(parents=True)
    try:
        digest, written = _write(path, chunks, limit)
        if not written:
            raise ValidationError({"file": f"{shown} is empty."})
        refuse_packed(shown, path)
        with transaction.atomic():
            made = CorrespondenceImport.objects.create(
                name=shown, stored=stored, bytes=written, sha256=digest, keeps_subjects=keeps_subjects, begun_by=actor
            )
            made.run = request_run(
                actor=actor, kind=CORRESPONDENCE_KIND, title=f"Take in {shown}"[:200], parameters={"import_id": made.pk}
            )
            made.save(update_fields=["run"])
            after: dict[str, object] = {"name": shown, "bytes": written, "keeps_subjects": keeps_subjects}
            record_write(actor=actor, verb="sent correspondence", record=made, before={}, after=after)
    except BaseException as error:
        _remove(stored)
        if isinstance(error, OpenKamError):
            raise ValidationError({"file": str(error)}) from error
        raise
    return made


def take_in_file(*, actor: User, import_id: int, run_id: int, tell: Tell) -> dict[str, object]:
    """Read the file of an import and put what it tells on the timelines, all of it or nothing; returns the counts.

    An import that was taken in before, by a worker that died right after, changes nothing. Raises `OpenKamError`.
    """
    made = CorrespondenceImport.objects.filter(pk=import_id, begun_by=actor).first()
    if made is None:
        raise OpenKamError("There is no such import of yours.")
    if made.taken_in_at is None:
        CorrespondenceImport.objects.filter(pk=made.pk).update(run_id=run_id)
        path = files_folder() / made.stored
        if not made.stored or not path.is_file():
            raise OpenKamError("The file is not here any more: send it again.")
        now = timezone.now()
        with waiting_in(path.parent) as entries:
            found = gather(actor, _told(_items(path, now), path.stat().st_size, tell), known_to(actor), entries)
            tell("Writing to the timelines", 0.95)
            made = store(actor, made, found, Origin.IMPORTED, now)
    forget_file(made)
    return dict(made.counts)


def undo_correspondence(*, actor: User, brought_by: CorrespondenceImport, reason: str = "") -> int:
    """Take everything off the timelines that an import brought; returns how many entries. What was removed by hand stays on record
    as removed, promises made in them and contacts that were accepted stay. Raises `ValidationError` when there is nothing to undo."""
    require(actor, Permission.EDIT_ACCOUNTS)
    return take_back(actor, brought_by, reason, timezone.now())


def remove_expired_files(*, now: datetime) -> int:
    """Remove files whose import never came about and that nobody started again in time; returns how many."""
    oldest = now - timedelta(days=CORRESPONDENCE_FILE_KEPT_DAYS)
    expired = list(CorrespondenceImport.objects.filter(begun_at__lt=oldest).exclude(stored=""))
    for made in expired:
        forget_file(made)
    return len(expired)


def _items(path: Path, now: datetime) -> Iterator[Placed]:
    if is_calendar(path):
        return read_calendar(path, now - timedelta(days=CALENDAR_WINDOW_DAYS), now)
    return read_mailbox(path, now)


def _told(items: Iterable[Placed], size: int, tell: Tell) -> Gathered:
    """The items, with a word to the run now and then."""
    for number, placed in enumerate(items):
        if number % _TOLD_EVERY == 0:
            tell(f"Reading, {number} so far", 0.95 * min(placed.bytes_read / max(size, 1), 1.0))
        yield placed.place, placed.item


def _write(path: Path, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
    digest, written = hashlib.sha256(), 0
    with path.open("xb") as out:
        for chunk in chunks:
            written += len(chunk)
            if written > limit:
                raise ValidationError({"file": f"The file is larger than {limit // _MIB:,} MiB."})
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest(), written


def forget_file(made: CorrespondenceImport) -> None:
    if made.stored:
        _remove(made.stored)
        made.stored = ""
        made.save(update_fields=["stored"])


def _remove(stored: str) -> None:
    shutil.rmtree((files_folder() / stored).parent, ignore_errors=True)
