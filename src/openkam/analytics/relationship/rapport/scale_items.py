"""What both sides are asked about trust and commitment, in our own words.

The constructs are those of Morgan and Hunt (1994, Journal of Marketing 58): trust is confidence in the other's reliability and
integrity, commitment the wish to keep the relation at some cost. Their items are theirs; these are not, so their published
reliabilities do not hold here: measure ours (`scale_reliability`).
"""

from dataclasses import dataclass

LOWEST, HIGHEST = 1, 7
"""From "not at all" to "entirely"."""


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """A sentence that somebody agrees with from 1 to 7. A `is_reversed` one counts from the other end."""

    name: str
    text: str
    is_reversed: bool = False


TRUST_ITEMS = (
    ScaleItem("truth", "What they tell us turns out to be true."),
    ScaleItem("promises", "They do what they said they would, by the day they said."),
    ScaleItem("candour", "They bring bad news themselves, and early."),
    ScaleItem("fairness", "Where our interests differ, they look for a way that is fair to us."),
    ScaleItem("confidence", "I would leave something important to them without looking over their shoulder."),
)
COMMITMENT_ITEMS = (
    ScaleItem("years", "I want us to work with them for years to come."),
    ScaleItem("effort", "When it becomes difficult between us, it is worth the effort to stay together."),
    ScaleItem("concern", "It matters to me that they do well."),
    ScaleItem("leaving", "For slightly better terms elsewhere I would leave them.", is_reversed=True),
)
