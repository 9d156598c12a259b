"""Words of the valuation: the kind of its runs, units of capacity, steps of the ladder that service stands on."""

from typing import Self

from django.db import models

from openkam.app.ui.templatetags.figures import with_days

VALUATION_KIND = "valuation"


class RefusedError(Exception):
    """What was asked cannot be done; the message says why and what to do."""

    @classmethod
    def of(cls, error: Exception) -> Self:
        """What the engine refused, with its ISO days as pages write them."""
        return cls(with_days(str(error)))


class CapacityUnit(models.TextChoices):
    """What a pool's capacity is counted in."""

    MINUTES = "minutes", "Minutes"
    HOURS = "hours", "Hours"


class Step(models.TextChoices):
    """The step of the margin ladder that the cost of an activity stands on."""

    ORDER_AND_LOGISTICS = "order and logistics", "Orders and logistics"
    SELLING_AND_SERVICE = "selling and service", "Selling and service"


class Entry(models.TextChoices):
    """What a book of rates has entries of."""

    POOL = "pool", "Pool"
    ACTIVITY = "activity", "Activity"


class BridgeOf(models.TextChoices):
    """What a bridge explains."""

    NET_SALES = "net sales", "Net sales"
    CONTRIBUTION = "contribution", "Contribution"


class Finding(models.TextChoices):
    """What somebody found who looked into the silence of an account."""

    EXPECTED = "expected", "The order comes later"
    WATCH = "watch", "No cause found, watch on"
    COMPETITOR = "competitor", "Business lost to a competitor"
    ENDED = "ended", "Business ended"
    WRONG_DATA = "wrong data", "Wrong data"


LOST = (Finding.COMPETITOR, Finding.ENDED)
"""Findings by which the silence is a loss."""

LONGEST_SILENCE_DAYS = 365
"""For how long an alert that was dealt with may stay silent."""

RUNG_LABELS = {"cm1": "CM1", "cm2": "CM2", "cm3": "CM3"}
"""Rungs on which a contribution may stand, the deepest known one."""

LEVER_LABELS = {
    "price": "Raise prices",
    "discount": "Trim discounts",
    "order size": "Larger orders",
    "freight": "Charge freight",
    "terms": "Keep payment terms",
    "channel": "Order electronically",
}
CUTS = (10, 20, 50)
"""How many accounts the top holds when ranks are compared."""
