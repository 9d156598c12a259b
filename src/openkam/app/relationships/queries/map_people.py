"""What a people map shows on a day: people in post, what they do and stand for, the lines between them, and who of us knows whom.

As of a day: posts, roles and lines that held on it, claims made about it or earlier, by what is on record today. A private claim
colours no map of who may not read it, since claims come from `visible_claims` alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from openkam.analytics.relationship.claim_freshness import whole_months
from openkam.analytics.relationship.people_layout import CARD_HEIGHT, CARD_WIDTH, people_layout
from openkam.analytics.relationship.team_ties import TeamTie
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models import (
    BuyingRole,
    Contact,
    Employment,
    InfluenceLine,
    MapPlace,
    PeopleMap,
    ReportingLine,
)
from openkam.app.relationships.queries.claims import visible_claims
from openkam.app.relationships.queries.dialogue import Tie, map_ties
from openkam.app.relationships.queries.lines import holds_on
from openkam.app.relationships.queries.people_maps import map_of_category, saved_map
from openkam.app.relationships.terms import LONGEST_KEY, ROLE_VERBS, SCALES, Strength, Topic


@dataclass(frozen=True, slots=True)
class MapView:
    """Which map somebody looks at: of a purchase category (blank: all), perhaps a saved one, as of a day."""

    account: Account
    as_of_on: date
    category: str = ""
    saved: PeopleMap | None = None

    @property
    def choice(self) -> str:
        """How the address names the map."""
        if self.saved:
            return f"saved:{self.saved.pk}"
        return f"category:{self.category}" if self.category else ""

    @property
    def title(self) -> str:
        """The map's name, else its category."""
        if self.saved:
            return self.saved.name
        return f"Buying center: {self.category}" if self.category else "Everybody"


@dataclass(frozen=True, slots=True)
class Mark:
    """The latest grade on a topic, in figures and words; `is_faded` past its shelf life."""

    value: int
    words: str
    is_faded: bool


class Belief(NamedTuple):
    """The latest claim on a topic, as far as a map needs it; `keeps_until` is None when it keeps."""

    pk: int
    as_of_on: date
    keeps_until: date | None

    def has_faded(self, day: date) -> bool:
        """Whether its shelf life was over on a day."""
        return self.keeps_until is not None and self.keeps_until < day


@dataclass(slots=True)
class MapPerson:
    """Somebody of theirs on the map, where `key` names them; `beliefs` by topic.

    `months_ago`: whole months since the last claim, where all that is believed has faded, else None.
    `x`, `y` is the upper left corner of the card; `hangs`: the line from the superior comes from the side, `via` where it turns on its
    way round other cards; `is_moved` by hand.
    """

    contact: Contact
    post: Employment
    roles: list[str] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    beliefs: dict[str, "Belief"] = field(default_factory=dict)
    months_ago: int | None = None
    superior: "MapPerson | None" = None
    reporting_line: ReportingLine | None = None
    reports: list["MapPerson"] = field(default_factory=list)
    sways: list["Sway"] = field(default_factory=list)
    known_by: list["MapTie"] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    hangs: bool = False
    via: tuple[float, float] | None = None
    is_moved: bool = False
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = f"c{self.contact.pk}"  # once: every line to the card asks for it

    @property
    def does(self) -> str:
        """What they do when the account buys."""
        return ", ".join(dict.fromkeys(ROLE_VERBS[role] for role in self.roles))

    @property
    def stance(self) -> Mark | None:
        """For or against us."""
        return self.marks.get(Topic.STANCE)

    @property
    def power(self) -> Mark | None:
        """Over what is bought."""
        return self.marks.get(Topic.POWER)

    @property
    def interest(self) -> Mark | None:
        """In what we offer."""
        return self.marks.get(Topic.INTEREST)

    @property
    def access(self) -> Mark | None:
        """Ours to them."""
        return self.marks.get(Topic.ACCESS)


@dataclass(slots=True)
class OurPerson:
    """Somebody of ours at the foot of the map; `key` names them there."""

    user: User
    is_manager: bool
    x: float = 0.0
    y: float = 0.0
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = f"u{self.user.pk}"


