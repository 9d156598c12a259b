"""Reading a mailbox: what came in since the last time, folder by folder, in slices that are written whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from openkam.analytics.relationship.correspondence.mail_headers import read_header
from openkam.analytics.terms import OpenKamError
from openkam.app.people.models import User
from openkam.app.relationships.models import CorrespondenceImport, Mailbox, MailboxFolder
from openkam.app.relationships.operations.correspondence import Tell
from openkam.app.relationships.operations.imap_session import headers, opened, uid_validity, uids_after
from openkam.app.relationships.operations.timeline_entries import Found, Gathered, gather, store
from openkam.app.relationships.operations.waiting_entries import WaitingEntries
from openkam.app.relationships.queries.correspondence import Counted
from openkam.app.relationships.queries.who_is_known import known_still, known_to
from openkam.app.relationships.terms import MAILBOX_WINDOW_DAYS, Origin
from openkam.app.runs.terms import TransientFaultError

SLICE = 2000
"""Mails that are written at once: a reading that is cut off goes on behind the last slice."""


def read_mailbox_folders(*, actor: User, mailbox_id: int, tell: Tell) -> dict[str, object]:
    """Bring what came into the chosen folders of the actor's mailbox since it was read to the timelines; returns the counts.

    What went wrong stands on the mailbox too. Raises `OpenKamError`, `TransientFaultError`.
    """
    mailbox = Mailbox.objects.filter(pk=mailbox_id, owner=actor).first()
    if mailbox is None:
        raise OpenKamError("There is no such mailbox of yours.")
    total, now, known = Counted(), timezone.now(), known_to(actor)
    try:
        with opened(mailbox) as session:
            for folder in mailbox.folders.filter(is_chosen=True):
                validity = uid_validity(session, folder.name)
                if folder.uid_validity != validity:
                    folder.uid_validity, folder.last_uid = validity, 0
                uids = uids_after(session, folder.last_uid, (now - timedelta(days=MAILBOX_WINDOW_DAYS)).date())
                for start in range(0, len(uids), SLICE):
                    tell(f"{folder.label}: {start} of {len(uids)} mails", None)
                    wanted = uids[start : start + SLICE]
                    known = known_still(actor, known)
                    found = gather(actor, _items(headers(session, wanted), start, now, tell), known, WaitingEntries())
                    _write_slice(mailbox, folder, wanted, found)
                    _add(total, found.counted)
    except (OpenKamError, TransientFaultError) as error:
        Mailbox.objects.filter(pk=mailbox.pk).update(failure=str(error)[:500])
        raise
    Mailbox.objects.filter(pk=mailbox.pk).update(failure="", read_at=now, counts=total.document())
    return total.document()


def _items(found: Iterator[tuple[int, bytes]], start: int, now: datetime, tell: Tell) -> Gathered:
    for number, (_, raw) in enumerate(found, start=start + 1):
        if number % 200 == 0:
            tell(f"{number} mails read", None)
        yield number, read_header(raw, now)


def _write_slice(mailbox: Mailbox, folder: MailboxFolder, uids: Sequence[int], found: Found) -> None:
    with transaction.atomic():
        if found.entries.count or found.refused:
            made = CorrespondenceImport.objects.create(
                name=f"{mailbox.user_name}: {folder.label}"[:200],
                keeps_subjects=mailbox.keeps_subjects,
                begun_by=mailbox.owner,
                run=mailbox.run,
            )
            made = store(mailbox.owner, made, found, Origin.MAILBOX, timezone.now())
            if not made.counts["entries"] and not found.refused:
                made.delete()  # all of it was known: nothing that anybody could undo
        folder.last_uid = uids[-1]
        folder.save(update_fields=["uid_validity", "last_uid"])


def _add(total: Counted, counted: Counted) -> None:
    for name, value in counted.document().items():
        if isinstance(value, int):
            setattr(total, name, getattr(total, name) + value)
    for reason, count in counted.reasons.items():
        total.reasons[reason] = total.reasons.get(reason, 0) + count
