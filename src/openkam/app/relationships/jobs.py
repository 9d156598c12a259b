"""Background work of the room: measuring what speaks for the stages of all accounts."""

from collections.abc import Mapping

from django.utils import timezone

from openkam.app.people.permissions import Permission
from openkam.app.relationships.operations.stages import measure_all_stages
from openkam.app.relationships.terms import MEASURE_STAGES_KIND
from openkam.app.runs.jobs import Progress, job


@job(MEASURE_STAGES_KIND, label="Measure stages", permission=Permission.CONDUCT_REVIEW, is_schedulable=True)
def measure_stages(progress: Progress) -> Mapping[str, object]:
    """Measure the evidence that the records of all accounts give, for and against their stages."""
    return {"accounts": measure_all_stages(today=timezone.localdate(), tell=progress.report)}
