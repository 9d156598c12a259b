"""Background work of the room: taking in mails and appointments."""

from collections.abc import Mapping

from django.db import IntegrityError

from openkam.app.people.permissions import Permission
from openkam.app.relationships.operations.correspondence import take_in_file
from openkam.app.relationships.terms import CORRESPONDENCE_KIND
from openkam.app.runs.jobs import Progress, TransientFaultError, acting_person, job


@job(CORRESPONDENCE_KIND, label="Take in correspondence", permission=Permission.EDIT_ACCOUNTS)
def take_in_correspondence(progress: Progress, *, import_id: int) -> Mapping[str, object]:
    """Put the mails or appointments of a file on the timelines."""
    try:
        return take_in_file(actor=acting_person(progress), import_id=import_id, run_id=progress.run_id, tell=progress.report)
    except IntegrityError as error:
        raise TransientFaultError("Another import brought some of the same mails at the same moment.") from error
