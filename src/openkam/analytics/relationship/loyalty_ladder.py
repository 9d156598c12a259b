"""The ladder of loyalty (after Christopher, Payne and Ballantyne 1991): how far a person or an account has come, by evidence.

Every rung is a flag of its own with the evidence behind it, for they are not strictly nested: somebody may recommend us and never have
bought. The headline is the highest rung below which none is missing. Evidence ages: without anything new a ladder is never climbed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openkam.analytics.terms import OpenKamError, Period


class Rung(StrEnum):
    """From below."""

    PROSPECT = "prospect"
    CUSTOMER = "customer"
    CLIENT = "client"
    SUPPORTER = "supporter"
    ADVOCATE = "advocate"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Attitude:
    """An answer of one informant: `recommends` 0 to 10 (the question of the NPS) or `trust` 1 to 7 (mean of the scale)."""

    informant: str
    answered_on: date
    source: str
    recommends: int | None = None
    trust: float | None = None

    def __post_init__(self) -> None:
        if self.recommends is None and self.trust is None:
            raise OpenKamError(f"{self.informant} is said to have answered, but nothing was noted: give a score.")


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation of us to somebody. Verified once `verified_by` names who checked that it was made."""

    made_on: date
    source: str
    verified_by: str | None = None


@dataclass(frozen=True, slots=True)
class TwoWayPlan:
    """A plan with commitments on both sides, `confirmed_by` whom on each; it lasts for the days of its period."""

    period: Period
    source: str
    confirmed_by_us: str | None = None
    confirmed_by_them: str | None = None


@dataclass(frozen=True, slots=True)
class LoyaltyFacts:
    """What is known of an account, or of a person (then orders are those in which the person had a part). None is not known.

    `regularity_shape` is the shape k of its gaps between orders, measured on `regularity_on`; `contract` runs for its period.
    """

    is_fit: bool | None = None
    ordered_on: tuple[date, ...] | None = None
    attitudes: tuple[Attitude, ...] | None = None
    recommendations: tuple[Recommendation, ...] | None = None
    regularity_shape: float | None = None
    regularity_on: date | None = None
    contract: Period | None = None
    plan: TwoWayPlan | None = None


@dataclass(frozen=True, slots=True)
class LadderRules:
    """What counts, and for how many days. `informants` with a positive attitude are needed: two for an account, one for a person."""

    order_days: int = 730
    attitude_days: int = 365
    recommendation_days: int = 730
    regularity_days: int = 180
    recommends_from: int = 9
    trust_from: float = 5.5
    regular_from: float = 1.5
    informants: int = 2


@dataclass(frozen=True, slots=True)
class RungEvidence:
    """Something that speaks for a rung: what, on which day, from where, and the last day on which it counts (None: for ever)."""

    what: str
    on: date
    source: str
    counts_until: date | None


