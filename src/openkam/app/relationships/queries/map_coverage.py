"""How well we cover the people on a map, what hangs on one of them, and what would help most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openkam.analytics.relationship.coverage.best_tie import best_ties
from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.relationship.coverage.density import contact_density
from openkam.analytics.relationship.coverage.departure import Stake, StakeKind, known_amount, sole_ties, what_if_leaves
from openkam.analytics.relationship.coverage.gaps import contact_gaps
from openkam.analytics.relationship.coverage.roles import bus_factor, coverage, role_cover
from openkam.analytics.relationship.coverage.survival import role_survival
from openkam.analytics.relationship.coverage.tie_matrices import largest_share, ties_across, ties_among_theirs, ties_within
from openkam.app.people.models import User
from openkam.app.people.terms import Function, Level
from openkam.app.relationships.models import Commitment
from openkam.app.relationships.queries.commitments import promises_of_leaving
from openkam.app.relationships.queries.map_people import MapPerson, OurPerson, PeopleMapPage
from openkam.app.relationships.terms import ROLE_WEIGHTS, BuyingCenterRole
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths

HELD_BY = frozenset({BuyingCenterRole.DECIDER.value, BuyingCenterRole.APPROVER.value, BuyingCenterRole.BUYER.value})
"""Who decides, approves and buys holds what the account brings."""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role in the buying center: `state` is covered, cold or not named."""

    label: str
    state: str
    holders: Sequence[str]


@dataclass(frozen=True, slots=True)
class Help:
    """A tie worth making warm, in words, and what coverage gains (share)."""

    words: str
    gain: float


@dataclass(frozen=True, slots=True)
class Leaving:
    """The map without somebody. `riding` (amount, currency) is None where no valuation tells it or nothing would be lost.

    `unheld`: nobody warm held it before either. `path` are the names on the shortest warm way to whoever could hold it again.
    `sole_ties` are those of theirs whom they alone know warmly, each with the names on the shortest warm way back to them (none where none
    leads there). `promises` are the open ones, of either side, that lose who keeps them or whom alone they were given to.
    """

    person: "MapPerson | OurPerson"
    name: str
    coverage: float
    lost_roles: Sequence[str]
    sways: Sequence[str]
    riding: tuple[Decimal, str] | None
    is_exposed: bool
    unheld: bool
    path: Sequence[str]
    sole_ties: Sequence[tuple[str, Sequence[str]]]
    promises: Sequence[Commitment]


@dataclass(frozen=True, slots=True)
class CoveragePanel:
    """Coverage of the roles (share) and what goes with it; None is not known.

    `their_bus_factor` and `our_bus_factor`: the fewest losses that bring coverage below a half, with who they are; None where it is
    below already. `level_difference` is how far apart the levels of the two ends of a warm tie are on average (levels),
    `function_match` the share of warm ties between like functions; None where of no warm tie both ends are known. `density` of warm
    ties across, `density_within` and `centralisation` of those among ours (shares); `both_high` warns, since one replaces the other.
    `survival` by role over a year, None where nobody gave a turnover. `their_share` and `our_share` are those of the strength of all
    ties that lie with one person (share), with the name.
    """

    coverage: float
    roles: Sequence[RoleLine]
    their_bus_factor: tuple[int, Sequence[str]] | None
    our_bus_factor: tuple[int, Sequence[str]] | None
    level_gaps: Sequence[str]
    function_gaps: Sequence[str]
    without_level: int
    without_function: int
    level_difference: float | None
    function_match: float | None
    their_share: tuple[float, str] | None
    our_share: tuple[float, str] | None
    density: float | None
    density_within: float | None
    centralisation: float | None
    both_high: bool
    survival: Sequence[tuple[str, float | None]] | None
    helping: Sequence[Help]
    leaving: Leaving | None

    @property
    def is_below_half(self) -> bool:
        """Whether half of the roles have no warm contact."""
        return self.coverage < 0.5


def coverage_panel(
    user: User, page: PeopleMapPage, *, leaves: str = "", turnover_percent: float | None = None
) -> CoveragePanel | None:
    """Coverage of a map, and without the person whose key is given; None where nobody is on it or the reader sees no contact at all.

    `turnover_percent` is how many of a hundred people change their post in a year, on both sides.
    """
    if not page.theirs or not page.ties_are_recorded:
        return None
    names = {one.key: one.contact.name for one in page.theirs} | {one.key: one.user.name for one in page.ours}
    contacts = contact_map(page, turnover_percent)
    covers = role_cover(contacts, ROLE_WEIGHTS)
    gaps, density = contact_gaps(contacts), contact_density(contacts)
    person = page.person(leaves) if leaves else None
    return CoveragePanel(
        coverage=coverage(covers),
        roles=[
            RoleLine(str(BuyingCenterRole(cover.role).label), cover.state.value, [names[key] for key in cover.holders])
            for cover in covers
        ],
        their_bus_factor=_losses(contacts, names, on_our_side=False),
        our_bus_factor=_losses(contacts, names, on_our_side=True),
        level_gaps=[str(Level(int(level.name)).label) for level in gaps.levels if level.is_gap],
        function_gaps=[str(Function(function.name).label) for function in gaps.functions if function.is_gap],
        without_level=gaps.people_without_level,
        without_function=gaps.people_without_function,
        level_difference=gaps.level_difference,
        function_match=gaps.function_match,
        their_share=_largest([one.key for one in contacts.theirs], contacts.across.sum(axis=0).tolist(), names),
        our_share=_largest([one.key for one in contacts.ours], contacts.across.sum(axis=1).tolist(), names),
        density=density.across,
        density_within=density.within,
        centralisation=density.centralisation,
        both_high=density.both_high,
        survival=None
        if turnover_percent is None
        else [(str(BuyingCenterRole(role).label), role_survival(contacts, role).probability) for role in ROLE_WEIGHTS],
        helping=[
            Help(f"{names[tie.ours]} {'meets' if tie.is_new else 'comes closer to'} {names[tie.theirs]}", tie.gain)
            for tie in best_ties(contacts, ROLE_WEIGHTS)
        ],
        leaving=_leaving(user, page, contacts, person, names) if person else None,
    )


