"""Exact sums of stored amounts, of which some may not be known."""

from collections.abc import Iterable
from decimal import Decimal


def known_total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those amounts (one currency) that are known; None where none is, which is not zero."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
