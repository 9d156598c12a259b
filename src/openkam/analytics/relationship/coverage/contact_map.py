"""The map of contacts: our people, theirs, and how strong the ties between them are."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from openkam.analytics.behaviour.orders import Mask
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.time_driven_costing import Matrix

WARM_AT = 0.5
"""Strength (0 to 1) from which a tie counts as warm; the firm's own to set."""


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """Somebody of ours or theirs. `level` counts up from 1, the working level; `roles` are those in the buying center (theirs).

    `yearly_turnover` is the probability to leave the post within a year (share). None is not known.
    """

    key: str
    level: int | None = None
    function: str | None = None
    roles: frozenset[str] = frozenset()
    yearly_turnover: float | None = None

    def __post_init__(self) -> None:
        if self.yearly_turnover is not None and not 0 <= self.yearly_turnover <= 1:
            raise OpenKamError(
                f"{self.key} leaves with a probability of {self.yearly_turnover:g} a year: give a share between 0 and 1."
            )


@dataclass(frozen=True, slots=True)
class ContactMap:
    """People and the strength (0 to 1) of their ties: `across` ours × theirs, `among_ours` and `among_theirs` square, symmetric.

    0 is no contact recorded. `among_theirs` is None where nobody has told who knows whom on their side. A tie is *warm* from
    `warm_at` on. Raises `OpenKamError` for keys that occur twice and matrices of another shape or range.
    """

    ours: tuple[ContactPerson, ...]
    theirs: tuple[ContactPerson, ...]
    across: Matrix
    among_ours: Matrix
    among_theirs: Matrix | None = None
    warm_at: float = WARM_AT

    def __post_init__(self) -> None:
        counts = Counter(person.key for person in (*self.ours, *self.theirs))
        twice = {key for key, count in counts.items() if count > 1}
        if twice:
            raise OpenKamError(f"{', '.join(sorted(twice))} stands on the map more than once: give every person one key.")
        if not 0 < self.warm_at <= 1:
            raise OpenKamError(f"A tie is said to be warm from {self.warm_at:g} on: give a strength above 0 and up to 1.")
        self._check("across", self.across, len(self.ours), len(self.theirs))
        for name, ties, count in (
            ("among_ours", self.among_ours, len(self.ours)),
            ("among_theirs", self.among_theirs, len(self.theirs)),
        ):
            if ties is not None:
                self._check(name, ties, count, count)
                if not np.array_equal(ties, ties.T):
                    raise OpenKamError(f"The ties {name} are not symmetric: a tie is as strong from either end.")

    @staticmethod
    def _check(name: str, ties: Matrix, rows: int, columns: int) -> None:
        if ties.shape != (rows, columns):
            raise OpenKamError(f"The ties {name} are {ties.shape[0]} × {ties.shape[1]} for {rows} × {columns} people.")
        if ties.size and not (ties.min() >= 0 and ties.max() <= 1):
            raise OpenKamError(f"The ties {name} have a strength outside 0 to 1.")

    @property
    def warm(self) -> Mask:
        """Which ties across are warm, ours × theirs."""
        return self.across >= self.warm_at

    def without(self, keys: Collection[str]) -> Self:
        """The map once these people are gone. Raises `OpenKamError` for somebody who is not on it."""
        known = {person.key for person in (*self.ours, *self.theirs)}
        unknown = sorted(set(keys) - known)
        if unknown:
            raise OpenKamError(f"{', '.join(unknown)} is not on the map of contacts.")
        ours = [place for place, person in enumerate(self.ours) if person.key not in keys]
        theirs = [place for place, person in enumerate(self.theirs) if person.key not in keys]
        return replace(
            self,
            ours=tuple(self.ours[place] for place in ours),
            theirs=tuple(self.theirs[place] for place in theirs),
            across=self.across[np.ix_(ours, theirs)],
            among_ours=self.among_ours[np.ix_(ours, ours)],
            among_theirs=None if self.among_theirs is None else self.among_theirs[np.ix_(theirs, theirs)],
        )