def contact_map(page: PeopleMapPage, turnover_percent: float | None = None) -> ContactMap:
    """The map as the engine reads it; ties among ours are those of who worked together on the account."""
    turnover = None if turnover_percent is None else turnover_percent / 100
    row = {one.key: place for place, one in enumerate(page.ours)}
    column = {one.key: place for place, one in enumerate(page.theirs)}
    known = ((row[tie.ours.key], column[one.key], tie.strength) for one in page.theirs for tie in one.known_by)
    together = [tie for tie in page.team_ties if tie.first in row and tie.second in row]
    return ContactMap(
        ours=tuple(
            ContactPerson(one.key, one.user.level, one.user.function or None, yearly_turnover=turnover) for one in page.ours
        ),
        theirs=tuple(
            ContactPerson(one.key, one.post.level, one.post.function or None, frozenset(one.roles), turnover)
            for one in page.theirs
        ),
        across=ties_across((len(row), len(column)), known),
        among_ours=ties_within(len(row), ((row[tie.first], row[tie.second], tie.strength) for tie in together)),
        among_theirs=ties_among_theirs(
            len(column),
            ((column[one.key], column[sway.target.key], sway.line.strength) for one in page.theirs for sway in one.sways),
            ((column[one.key], column[one.superior.key]) for one in page.theirs if one.superior),
        ),
    )


def _losses(contacts: ContactMap, names: Mapping[str, str], *, on_our_side: bool) -> tuple[int, Sequence[str]] | None:
    found = bus_factor(role_cover(contacts, ROLE_WEIGHTS), on_our_side=on_our_side)
    return (found.count, [names[key] for key in found.people]) if found.count else None


def _largest(keys: Sequence[str], strengths: Sequence[float], names: Mapping[str, str]) -> tuple[float, str] | None:
    found = largest_share(keys, strengths)
    return None if found is None else (found[1], names[found[0]])


def _leaving(
    user: User, page: PeopleMapPage, contacts: ContactMap, person: "MapPerson | OurPerson", names: Mapping[str, str]
) -> Leaving:
    after = role_cover(contacts.without([person.key]), ROLE_WEIGHTS)
    before = role_cover(contacts, ROLE_WEIGHTS)
    worth, currency = _worth(user, page)
    holders = frozenset(one.key for one in page.theirs if HELD_BY & set(one.roles))
    stake = Stake("what the account brings", StakeKind.REVENUE, holders, worth, currency) if holders else None
    departure = what_if_leaves(contacts, person.key, (stake,) if stake else ())
    exposure = departure.exposed[0] if departure.exposed else None
    return Leaving(
        person=person,
        name=names[person.key],
        coverage=coverage(after),
        lost_roles=[
            str(BuyingCenterRole(was.role).label)
            for was, now in zip(before, after, strict=True)
            if was.warm_holders and not now.warm_holders
        ],
        sways=[f"{sway.target.contact.name} ({sway.words})" for sway in person.sways] if isinstance(person, MapPerson) else [],
        riding=(worth, currency) if exposure and worth is not None and currency else None,
        is_exposed=exposure is not None,
        unheld=bool(departure.unheld),
        path=[names[key] for key in exposure.path.people] if exposure and exposure.path else [],
        sole_ties=[
            (names[key], [names[one] for one in path.people] if path else []) for key, path in sole_ties(contacts, person.key)
        ],
        promises=promises_of_leaving(
            user,
            page.view.account,
            user_id=person.user.pk if isinstance(person, OurPerson) else None,
            contact_id=person.contact.pk if isinstance(person, MapPerson) else None,
        ),
    )


def _worth(user: User, page: PeopleMapPage) -> tuple[Decimal | None, str | None]:
    """What the account contributes in the latest valuation, as far as the user sees it."""
    valuation = latest_valuation()
    if valuation is None:
        return None, None
    amounts = visible_worths(user, valuation).filter(account=page.view.account).values_list("contribution", flat=True)
    known = known_amount(amounts)
    return (known, valuation.currency) if known is not None else (None, None)
