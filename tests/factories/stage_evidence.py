"""Evidence for the gates of stages."""

from datetime import date, timedelta

from openkam.analytics.relationship.lifecycle_stage.assessment import StageEvidence
from openkam.analytics.relationship.lifecycle_stage.stages import Stage, gate_to

TODAY = date(2026, 6, 30)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


TEN_DAYS_AGO = days_ago(10)


def all_of(*stages: Stage, on: date = TEN_DAYS_AGO) -> list[StageEvidence]:
    """Everything that the gates to those stages ask for, from two sources by turns."""
    return [
        StageEvidence(criterion.name, on, ("ledger", "survey")[number % 2])
        for stage in stages
        for number, criterion in enumerate(gate_to(stage).criteria)
    ]
