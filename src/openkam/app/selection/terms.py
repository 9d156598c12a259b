"""Words of the selection: states of a round, decisions, tiers."""

from django.db import models

REVIEW_KIND = "review"
EXPLANATION_KIND = "explain-scenario"
BASELINE = "As reviewed"
NEAR_TIE_PERCENT = 0.5
"""An account left out whose price is at most so many percent of the objective is a near-tie."""
SOLVE_SECONDS = 20
"""How long a person waits for a what-if before it is broken off."""


class RefusedError(Exception):
    """What was asked cannot be done; the message says why and what to do."""


class RoundStatus(models.TextChoices):
    """A closed round cannot change any more."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


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
