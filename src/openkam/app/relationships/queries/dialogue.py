"""The dialogue with an account, as far as its reader may know it, and the ties that a people map draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from openkam.analytics.relationship.correspondence.items import LARGEST_AUDIENCE
from openkam.analytics.relationship.dialogue import Dialogue, Meeting, Person, dialogue
from openkam.analytics.relationship.dialogue import Interaction as Exchanged
from openkam.analytics.relationship.pair_ties import pair_ties
from openkam.analytics.relationship.team_ties import TeamTie, team_ties
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models import Interaction, Participant
from openkam.app.relationships.queries.interactions import visible_interactions
from openkam.app.relationships.terms import InteractionKind, Part, Side
from openkam.app.ui.templatetags.charts import Chart, framed

__all__ = ["LARGEST_AUDIENCE", "Tie", "dialogue_chart", "dialogue_of", "map_ties", "open_dialogue_of", "ties_of"]


class Tie(NamedTuple):
    """How strong the tie of one of our users and one contact is (0 to 1), and when they last had contact."""

    user_id: int
    contact_id: int
    warmth: float
    strength: float
    last_at: datetime


@dataclass(frozen=True, slots=True)
class MapTies:
    """Ties between ours and theirs, and among ours, whose keys are `u` and the number of the user."""

    across: Sequence[Tie]
    among_ours: Sequence[TeamTie]


class WholeSeconds(Func):
    """An instant as whole seconds since 1970-01-01 UTC: to make a time of each of thousands of rows takes longer than to reckon with it."""

    template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"

    def __init__(self, field: str) -> None:
        super().__init__(field, output_field=BigIntegerField())

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """SQLite keeps an instant as text of UTC."""
        return self.as_sql(compiler, connection, template="CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER)", **context)


class _Part(NamedTuple):
    key: str
    side: str
    part: str


_OUR_SIDE, _WRITES, _NOTE, _CALL = Side.OURS.value, Part.FROM.value, InteractionKind.NOTE.value, InteractionKind.CALL.value
"""Asked for once: to ask an enumeration for thousands of rows takes longer than to compare them."""
_BARE_PART = ("interaction", "user", "contact", "address", "side", "part")
_PART = (*_BARE_PART, "user__name", "user__time_zone", "contact__name", "contact__time_zone")
_ENTRY = (
    "pk", "at", "is_time_known", "kind", "began_by",
    "our_talk_minutes", "their_talk_minutes", "our_agenda_points", "their_agenda_points",
)  # fmt: skip


def dialogue_of(user: User, account: Account, as_of_at: datetime) -> Dialogue:
    """The dialogue with a visible account until an instant, from the entries that the user may read; notes are no contact."""
    return _told(visible_interactions(user).filter(account=account), as_of_at)


def open_dialogue_of(account: Account, as_of_at: datetime) -> Dialogue:
    """The dialogue from the entries that are private to nobody: what is measured from it may be told to whoever sees the account."""
    return _told(Interaction.objects.filter(account=account, is_private=False, removed_at=None), as_of_at)


def _told(entries: "QuerySet[Interaction]", as_of_at: datetime) -> Dialogue:
    people, rows = _read(entries.exclude(kind=InteractionKind.NOTE), as_of_at)
    return dialogue(people, [contact for _, contact in rows], as_of_at)


def _read(entries: "QuerySet[Interaction]", as_of_at: datetime) -> tuple[list[Person], list[tuple[str, Exchanged]]]:
    """Two queries of bare rows: an account may have thousands of entries, and a record of each takes longer than the reckoning."""
    contact = entries.filter(at__lte=as_of_at)
    parts: dict[int, list[_Part]] = {}
    people: dict[str, Person] = {}
    own_zone = timezone.get_current_timezone_name()
    rows = Participant.objects.filter(interaction__in=contact.order_by()).order_by("id")
    for entry, user, person, address, side, part, *names in rows.values_list(*_PART):
        key = _key_of(user, person, address, side)
        parts.setdefault(entry, []).append(_Part(key, side, part))
        if key not in people:
            # A person who named no time zone is taken to keep the reader's, which is the organisation's unless they chose one.
            name, zone = (names[0], names[1]) if user is not None else (names[2], names[3])
            people[key] = Person(key, name or address, side == Side.OURS, zone or own_zone)
    told = contact.order_by("at", "id").values_list(*_ENTRY)
    return list(people.values()), [(row[3], _exchanged(row, parts.get(row[0], []))) for row in told]


def ties_of(user: User, account: Account, as_of_at: datetime) -> Sequence[Tie]:
    """Strength of every tie between our users and the account's contacts at an instant, from the entries that the user may read.

    A pair without contact has no tie here: none is known, which is not the same as none. Bare addresses are left out.
    """
    return map_ties(user, account, as_of_at).across


def map_ties(user: User, account: Account, as_of_at: datetime) -> MapTies:
    """The ties across, as `ties_of` has them, and those among our users: what they did together, notes for ourselves among it."""
    ours, rows = _met(visible_interactions(user).filter(account=account, at__lte=as_of_at))
    told = pair_ties(ours, [met for kind, met in rows if kind != _NOTE], as_of_at)
    return MapTies(
        across=[
            Tie(int(pair.ours[1:]), int(pair.theirs[1:]), pair.warmth, pair.strength, pair.last_at)
            for pair in told
            if pair.ours.startswith("u") and pair.theirs.startswith("c")
        ],
        among_ours=team_ties([key for key in ours if key.startswith("u")], [met for _, met in rows], as_of_at),
    )


def _met(entries: "QuerySet[Interaction]") -> tuple[list[str], list[tuple[str, Meeting]]]:
    """The keys of ours and who met whom when: of the rows of `_read` what ties are made of, since a map has no more to tell."""
    parts: dict[int, list[_Part]] = {}
    ours: dict[str, None] = {}
    rows = Participant.objects.filter(interaction__in=entries.order_by()).order_by("id")
    for entry, user, person, address, side, part in rows.values_list(*_BARE_PART):
        key = _key_of(user, person, address, side)
        parts.setdefault(entry, []).append(_Part(key, side, part))
        if side == _OUR_SIDE:
            ours[key] = None
    told = entries.order_by("at", "id").values_list("pk", WholeSeconds("at"), "kind", "began_by")
    return list(ours), [(kind, _meeting(at, kind, began_by, parts.get(pk, []))) for pk, at, kind, began_by in told]


def dialogue_chart(told: Dialogue) -> Chart | None:
    """Mails and calls by month, ours above the line and theirs below it; None where none is known of the last year."""
    if not any(month.ours or month.theirs for month in told.months):
        return None
    values = [
        {"month": month.month_on.isoformat(), "count": sign * count, "side": side, "text": str(count)}
        for month in told.months
        for side, sign, count in (("We wrote", 1, month.ours), ("They wrote", -1, month.theirs))
    ]
    ours, theirs = (sum(getattr(month, side) for month in told.months) for side in ("ours", "theirs"))
    return Chart(
        spec=framed(
            data={"values": values},
            mark={"type": "bar"},
            encoding={
                "x": {"field": "month", "type": "temporal", "timeUnit": "yearmonth", "title": None, "axis": {"format": "%b %y"}},
                "y": {
                    "field": "count",
                    "type": "quantitative",
                    "title": None,
                    "axis": {"labelExpr": "format(abs(datum.value), 'd')", "tickMinStep": 1},
                },
                "color": {
                    "field": "side",
                    "type": "nominal",
                    "title": None,
                    "sort": ["We wrote", "They wrote"],
                    "legend": {"orient": "top"},
                },
                "tooltip": [
                    {"field": "month", "type": "temporal", "timeUnit": "yearmonth", "title": "Month"},
                    {"field": "side", "title": "Side"},
                    {"field": "text", "title": "Mails and calls"},
                ],
            },
        ),
        text=f"Mails and calls of the last {len(told.months)} months: we wrote {ours}, they wrote {theirs}.",
        columns=("Month", "We wrote", "They wrote"),
        rows=[(f"{month.month_on:%b %Y}", month.ours, month.theirs) for month in told.months],
    )


def _key_of(user: int | None, person: int | None, address: str, side: str) -> str:
    return f"u{user}" if user is not None else f"c{person}" if person is not None else f"a{side}{address}"


def _exchanged(row: tuple[Any, ...], parts: Sequence[_Part]) -> Exchanged:
    """A mail has its writer; of a call the first of the side that began it counts as who spoke to the others."""
    _, at, is_time_known, kind, began_by, our_minutes, their_minutes, our_points, their_points = row
    writer = _writer(kind, began_by, parts)
    return Exchanged(
        at=at,
        is_time_known=is_time_known,
        writer=None if writer is None else writer.key,
        others=tuple(one.key for one in parts if one is not writer),
        our_minutes=_number(our_minutes),
        their_minutes=_number(their_minutes),
        our_points=_number(our_points),
        their_points=_number(their_points),
    )


def _meeting(at: int, kind: str, began_by: str, parts: Sequence[_Part]) -> Meeting:
    writer = _writer(kind, began_by, parts)
    return Meeting(at, None if writer is None else writer.key, tuple([one.key for one in parts if one is not writer]))


def _writer(kind: str, began_by: str, parts: Sequence[_Part]) -> _Part | None:
    for one in parts:
        if one.part == _WRITES:
            return one
    if kind == _CALL and began_by:
        return next((one for one in parts if one.side == began_by), None)
    return None


def _number(noted: int | None) -> float:
    return math.nan if noted is None else float(noted)
