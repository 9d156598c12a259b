"""Words of the selection: states of a round, decisions, tiers."""

from django.db import models

REVIEW_KIND = "review"
EXPLANATION_KIND = "explain-scenario"
ROBUSTNESS_KIND = "robustness"
BASELINE = "As reviewed"
NEAR_TIE_PERCENT = 0.5
"""An account left out whose price is at most so many percent of the objective is a near-tie."""
SOLVE_SECONDS = 1.2
"""How long the search of a what-if may take before the best selection found so far is shown with its distance from the best."""


class RefusedError(Exception):
    """What was asked cannot be done; the message says why and what to do."""


class RoundStatus(models.TextChoices):
    """A closed round cannot change any more."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Weightings(models.TextChoices):
    """Which other weightings are tried."""

    IN_ORDER = "in order", "That keep the order of the criteria"
    ANY = "any", "Any at all"


class Choice(models.TextChoices):
    """What a person decided about what the search proposed."""

    APPROVE = "approve", "Approve"
    OVERRIDE = "override", "Override"
    DEFER = "defer", "Defer"


class Tier(models.TextChoices):
    """How much of the programme a key account gets."""

    STRATEGIC = "strategic", "Strategic"
    KEY = "key", "Key"
    PROSPECTIVE = "prospective", "Prospective key"


RATING_LEVELS = 5
"""Anchors of a rating: what 0, 1, 2, 3 and 4 mean."""