@dataclass(frozen=True, slots=True)
class Sway:
    """A line of influence to somebody on the map."""

    line: InfluenceLine
    target: MapPerson

    @property
    def words(self) -> str:
        """How strongly."""
        return Strength(self.line.strength).label.lower()


class MapTie(NamedTuple):
    """Somebody of ours knows somebody of theirs, with a strength from 0 to 1."""

    ours: OurPerson
    strength: float


@dataclass(frozen=True, slots=True)
class PeopleMapPage:
    """A map: `theirs` in the order of a list, `ours`, and how many of theirs are in post at all; `lines` by the key of who reports.

    `team_ties` are those among ours by their keys.
    """

    view: MapView
    theirs: Sequence[MapPerson]
    ours: Sequence[OurPerson]
    in_post_count: int
    lines: Mapping[str, ReportingLine]
    ties_are_recorded: bool
    team_ties: Sequence[TeamTie] = ()

    @property
    def tops(self) -> list[MapPerson]:
        """Those who report to nobody on the map."""
        return [person for person in self.theirs if person.superior is None]

    @property
    def tree(self) -> list[tuple[int, MapPerson]]:
        """Everybody below their superior, with how deep they stand."""
        found: list[tuple[int, MapPerson]] = []
        waiting = [(0, person) for person in reversed(self.tops)]
        while waiting:
            depth, person = waiting.pop()
            found.append((depth, person))
            waiting += [(depth + 1, other) for other in reversed(person.reports)]
        return found

    @property
    def faded(self) -> list[MapPerson]:
        """Those of whom all that is believed has to be asked again."""
        return [person for person in self.theirs if person.months_ago is not None]

    def person(self, key: str) -> "MapPerson | OurPerson | None":
        """Whoever on the map the key names."""
        return next((one for one in (*self.theirs, *self.ours) if one.key == key), None)


def map_view(user: User, account: Account, choice: str, as_of_on: date) -> MapView:
    """The map that an address names; raises `Http404` for a saved one that is not there."""
    kind, _, which = choice.partition(":")
    if kind == "saved" and which.isdecimal() and len(which) <= LONGEST_KEY:
        saved = saved_map(user, account, int(which))
        return MapView(account, as_of_on, saved.category, saved)
    return MapView(account, as_of_on, which if kind == "category" else "")


def people_map(user: User, view: MapView) -> PeopleMapPage:
    """The map as the user may see it, of an account that the user sees; the number of queries does not grow with its people."""
    account, day = view.account, view.as_of_on
    held = Employment.objects.filter(holds_on(day), account=account, contact__archived_at=None)
    people: dict[int, MapPerson] = {}
    for post in held.select_related("contact").order_by("contact__sort_name", "contact_id", "-id"):
        people.setdefault(post.contact_id, MapPerson(post.contact, post))
    in_post_count = len(people)
    roles = BuyingRole.objects.filter(holds_on(day), account=account)
    if view.category:
        roles = roles.filter(Q(category="") | Q(category__iexact=view.category))
    for contact, role in roles.order_by("role", "id").values_list("contact", "role"):
        if contact in people and role not in people[contact].roles:
            people[contact].roles.append(role)
    if view.category:
        people = {key: person for key, person in people.items() if person.roles}
    _grade(user, account, day, people)
    lines = _draw_lines(account, day, people)
    ties = map_ties(user, account, _end_of(day))
    ours = _our_team(account, ties.across, people)
    theirs = sorted(people.values(), key=lambda one: (-(one.post.level or 0), one.contact.sort_name, one.contact.pk))
    _place(view, theirs, ours)
    return PeopleMapPage(view, theirs, ours, in_post_count, lines, bool(ties.across), ties.among_ours)


def _end_of(day: date) -> datetime:
    """The end of a day where its reader is; of today the present."""
    return min(datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone()), datetime.now(UTC))


