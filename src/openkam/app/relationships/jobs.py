"""Background work of the room: measuring what speaks for the stages of all accounts, reminding of surveys."""

from collections.abc import Mapping

from django.utils import timezone

from openkam.app.people.permissions import Permission
from openkam.app.relationships.operations.stages import measure_all_stages
from openkam.app.relationships.operations.surveys import send_reminders
from openkam.app.relationships.terms import MEASURE_STAGES_KIND, REMIND_KIND
from openkam.app.runs.jobs import Progress, job


@job(MEASURE_STAGES_KIND, label="Measure stages", permission=Permission.CONDUCT_REVIEW, is_schedulable=True)
def measure_stages(progress: Progress) -> Mapping[str, object]:
    """Measure the evidence that the records of all accounts give, for and against their stages."""
    return {"accounts": measure_all_stages(today=timezone.localdate(), tell=progress.report)}


@job(REMIND_KIND, label="Remind of surveys", permission=Permission.EDIT_ACCOUNTS, is_schedulable=True)
def remind_of_surveys(progress: Progress) -> Mapping[str, object]:
    """Send a reminder to everybody who was asked a week ago or longer and has not answered; once to each."""
    return {"reminders": send_reminders(now_on=timezone.localdate(), tell=progress.report)}
