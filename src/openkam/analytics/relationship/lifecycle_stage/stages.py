"""Stages of a relation (after Millman and Wilson 1995) and the evidence that opens the gate to each.

In a study of nine relations contact structure and differentiated service told the stages apart, not what was said to be intended.
So these weigh double, and no gate opens without one of them. Criteria and points are ours, to be set by the firm; a stage is no
target, and higher is not always more profitable.
"""

from dataclasses import dataclass
from enum import StrEnum

from openkam.analytics.terms import OpenKamError


class Stage(StrEnum):
    """In order; `UNCOUPLING` may come after any of them."""

    PRE = "pre"
    EARLY = "early"
    MID = "mid"
    PARTNERSHIP = "partnership"
    SYNERGISTIC = "synergistic"
    UNCOUPLING = "uncoupling"


ORDER = (Stage.PRE, Stage.EARLY, Stage.MID, Stage.PARTNERSHIP, Stage.SYNERGISTIC)
HEAVY_POINTS = 2


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must be shown. It counts `points`, for `lasts_days` from the day it was shown."""

    name: str
    text: str
    points: int
    lasts_days: int


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate to a stage: open with `points_needed` of the criteria's points, one heavy criterion among them, from two sources."""

    stage: Stage
    criteria: tuple[Criterion, ...]
    points_needed: int

    def __post_init__(self) -> None:
        if not 0 < self.points_needed <= self.points:
            raise OpenKamError(
                f"The gate to {self.stage} needs {self.points_needed} of {self.points} points: give 1 to {self.points}."
            )
        if not any(criterion.points >= HEAVY_POINTS for criterion in self.criteria):
            raise OpenKamError(
                f"The gate to {self.stage} has no criterion of {HEAVY_POINTS} points: contacts or service must weigh most."
            )

    @property
    def points(self) -> int:
        """Points of all criteria."""
        return sum(criterion.points for criterion in self.criteria)


def _gate(stage: Stage, points_needed: int, *criteria: tuple[str, str, int, int]) -> Gate:
    return Gate(stage, tuple(Criterion(*criterion) for criterion in criteria), points_needed)


GATES = (
    _gate(
        Stage.PRE,
        4,
        ("contact", "A contact at the account has answered us", 2, 365),
        ("category_volume", "The volume of the category it buys from anybody is known", 1, 730),
        ("attractive", "It buys more than 1 % of the category, or meets the criteria", 1, 730),
        ("offer_quoted", "An offer was quoted", 1, 365),
        ("gaps_listed", "What we do not know of it is listed", 1, 365),
    ),
    _gate(
        Stage.EARLY,
        5,
        ("roles_named", "At least three roles of the buying center are named", 2, 365),
        ("own_offering", "An offering beyond the standard was agreed with its own departments", 2, 730),
        ("first_orders", "It has ordered", 1, 365),
        ("process_known", "How it decides and which problems it has is written down", 1, 365),
        ("delivery_kept", "Delivery on time and in full has met its target for two quarters", 1, 180),
        ("competitors_known", "Who else supplies it is known", 1, 365),
    ),
    _gate(
        Stage.MID,
        6,
        ("contacts_broad", "Five contacts in three functions and on two levels, on both sides", 2, 180),
        ("service_differs", "It gets service by terms of its own, and uses it", 2, 365),
        ("two_way", "Reciprocity is at least 0.3", 1, 180),
        ("trust", "Trust is above the middle of the scale, from two informants or more", 1, 365),
        ("wallet_rises", "Our share of its purchases rises", 1, 365),
        ("problems_solved", "Problems it raised were solved", 1, 365),
        ("competitors_reviewed", "Competitors in the account were reviewed", 1, 90),
    ),
    _gate(
        Stage.PARTNERSHIP,
        5,
        ("sponsors", "Executives of both sides sponsor the relation and have met", 2, 365),
        ("joint_project", "A project to solve a problem together is under way", 2, 365),
        ("joint_plan", "Both sides have signed a joint plan", 1, 365),
        ("data_shared", "It shares forecasts or costs every quarter", 1, 120),
        ("preferred_source", "We are the only supplier or one of two in a category", 1, 365),
        ("long_agreement", "An agreement runs for more than a year", 1, 730),
    ),
    _gate(
        Stage.SYNERGISTIC,
        5,
        ("joint_teams", "Teams of both sides work as one", 2, 365),
        ("systems_joined", "Systems or processes of both sides are joined", 2, 730),
        ("value_measured", "Both sides have measured what the relation is worth to each", 1, 365),
        ("joint_investment", "Both sides have invested in something together", 1, 730),
        ("open_costing", "Costs are open to each other", 1, 365),
        ("exit_barriers", "What leaving would cost each side is written down", 1, 730),
    ),
)


def gate_to(stage: Stage, gates: tuple[Gate, ...] = GATES) -> Gate:
    """The gate to a stage. Raises `OpenKamError` where there is none: uncoupling is decided, not opened by evidence."""
    for gate in gates:
        if gate.stage == stage:
            return gate
    raise OpenKamError(f"There is no gate to {stage}.")


def next_stage(stage: Stage) -> Stage | None:
    """The stage above; None for the highest and for uncoupling."""
    place = ORDER.index(stage) + 1 if stage in ORDER else len(ORDER)
    return ORDER[place] if place < len(ORDER) else None