def _grade(user: User, account: Account, day: date, people: Mapping[int, MapPerson]) -> None:
    """The latest claim on each topic about each person, as far as the user may read it."""
    counted = Q(withdrawn_at=None) | Q(withdrawn_at__date__gt=day)
    claims = visible_claims(user).filter(counted, account=account, as_of_on__lte=day, contact__in=people.keys())
    for pk, contact, topic, value, as_of_on, shelf_life_days in claims.values_list(
        "pk", "contact", "topic", "value", "as_of_on", "shelf_life_days"
    ):
        person = people[contact]
        if topic in person.beliefs:  # the latest come first
            continue
        keeps_until = None if shelf_life_days is None else as_of_on + timedelta(days=shelf_life_days)
        belief = person.beliefs[topic] = Belief(pk, as_of_on, keeps_until)
        if value is not None and topic in SCALES:
            person.marks[topic] = Mark(value, SCALES[topic][value], belief.has_faded(day))
    for person in people.values():
        if person.beliefs and all(belief.has_faded(day) for belief in person.beliefs.values()):
            person.months_ago = whole_months(max(belief.as_of_on for belief in person.beliefs.values()), day)


def _draw_lines(account: Account, day: date, people: Mapping[int, MapPerson]) -> dict[str, ReportingLine]:
    lines: dict[str, ReportingLine] = {}
    for line in ReportingLine.objects.filter(holds_on(day), account=account):
        person, superior = people.get(line.contact_id), people.get(line.superior_id)
        if person and superior:
            person.superior, person.reporting_line = superior, line
            lines[person.key] = line
    for person in people.values():
        if person.superior:
            person.superior.reports.append(person)
    for sway in InfluenceLine.objects.filter(holds_on(day), account=account):
        person, target = people.get(sway.contact_id), people.get(sway.target_id)
        if person and target:
            person.sways.append(Sway(sway, target))
    return lines


def _our_team(account: Account, ties: Sequence[Tie], people: Mapping[int, MapPerson]) -> list[OurPerson]:
    """The account's manager and team and whoever else knows somebody there, the manager first."""
    is_ours = Q(pk=account.manager_id) | Q(memberships__team=account.team_id) if account.team_id else Q(pk=account.manager_id)
    knowing = {tie.user_id for tie in ties if tie.contact_id in people}
    found = User.objects.filter((is_ours & Q(is_active=True)) | Q(pk__in=knowing)).distinct()
    ours = {user.pk: OurPerson(user, user.pk == account.manager_id) for user in found}
    for tie in ties:
        if tie.contact_id in people and tie.user_id in ours:
            people[tie.contact_id].known_by.append(MapTie(ours[tie.user_id], tie.strength))
    return sorted(ours.values(), key=lambda one: (not one.is_manager, one.user.name, one.user.pk))


OUR_WIDTH, OUR_HEIGHT, OUR_GAP, FOOT = 176, 40, 24, 96
"""A card of ours, and how far below theirs ours stand (points of the drawing)."""


def _place(view: MapView, theirs: Sequence[MapPerson], ours: Sequence[OurPerson]) -> None:
    superior_of = {person.key: person.superior.key for person in theirs if person.superior}
    places = people_layout([person.key for person in theirs], superior_of)
    own_map = view.saved or map_of_category(view.account, view.category)
    kept = {one.contact_id: one for one in MapPlace.objects.filter(map=own_map)} if own_map else {}
    for person in theirs:
        place = places[person.key]
        person.x, person.y, person.hangs, person.via = place.x, place.y, place.hangs, place.via
        if moved := kept.get(person.contact.pk):
            person.x, person.y, person.hangs, person.via, person.is_moved = moved.x, moved.y, False, None, True
    left = min((person.x for person in theirs), default=0.0)
    right = max((person.x + CARD_WIDTH for person in theirs), default=0.0)
    foot = max((person.y + CARD_HEIGHT for person in theirs), default=0.0) + FOOT
    step = OUR_WIDTH + OUR_GAP
    in_row = max(int((right - left + OUR_GAP) // step), min(4, len(ours)), 1)
    for place, one in enumerate(ours):
        row = ours[place // in_row * in_row : (place // in_row + 1) * in_row]
        start = (left + right - len(row) * step + OUR_GAP) / 2
        one.x, one.y = start + place % in_row * step, foot + place // in_row * (OUR_HEIGHT + OUR_GAP)