@dataclass(frozen=True, slots=True)
class RungFlag:
    """Whether a rung is held; None where it is not known. `missing` says what it would take, empty where it is held."""

    rung: Rung
    is_held: bool | None
    evidence: tuple[RungEvidence, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs from below. `headline` is the highest unbroken one, None where not even a prospect is known."""

    flags: tuple[RungFlag, ...]
    headline: Rung | None

    @property
    def next_missing(self) -> RungFlag | None:
        """The rung that breaks the ladder; None on the top."""
        return next((flag for flag in self.flags if not flag.is_held), None)

    @property
    def beyond(self) -> tuple[Rung, ...]:
        """Rungs that are held above the break: a recommendation of somebody who is no client yet, for instance."""
        first = self.next_missing
        return () if first is None else tuple(flag.rung for flag in self.flags[self.flags.index(first) :] if flag.is_held)


def loyalty_ladder(facts: LoyaltyFacts, as_of_on: date, rules: LadderRules | None = None) -> Ladder:
    """The ladder as of a day; what happens later does not count yet."""
    used = rules or LadderRules()
    flags = (
        _prospect(facts, as_of_on),
        _orders(facts, as_of_on, used, Rung.CUSTOMER, 1),
        _orders(facts, as_of_on, used, Rung.CLIENT, 2),
        _supporter(facts, as_of_on, used),
        _advocate(facts, as_of_on, used),
        _partner(facts, as_of_on, used),
    )
    headline = None
    for flag in flags:
        if not flag.is_held:
            break
        headline = flag.rung
    return Ladder(flags, headline)


def _flag(rung: Rung, is_held: bool | None, evidence: Sequence[RungEvidence], missing: str) -> RungFlag:
    return RungFlag(rung, is_held, tuple(evidence), "" if is_held else missing)


def _prospect(facts: LoyaltyFacts, as_of_on: date) -> RungFlag:
    past = sorted(day for day in facts.ordered_on or () if day <= as_of_on)
    evidence = [RungEvidence("ordered before", past[0], "ledger", None)] if past else []
    return _flag(Rung.PROSPECT, True if past else facts.is_fit, evidence, "somebody who checks whether it fits us")


def _orders(facts: LoyaltyFacts, as_of_on: date, rules: LadderRules, rung: Rung, needed: int) -> RungFlag:
    if facts.ordered_on is None:
        return _flag(rung, None, (), "its orders are not known")
    life = timedelta(days=rules.order_days)
    days = sorted({day for day in facts.ordered_on if day <= as_of_on <= day + life}, reverse=True)
    evidence = [RungEvidence("order", day, "ledger", day + life) for day in days[:needed]]
    what = "an order" if needed == 1 else f"{needed} orders on different days"
    return _flag(rung, len(days) >= needed, evidence, f"{what} within {rules.order_days} days")


def _supporter(facts: LoyaltyFacts, as_of_on: date, rules: LadderRules) -> RungFlag:
    """Latest answer of each informant: a positive one counts while it is fresh, any other until the informant answers again."""
    if not facts.attitudes:
        return _flag(Rung.SUPPORTER, None, (), "nobody has been asked")
    latest: dict[str, Attitude] = {}
    for attitude in sorted(facts.attitudes, key=lambda one: (one.answered_on, _is_positive(one, rules))):
        if attitude.answered_on <= as_of_on:
            latest[attitude.informant] = attitude
    life = timedelta(days=rules.attitude_days)
    positive = [one for one in latest.values() if _is_positive(one, rules)]
    fresh = [one for one in positive if as_of_on <= one.answered_on + life]
    others = len(latest) - len(positive)
    evidence = [
        RungEvidence(f"positive attitude of {one.informant}", one.answered_on, one.source, one.answered_on + life)
        for one in fresh
    ]
    is_held = len(fresh) >= rules.informants and len(fresh) > others
    missing = f"a positive attitude of {rules.informants} within {rules.attitude_days} days, and more of them than others"
    return _flag(Rung.SUPPORTER, is_held if fresh or others else None, evidence, missing)


def _is_positive(attitude: Attitude, rules: LadderRules) -> bool:
    if attitude.recommends is not None and attitude.recommends >= rules.recommends_from:
        return True
    return attitude.trust is not None and attitude.trust >= rules.trust_from


def _advocate(facts: LoyaltyFacts, as_of_on: date, rules: LadderRules) -> RungFlag:
    if facts.recommendations is None:
        return _flag(Rung.ADVOCATE, None, (), "nobody keeps a record of recommendations")
    life = timedelta(days=rules.recommendation_days)
    told = [one for one in facts.recommendations if one.made_on <= as_of_on <= one.made_on + life]
    verified = [one for one in told if one.verified_by]
    evidence = [
        RungEvidence(f"recommendation verified by {one.verified_by}", one.made_on, one.source, one.made_on + life)
        for one in verified
    ]
    missing = "somebody to verify the recommendation" if told else f"a recommendation within {rules.recommendation_days} days"
    return _flag(Rung.ADVOCATE, bool(verified), evidence, missing)


def _partner(facts: LoyaltyFacts, as_of_on: date, rules: LadderRules) -> RungFlag:
    regular, evidence = _regular(facts, as_of_on, rules)
    plan = facts.plan
    is_two_way: bool | None = None
    if plan is not None:
        is_running = plan.period.start_on <= as_of_on <= plan.period.end_on
        is_two_way = is_running and bool(plan.confirmed_by_us) and bool(plan.confirmed_by_them)
        if is_two_way:
            evidence.append(RungEvidence("two-way plan", plan.period.start_on, plan.source, plan.period.end_on))
    parts = (regular, is_two_way)
    is_held = False if False in parts else None if None in parts else True
    wanted = [
        *([] if regular else ["regular orders or a contract"]),
        *([] if is_two_way else ["a running plan confirmed by both sides"]),
    ]
    return _flag(Rung.PARTNER, is_held, evidence, " and ".join(wanted))


def _regular(facts: LoyaltyFacts, as_of_on: date, rules: LadderRules) -> tuple[bool | None, list[RungEvidence]]:
    contract, shape, measured_on = facts.contract, facts.regularity_shape, facts.regularity_on
    if contract is not None and contract.start_on <= as_of_on <= contract.end_on:
        return True, [RungEvidence("contract", contract.start_on, "contract", contract.end_on)]
    if shape is None or measured_on is None or measured_on > as_of_on:
        return (None if contract is None else False), []
    counts_until = measured_on + timedelta(days=rules.regularity_days)
    if shape < rules.regular_from:
        return False, []
    if as_of_on > counts_until:
        return None, []
    return True, [RungEvidence(f"regularity k = {shape:.1f}", measured_on, "ledger", counts_until)]
