"""What if somebody leaves: revenue, renewals and objectives that lose their only strong tie, and the shortest warm way back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openkam.analytics.relationship.coverage.contact_map import ContactMap
from openkam.analytics.relationship.coverage.warm_path import WarmPath, warm_path
from openkam.analytics.terms import OpenKamError


class StakeKind(StrEnum):
    """What may hang on a tie."""

    REVENUE = "revenue"
    RENEWAL = "renewal"
    OBJECTIVE = "objective"


@dataclass(frozen=True, slots=True)
class Stake:
    """Something that rests on knowing at least one of `contacts` (keys of theirs). `amount` in `currency`, None where it has none."""

    name: str
    kind: StakeKind
    contacts: frozenset[str]
    amount: Decimal | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        if not self.contacts:
            raise OpenKamError(f"{self.name} hangs on nobody: name the contacts who decide about it.")
        if (self.amount is None) != (self.currency is None):
            raise OpenKamError(f"{self.name} has an amount without a currency, or the other way round: give both.")


@dataclass(frozen=True, slots=True)
class Exposure:
    """A stake that has a warm tie now and none once the person is gone.

    `path` is the shortest warm way to somebody through whom it could be held again; None where no warm way leads to anybody.
    """

    stake: Stake
    path: WarmPath | None


@dataclass(frozen=True, slots=True)
class Departure:
    """What the departure of `person` costs. `exposed` lose their only strong tie, `unheld` had none before.

    `amounts` sums those of the exposed stakes by kind and currency; stakes without an amount are counted in `without_amount`.
    """

    person: str
    is_ours: bool
    exposed: tuple[Exposure, ...]
    unheld: tuple[Stake, ...]
    amounts: Mapping[tuple[StakeKind, str], Decimal]
    without_amount: int


def known_amount(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the amounts that are known; None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def sole_ties(contacts: ContactMap, person: str) -> tuple[tuple[str, WarmPath | None], ...]:
    """Of theirs whom one of ours alone knows warmly: each with the shortest warm way by which others of ours could reach them again.

    Nothing for one of theirs, nor for somebody who is not on the map.
    """
    rows = [row for row, one in enumerate(contacts.ours) if one.key == person]
    if not rows:
        return ()
    warm, after = contacts.warm, contacts.without([person])
    starts = frozenset(one.key for one in after.ours)
    sole = [one.key for place, one in enumerate(contacts.theirs) if warm[rows[0], place] and warm[:, place].sum() == 1]
    return tuple((key, warm_path(after, starts, {key})) for key in sole)


def what_if_leaves(
    contacts: ContactMap, person: str, stakes: tuple[Stake, ...], *, successor: str | None = None, rebuild_by: str | None = None
) -> Departure:
    """The departure of one of ours or theirs (key).

    The way back starts at `rebuild_by`, one of ours who stays, or else at whoever of ours is nearest. When one of theirs leaves, the
    way leads to `successor`, where one is named, or else to whoever else holds a role of the one who left; when one of ours does,
    to the contacts themselves. Raises `OpenKamError` for people who are not on the map.
    """
    after = contacts.without([person])
    is_ours = any(one.key == person for one in contacts.ours)
    _check(contacts, after, stakes, successor, rebuild_by)
    held = [stake for stake in stakes if _is_held(contacts, stake)]
    starts = frozenset({rebuild_by} if rebuild_by else {one.key for one in after.ours})
    exposed: list[Exposure] = []
    amounts: dict[tuple[StakeKind, str], Decimal] = {}
    for stake in held:
        if _is_held(after, stake):
            continue
        exposed.append(Exposure(stake, warm_path(after, starts, _targets(contacts, after, stake, person, successor))))
        if stake.amount is not None and stake.currency is not None:
            where = stake.kind, stake.currency
            amounts[where] = amounts.get(where, Decimal(0)) + stake.amount
    return Departure(
        person,
        is_ours,
        tuple(exposed),
        tuple(stake for stake in stakes if stake not in held),
        amounts,
        sum(1 for exposure in exposed if exposure.stake.amount is None),
    )


def _is_held(contacts: ContactMap, stake: Stake) -> bool:
    places = [place for place, one in enumerate(contacts.theirs) if one.key in stake.contacts]
    return bool(contacts.warm[:, places].any())


def _targets(contacts: ContactMap, after: ContactMap, stake: Stake, person: str, successor: str | None) -> frozenset[str]:
    """Whom to reach: who is left of the stake's contacts, and for somebody of theirs who left, who takes the place."""
    left = {one.key for one in after.theirs if one.key in stake.contacts}
    if person not in stake.contacts:
        return frozenset(left)
    if successor:
        return frozenset({successor})
    roles = next(one.roles for one in contacts.theirs if one.key == person)
    return frozenset(left | {one.key for one in after.theirs if one.roles & roles})


def _check(
    contacts: ContactMap, after: ContactMap, stakes: tuple[Stake, ...], successor: str | None, rebuild_by: str | None
) -> None:
    theirs = {one.key for one in contacts.theirs}
    for stake in stakes:
        unknown = sorted(stake.contacts - theirs)
        if unknown:
            raise OpenKamError(f"{stake.name} hangs on {', '.join(unknown)}, who is not among their people on the map.")
    if successor and successor not in {one.key for one in after.theirs}:
        raise OpenKamError(f"{successor} cannot succeed: give somebody of theirs who stays.")
    if rebuild_by and rebuild_by not in {one.key for one in after.ours}:
        raise OpenKamError(f"{rebuild_by} cannot rebuild the tie: give somebody of ours who stays.")
