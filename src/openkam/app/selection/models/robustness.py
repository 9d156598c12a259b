"""How a scenario stands under other weightings: how many were drawn, and how often each candidate was in."""

from typing import ClassVar

from django.db import models

from openkam.app.selection.models.scenario import Candidate, Scenario
from openkam.app.selection.terms import Weightings


class Robustness(models.Model):
    """Weightings drawn for a scenario, and how far their choices agree with its own.

    `same_share` is the part of the draws that choose exactly what the scenario does, `overlap` the mean share of accounts in common
    among those in either; `unproven_count` draws ended before they were proven best. `mean_weights` are those of all draws, in the
    order of the scenario's criteria.
    """

    scenario_id: int

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="robustness")
    weightings = models.CharField(max_length=10, choices=Weightings)
    draw_count = models.PositiveIntegerField()
    unproven_count = models.PositiveIntegerField()
    same_share = models.FloatField()
    overlap = models.FloatField()
    mean_weights = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scenario", "weightings"], name="selection_robustness_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weightings} of {self.scenario_id}"


class CandidateShare(models.Model):
    """In what share of the weightings a candidate is in, with its 95 % interval; a candidate without a row never was.

    `central_weights` is the mean of the weightings under which it is in, in the order of the scenario's criteria.
    """

    candidate_id: int

    robustness = models.ForeignKey(Robustness, models.CASCADE, related_name="shares")
    # Nothing of its own to do when candidates go: their robustness goes before them, and thousands are removed in one statement.
    candidate = models.ForeignKey(Candidate, models.DO_NOTHING, related_name="shares")
    share = models.FloatField()
    lower = models.FloatField()
    upper = models.FloatField()
    central_weights = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-share", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["robustness", "candidate"], name="selection_candidate_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.share:.2f} of {self.candidate_id}"
