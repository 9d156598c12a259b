"""How fresh a soft claim still is: what people believe about a customer wears off, and has to be asked again.

    freshness = max(0, 1 − age / shelf life)                                                                      [share]

with the age in days since the claim was true. A straight line: the firm sets one number, the shelf life, and can check it by hand.
"""

from datetime import date

from openkam.analytics.terms import OpenKamError


def claim_freshness(true_on: date, as_of_on: date, shelf_life_days: int) -> float:
    """What is left of a claim (share): 1 on its own day, 0 from the end of its shelf life on.

    Raises `OpenKamError` for a shelf life below a day and for a claim of a later day.
    """
    if shelf_life_days < 1:
        raise OpenKamError(f"A claim keeps for {shelf_life_days} days: give a shelf life of one day or more.")
    age_days = (as_of_on - true_on).days
    if age_days < 0:
        raise OpenKamError(f"The claim is of {true_on}, later than {as_of_on}: it cannot be judged yet.")
    return max(0.0, 1.0 - age_days / shelf_life_days)


def whole_months(from_on: date, until_on: date) -> int:
    """Months that are over between two days: 31 January to 28 February is none yet."""
    months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month
    return months - (until_on.day < from_on.day)
