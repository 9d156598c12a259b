"""How thick the net is: on how few it hangs, how dense it is across and within our own team, and whether one of ours holds it.

Palmatier (2008, Journal of Marketing 72) finds that the value of a customer comes from the quality, the number and the authority of
contacts together. Gupta, Kumar, Grewal and Lilien (2019, Journal of Marketing 83) find in 207 key account managers that density
across and density within the seller's team replace each other: both high cost profit. So "more contacts" is no aim in itself here.
"""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.relationship.coverage.contact_map import ContactMap
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.concentration import Concentration, concentration

BOTH_HIGH_AT = 0.5
"""Density on both counts from which we warn; the firm's own to set, since the study gives no threshold to copy."""


@dataclass(frozen=True, slots=True)
class ContactDensity:
    """Densities are warm ties over possible ones (share); None where no tie is possible.

    `across` between ours and theirs, `within` among ours. `centralisation` of our team is Freeman's (1979) by degree: 1 where all
    ties lead to one person, 0 where all have as many; None below three people. `our_concentration` and `their_concentration` are
    those of the strength of ties across by person; None without a tie. `both_high` warns: they replace each other.
    """

    across: float | None
    within: float | None
    centralisation: float | None
    our_concentration: Concentration | None
    their_concentration: Concentration | None
    both_high: bool


def contact_density(contacts: ContactMap, both_high_at: float = BOTH_HIGH_AT) -> ContactDensity:
    """Density, centralisation and concentration of the map."""
    if not 0 < both_high_at <= 1:
        raise OpenKamError(f"Densities are said to be high from {both_high_at:g} on: give a share above 0 and up to 1.")
    count = len(contacts.ours)
    across = float(contacts.warm.mean()) if contacts.across.size else None
    warm_within = contacts.among_ours >= contacts.warm_at
    np.fill_diagonal(warm_within, val=False)
    within = float(warm_within.sum()) / (count * (count - 1)) if count > 1 else None
    degree = warm_within.sum(axis=1)
    centralisation = float((degree.max() - degree).sum()) / ((count - 1) * (count - 2)) if count > 2 else None
    return ContactDensity(
        across,
        within,
        centralisation,
        concentration(contacts.across.sum(axis=1)),
        concentration(contacts.across.sum(axis=0)),
        both_high=across is not None and within is not None and min(across, within) >= both_high_at,
    )
