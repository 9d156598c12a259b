"""Mailboxes made by a test, and imports of them by the operations that make real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from django.utils import timezone
from tests.factories.contacts import contact

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models import ContactProposal, CorrespondenceImport
from openkam.app.relationships.operations.contacts import Reach
from openkam.app.relationships.operations.correspondence import receive_correspondence, take_in_file
from openkam.app.relationships.terms import PointKind


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail; `more` are further header lines."""

    number: int
    writer: str
    reader: str
    at: datetime | None = None
    subject: str = "Prices"
    more: Sequence[str] = ()
    domain: str = "mail.example"

    def text(self) -> str:
        """The mail as it stands in a mailbox, with a text that nobody may keep."""
        at = self.at or timezone.now() - timedelta(days=self.number)
        lines = [
            f"Message-ID: <{self.number}@{self.domain}>",
            f"Date: {format_datetime(at)}",
            f"From: {self.writer}",
            f"To: {self.reader}",
            f"Subject: {self.subject}",
            *self.more,
        ]
        return "\n".join([*lines, "", "The text of a mail.", ""])


def mbox(*letters: Letter) -> bytes:
    """A mailbox of these mails."""
    return "".join(f"From x@mail.example Mon May  2 11:30:00 2016\n{letter.text()}\n" for letter in letters).encode()


def sent(actor: User, content: bytes, name: str = "mail.mbox", *, keeps_subjects: bool = False) -> CorrespondenceImport:
    """An import whose run waits in the queue."""
    return receive_correspondence(actor=actor, name=name, chunks=[content], size=len(content), keeps_subjects=keeps_subjects)


def taken_in(actor: User, content: bytes, name: str = "mail.mbox", *, keeps_subjects: bool = False) -> CorrespondenceImport:
    """An import that is carried out; its run still stands in the queue, and will find that nothing is left to do."""
    made = sent(actor, content, name, keeps_subjects=keeps_subjects)
    take_in_file(actor=actor, import_id=made.pk, run_id=made.run_id or 0, tell=lambda *_: None)
    made.refresh_from_db()
    return made


def brought_mail(actor: User, account: Account, words: str) -> tuple[CorrespondenceImport, ContactProposal]:
    """An import of one mail from somebody unknown at the account's domain, and one refused, with the words wherever some are kept."""
    domain = f"account{account.pk}.example"
    contact(account, actor=actor, reach=[Reach(PointKind.MAIL, f"known@{domain}")])
    letters = [
        Letter(1, f"{words} <new@{domain}>", actor.email, subject=words, domain=domain),
        Letter(2, f"new@{domain}", words, subject=words, domain=domain),
    ]
    made = taken_in(actor, mbox(*letters), name=f"{words}.mbox", keeps_subjects=True)
    return made, ContactProposal.objects.get(account=account, address=f"new@{domain}")
