"""Mailboxes: connected, their folders chosen, read, and forgotten."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.analytics.terms import OpenKamError
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Mailbox, MailboxFolder
from openkam.app.relationships.operations.imap_session import folders_of, opened
from openkam.app.relationships.operations.sealed import seal
from openkam.app.relationships.queries.mailboxes import mailboxes_to_read
from openkam.app.relationships.terms import MAILBOX_KIND, MAILBOXES_KIND
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run, schedule_once
from openkam.app.runs.terms import TransientFaultError

DAILY_AT = time(5, 0)
"""When all mailboxes are read, in the site's time zone, unless somebody changes the schedule."""


@dataclass(frozen=True, slots=True)
class MailboxDetails:
    """Where a mailbox is and who may read it there."""

    host: str
    user_name: str
    password: str
    port: int = 993
    keeps_subjects: bool = False


def connect_mailbox(*, actor: User, details: MailboxDetails, mailbox: Mailbox | None = None) -> Mailbox:
    """Keep a mailbox, or put one of the actor's right, after its server let us in; its inbox and what was sent are chosen at first.

    Raises `ValidationError` with what to do where the server does not let us in; then nothing is kept.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    made = mailbox or Mailbox(owner=actor)
    before = _told(made) if made.pk else {}
    made.host, made.port, made.user_name = details.host.strip().lower(), details.port, details.user_name.strip()
    made.keeps_subjects, made.sealed_password, made.failure = details.keeps_subjects, seal(details.password), ""
    made.full_clean(exclude=["run", "counts"])
    try:
        with opened(made) as session:
            found = folders_of(session)
    except (OpenKamError, TransientFaultError) as error:
        raise ValidationError(str(error)) from error
    with transaction.atomic():
        made.save()
        known = set(made.folders.values_list("name", flat=True))
        fresh = [one for one in found if one.name not in known]
        MailboxFolder.objects.bulk_create(
            MailboxFolder(mailbox=made, name=one.name, label=one.label, is_chosen=one.is_usual and not known) for one in fresh
        )
        made.folders.exclude(name__in=[one.name for one in found]).delete()
        # What is said of the password is that it was set, here and nowhere else.
        record_write(actor=actor, verb="connected mailbox", record=made, before=before, after=_told(made))
        schedule_once(kind=MAILBOXES_KIND, daily_at=DAILY_AT, time_zone=settings.TIME_ZONE)
    return made


@transaction.atomic
def choose_folders(*, actor: User, mailbox: Mailbox, folders: Collection[int], reads_again: bool = False) -> None:
    """Set which folders are read; `reads_again` from their beginning, which brings nothing that is there already."""
    require(actor, Permission.EDIT_ACCOUNTS)
    before: dict[str, object] = {"folders": _chosen(mailbox)}
    mailbox.folders.update(is_chosen=False)
    mailbox.folders.filter(pk__in=folders).update(is_chosen=True)
    if reads_again:
        mailbox.folders.update(last_uid=0, uid_validity=None)
    after: dict[str, object] = {"folders": _chosen(mailbox), "reads_again": reads_again}
    record_write(actor=actor, verb="chose folders", record=mailbox, before=before, after=after)


@transaction.atomic
def request_reading(*, actor: User, mailbox: Mailbox) -> Run:
    """Have a mailbox read by a worker. Raises `ValidationError` while it is being read."""
    require(actor, Permission.EDIT_ACCOUNTS)
    locked = Mailbox.objects.select_for_update(of=("self",)).select_related("run").get(pk=mailbox.pk)
    if locked.run is not None and locked.run.is_open:
        raise ValidationError("This mailbox is being read.")
    locked.run = request_run(
        actor=actor, kind=MAILBOX_KIND, title=f"Read the mailbox {locked}"[:200], parameters={"mailbox_id": locked.pk}
    )
    locked.save(update_fields=["run"])
    return locked.run


def request_all_readings() -> int:
    """Have every mailbox read for its owner, but for those that are being read; returns how many."""
    return sum(_requested(mailbox) for mailbox in mailboxes_to_read())


@transaction.atomic
def forget_mailbox(*, actor: User, mailbox: Mailbox) -> None:
    """Forget a mailbox and its password. What it brought stays, and is undone import by import."""
    require(actor, Permission.EDIT_ACCOUNTS)
    record_write(actor=actor, verb="forgot mailbox", record=mailbox, before=_told(mailbox), after={})
    mailbox.delete()


def _requested(mailbox: Mailbox) -> bool:
    try:
        request_reading(actor=mailbox.owner, mailbox=mailbox)
    except ValidationError:
        return False
    return True


def _told(mailbox: Mailbox) -> dict[str, object]:
    return {name: getattr(mailbox, name) for name in ("host", "port", "user_name", "keeps_subjects")}


def _chosen(mailbox: Mailbox) -> list[str]:
    return list(mailbox.folders.filter(is_chosen=True).values_list("label", flat=True))
