"""Rounds, what was tried in them, what people decided, who is key since when, and how people rate accounts."""

from openkam.app.selection.models.decision import Decision, KeyStatus
from openkam.app.selection.models.programme import ProgrammeText
from openkam.app.selection.models.rating import AccountRating, RatingScale, ScaleVersion
from openkam.app.selection.models.robustness import CandidateShare, Robustness
from openkam.app.selection.models.round import Round
from openkam.app.selection.models.scenario import Candidate, Scenario

__all__ = [
    "AccountRating",
    "Candidate",
    "CandidateShare",
    "Decision",
    "KeyStatus",
    "ProgrammeText",
    "RatingScale",
    "Robustness",
    "Round",
    "ScaleVersion",
    "Scenario",
]
