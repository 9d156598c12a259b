"""The matrices of a map of contacts from what is on record of each tie."""

from collections.abc import Iterable, Sequence

import numpy as np

from openkam.analytics.relationship.coverage.contact_map import WARM_AT
from openkam.analytics.valuation.time_driven_costing import Matrix

INFLUENCE_STEPS = 3
"""Grades in which influence is told."""


def ties_across(shape: tuple[int, int], ties: Iterable[tuple[int, int, float]]) -> Matrix:
    """Ours × theirs; a tie is the row of ours, the column of theirs and a strength (0 to 1). A pair without a tie has 0."""
    across = np.zeros(shape)
    for row, column, strength in ties:
        across[row, column] = strength
    return across


def ties_within(count: int, ties: Iterable[tuple[int, int, float]]) -> Matrix:
    """Square and symmetric: of two ties of one pair the stronger holds, from either end."""
    within = np.zeros((count, count))
    for one, other, strength in ties:
        within[one, other] = within[other, one] = max(within[one, other], strength)
    return within


def ties_among_theirs(count: int, influence: Iterable[tuple[int, int, int]], reporting: Iterable[tuple[int, int]]) -> Matrix:
    """A line of influence is as strong as its grade (1 to 3) of three; who reports to somebody knows them just warmly."""
    told = [(one, other, grade / INFLUENCE_STEPS) for one, other, grade in influence]
    return ties_within(count, [*told, *((one, other, WARM_AT) for one, other in reporting)])


def largest_share(keys: Sequence[str], strengths: Sequence[float]) -> tuple[str, float] | None:
    """Whose ties are the strongest together, and their share of the strength of all; None where nobody has a tie."""
    whole = float(sum(strengths))
    if not whole:
        return None
    place = int(np.argmax(strengths))
    return keys[place], float(strengths[place]) / whole
