"""The dialogue with an account, as far as its reader may know it, and the ties that a people map draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from openkam.analytics.relationship.dialogue import Dialogue, Person, dialogue
from openkam.analytics.relationship.dialogue import Interaction as Exchanged
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models import Interaction, Participant
from openkam.app.relationships.queries.interactions import timeline_of
from openkam.app.relationships.terms import InteractionKind, Part, Side
from openkam.app.ui.templatetags.charts import Chart, framed


@dataclass(frozen=True, slots=True)
class Tie:
    """How strong the tie of one of our users and one contact is (0 to 1), and when they last had contact."""

    user_id: int
    contact_id: int
    warmth: float
    strength: float
    last_at: datetime


def dialogue_of(user: User, account: Account, as_of_at: datetime) -> Dialogue:
    """The dialogue with a visible account until an instant, from the entries that the user may read; notes are no contact."""
    return _told(timeline_of(user, account), as_of_at)


def open_dialogue_of(account: Account, as_of_at: datetime) -> Dialogue:
    """The dialogue from the entries that are private to nobody: what is measured from it may be told to whoever sees the account."""
    people = Participant.objects.select_related("user", "contact")
    entries = Interaction.objects.filter(account=account, is_private=False, removed_at=None)
    return _told(entries.prefetch_related(Prefetch("participants", queryset=people)), as_of_at)


def _told(entries: "QuerySet[Interaction]", as_of_at: datetime) -> Dialogue:
    contact = entries.filter(at__lte=as_of_at).exclude(kind=InteractionKind.NOTE)
    people: dict[str, Person] = {}
    contacts: list[Exchanged] = []
    for entry in contact.order_by("at", "id"):
        parts = list(entry.participants.all())
        people |= {_key(one): _person(one) for one in parts}
        contacts.append(_exchanged(entry, parts))
    return dialogue(list(people.values()), contacts, as_of_at)


def ties_of(user: User, account: Account, as_of_at: datetime) -> Sequence[Tie]:
    """Strength of every tie between our users and the account's contacts at an instant, from the entries that the user may read.

    A pair without contact has no tie here: none is known, which is not the same as none. Bare addresses are left out.
    """
    return [
        Tie(int(pair.ours.key[1:]), int(pair.theirs.key[1:]), pair.warmth, pair.strength, pair.last_at)
        for pair in dialogue_of(user, account, as_of_at).pairs
        if pair.ours.key.startswith("u") and pair.theirs.key.startswith("c")
    ]


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


def _key(one: Participant) -> str:
    if one.user_id is not None:
        return f"u{one.user_id}"
    return f"c{one.contact_id}" if one.contact_id is not None else f"a{one.side}{one.address}"


def _person(one: Participant) -> Person:
    who = one.user or one.contact
    # A person who named no time zone is taken to keep the reader's, which is the organisation's unless they chose one.
    zone = (who.time_zone if who is not None else "") or timezone.get_current_timezone_name()
    return Person(_key(one), str(one), one.side == Side.OURS, zone)


def _exchanged(entry: Interaction, parts: Sequence[Participant]) -> Exchanged:
    """A mail has its writer; of a call the first of the side that began it counts as who spoke to the others."""
    writer = next((one for one in parts if one.part == Part.FROM), None)
    if writer is None and entry.kind == InteractionKind.CALL and entry.began_by:
        writer = next((one for one in parts if one.side == entry.began_by), None)
    return Exchanged(
        at=entry.at,
        is_time_known=entry.is_time_known,
        writer=None if writer is None else _key(writer),
        others=tuple(_key(one) for one in parts if one is not writer),
        our_minutes=_number(entry.our_talk_minutes),
        their_minutes=_number(entry.their_talk_minutes),
        our_points=_number(entry.our_agenda_points),
        their_points=_number(entry.their_agenda_points),
    )


def _number(noted: int | None) -> float:
    return math.nan if noted is None else float(noted)
