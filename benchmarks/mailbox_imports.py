"""Imports of mails, timed beside what reading the headers alone takes; to be imported once Django is set up."""

import email.parser
import mailbox
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from benchmarks.measuring import memory_gib, peak_memory_gib
from django.utils import timezone
from tests.factories.mail_server import PASSWORD, USER

from openkam.app.accounts.operations.accounts import create_account
from openkam.app.accounts.terms.account import Kind
from openkam.app.accounts.terms.names import folded
from openkam.app.people.models import User
from openkam.app.people.operations.users import create_user
from openkam.app.people.terms import Role
from openkam.app.relationships import models as m
from openkam.app.relationships.operations.correspondence import receive_correspondence, take_in_file
from openkam.app.relationships.operations.imap_session import headers, opened, uid_validity, uids_after
from openkam.app.relationships.operations.mailbox_reading import read_mailbox_folders
from openkam.app.relationships.operations.mailboxes import MailboxDetails, connect_mailbox

ACCOUNTS = 10
PIECE_BYTES = 1024 * 1024
DAYS_BACK = 700
TWIN = "Twin"
"""The folder with the same mails for the headers alone: a server is slower where it is asked for the first time."""
Came = TypeVar("Came")


def measure(contacts: int, what: str) -> dict[str, Any]:
    """Seconds of the import and of the headers alone, their ratio, what came, the peak memory, and what of it the import added."""
    manager = User.objects.filter(email="manager@ours.example").first() or fill(contacts)
    take = from_server(manager, int(what.removeprefix("imap:"))) if what.startswith("imap:") else from_file(manager, Path(what))
    before = memory_gib()
    seconds, counts = timed(take[1])
    peak = peak_memory_gib()
    alone, mails = timed(take[0])  # after the import, which would else use again what this let go, and seem to add nothing
    reports = counts.pop("reports")
    if counts["read"] != mails or not counts["taken"]:
        raise AssertionError(f"Of {mails} mails {counts} came.")
    return {
        "what": "mails of a server" if what.startswith("imap:") else f"file of {mails:,} mails",
        "mails": mails,
        "seconds": round(seconds, 1),
        "headers alone, s": round(alone, 1),
        "ratio": round(alone / seconds, 3),
        "reports of progress": reports,
        "peak MiB": round(1024 * peak, 0),
        "added MiB": round(1024 * (peak - before), 1),
    }


def timed(act: Callable[[], Came]) -> tuple[float, Came]:
    """Seconds, and what came of it."""
    started = time.perf_counter()
    came = act()
    return time.perf_counter() - started, came


def fill(contacts: int) -> User:
    """The manager, and who works at their accounts."""
    boss = create_user(actor=None, email="admin@ours.example", name="Ada Admin", role=Role.ADMINISTRATOR)
    manager = create_user(actor=None, email="manager@ours.example", name="Mia Manager", role=Role.MANAGER)
    for number in range(ACCOUNTS):
        account = create_account(actor=boss, name=f"Firm {number}", kind=Kind.CUSTOMER, manager=manager)
        people = m.Contact.objects.bulk_create(
            m.Contact(name=f"Buyer {n}", sort_name=folded(f"Buyer {n}")) for n in range(contacts)
        )
        m.Employment.objects.bulk_create(m.Employment(contact=one, account=account) for one in people)
        m.ContactPoint.objects.bulk_create(
            m.ContactPoint(contact=one, kind="mail", value=f"buyer{n}@firm{number}.example") for n, one in enumerate(people)
        )
    return manager


def from_file(manager: User, path: Path) -> tuple[Callable[[], int], Callable[[], dict[str, Any]]]:
    """Going through the headers of a file, and its import."""

    def alone() -> int:
        parser, found = email.parser.BytesHeaderParser(), mailbox.mbox(path, create=False)
        return sum(bool(parser.parse(cast("BinaryIO", found.get_file(key)))["Message-ID"]) for key in found.keys())  # noqa: SIM118 - no mapping

    def take() -> dict[str, Any]:
        told: list[float | None] = []
        with path.open("rb") as file:
            pieces = iter(lambda: file.read(PIECE_BYTES), b"")
            made = receive_correspondence(actor=manager, name=path.name, chunks=pieces, size=path.stat().st_size)
        counts = take_in_file(actor=manager, import_id=made.pk, run_id=made.run_id or 0, tell=lambda _, share: told.append(share))
        return {**counts, "reports": len(told)}

    return alone, take


def from_server(manager: User, port: int) -> tuple[Callable[[], int], Callable[[], dict[str, Any]]]:
    """Fetching the headers of a mailbox, and reading it."""
    details = MailboxDetails(host="localhost", port=port, user_name=USER, password=PASSWORD)
    kept = connect_mailbox(actor=manager, details=details)

    def alone() -> int:
        parser, count = email.parser.BytesHeaderParser(), 0
        with opened(kept) as session:
            uid_validity(session, TWIN)
            for _, raw in headers(session, uids_after(session, 0, timezone.localdate() - timedelta(days=DAYS_BACK))):
                count += bool(parser.parsebytes(raw)["Message-ID"])
        return count

    def take() -> dict[str, Any]:
        told: list[str] = []
        counts = read_mailbox_folders(actor=manager, mailbox_id=kept.pk, tell=lambda words, _: told.append(words))
        return {**counts, "reports": len(told)}

    return alone, take
