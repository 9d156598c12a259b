"""Background work of the room: taking in mails and appointments, reading mailboxes, measuring stages, reminding of surveys."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone

from openkam.app.people.permissions import Permission
from openkam.app.relationships.operations.correspondence import take_in_file
from openkam.app.relationships.operations.erased_files import wipe_freed_space
from openkam.app.relationships.operations.erasure import finish_erasure, request_unfinished
from openkam.app.relationships.operations.ladder_places import reckon_all_places
from openkam.app.relationships.operations.last_contacts import reckon_all_last_contacts
from openkam.app.relationships.operations.mailbox_reading import read_mailbox_folders
from openkam.app.relationships.operations.mailboxes import request_all_readings
from openkam.app.relationships.operations.retention import list_due
from openkam.app.relationships.operations.stages import measure_all_stages
from openkam.app.relationships.operations.survey_letters import send_letters_of, send_reminders
from openkam.app.relationships.queries.erased_addresses import erased_since
from openkam.app.relationships.terms import (
    CORRESPONDENCE_KIND,
    ERASURE_KIND,
    LETTERS_KIND,
    MAILBOX_KIND,
    MAILBOXES_KIND,
    MEASURE_STAGES_KIND,
    REMIND_KIND,
    RETENTION_KIND,
)
from openkam.app.runs.jobs import Progress, TransientFaultError, acting_person, job

LETTER_ATTEMPTS = 10
"""They wait up to 13 minutes in all: longer than most mail servers put a stranger off."""
SAME_MOMENT = "Another import brought some of the same mails at the same moment."


@job(CORRESPONDENCE_KIND, label="Take in correspondence", permission=Permission.EDIT_ACCOUNTS)
def take_in_correspondence(progress: Progress, *, import_id: int) -> Mapping[str, object]:
    """Put the mails or appointments of a file on the timelines."""
    try:
        return take_in_file(actor=acting_person(progress), import_id=import_id, run_id=progress.run_id, tell=progress.report)
    except IntegrityError as error:
        raise TransientFaultError(SAME_MOMENT) from error


@job(MAILBOX_KIND, label="Read a mailbox", permission=Permission.EDIT_ACCOUNTS)
def read_mailbox(progress: Progress, *, mailbox_id: int) -> Mapping[str, object]:
    """Bring what came into a mailbox to the timelines."""
    try:
        return read_mailbox_folders(actor=acting_person(progress), mailbox_id=mailbox_id, tell=progress.report)
    except IntegrityError as error:
        raise TransientFaultError(SAME_MOMENT) from error


@job(MAILBOXES_KIND, label="Read all mailboxes", permission=Permission.EDIT_ACCOUNTS, is_schedulable=True)
def read_all_mailboxes(progress: Progress) -> Mapping[str, object]:
    """Have every mailbox read, each by a run of its owner."""
    progress.report("Asking for the readings")
    return {"mailboxes": request_all_readings()}


@job(MEASURE_STAGES_KIND, label="Measure stages and rungs", permission=Permission.CONDUCT_REVIEW, is_schedulable=True)
def measure_stages(progress: Progress) -> Mapping[str, object]:
    """Measure the evidence that the records of all accounts give, for and against their stages, and reckon their rungs of the ladder."""
    today = timezone.localdate()
    measured = measure_all_stages(today=today, tell=progress.report)
    told = {"accounts": measured, "rungs": reckon_all_places(today=today, tell=progress.report)}
    return told | {"last contacts put right": reckon_all_last_contacts(tell=progress.report)}


@job(
    REMIND_KIND, label="Remind of surveys", permission=Permission.EDIT_ACCOUNTS, max_attempts=LETTER_ATTEMPTS, is_schedulable=True
)
def remind_of_surveys(progress: Progress) -> Mapping[str, object]:
    """Send a reminder to everybody who was asked a week ago or longer and has not answered; once to each."""
    return send_reminders(now_on=timezone.localdate(), tell=progress.report)


@job(LETTERS_KIND, label="Send letters of a survey", permission=Permission.EDIT_ACCOUNTS, max_attempts=LETTER_ATTEMPTS)
def send_letters(progress: Progress, *, survey_id: int) -> Mapping[str, object]:
    """Send the letters of a survey that did not go out yet; those that the mail server puts off are tried again."""
    return send_letters_of(actor=acting_person(progress), survey_id=survey_id, tell=progress.report)


@job(ERASURE_KIND, label="Erase a person", permission=Permission.ANSWER_RIGHTS)
def erase_person(progress: Progress, *, erasure_id: int) -> Mapping[str, object]:
    """Look for somebody whose records are empty in texts, files, the ledger and the audit, and take them out."""
    return dict(finish_erasure(erasure_id=erasure_id, tell=progress.report))


@job(RETENTION_KIND, label="List what is kept too long", permission=Permission.MANAGE_SETTINGS, is_schedulable=True)
def list_what_is_due(progress: Progress) -> Mapping[str, object]:
    """List what is kept longer than its clock says; somebody decides about it. Erasures that were left half done go on."""
    listed = list_due(today=timezone.localdate(), tell=progress.report)
    if erased_since(timezone.now() - timedelta(days=2)):
        wipe_freed_space()  # once more: at the time somebody may have been reading
    unfinished = request_unfinished()
    return {**listed, "erasures": unfinished} if unfinished else dict(listed)
