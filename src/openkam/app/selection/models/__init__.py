"""Rounds, what was tried in them, what people decided, and who is key since when."""

from openkam.app.selection.models.decision import Decision, KeyStatus
from openkam.app.selection.models.programme import ProgrammeText
from openkam.app.selection.models.round import Round
from openkam.app.selection.models.scenario import Candidate, Scenario

__all__ = ["Candidate", "Decision", "KeyStatus", "ProgrammeText", "Round", "Scenario"]
