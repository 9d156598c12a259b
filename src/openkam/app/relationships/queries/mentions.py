"""Who is mentioned in the entries about accounts, and what mentions a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from openkam.analytics.relationship.mentions import ReadMentions, read_mentions
from openkam.analytics.relationship.quick_entry import KnownPerson
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.relationships.models import Interaction, Mention
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.queries.interactions import visible_interactions
from openkam.app.relationships.queries.quick_entry import colleagues_of

MENTIONED_LATELY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a note; `href` where it is a mention of somebody."""

    text: str
    href: str = ""


def mentions_in(user: User, account: Account, text: str) -> ReadMentions:
    """Whom a text about a visible account mentions, among who works there and who of ours may take part. Nothing is asked without an @."""
    if "@" not in text:
        return ReadMentions((), (), ())
    known = [KnownPerson(f"c{one.pk}", one.name) for one in contacts_at(account)]
    known += [KnownPerson(f"u{one.pk}", one.name) for one in colleagues_of(account, user)]
    return read_mentions(text, known)


def mentions_of(user: User) -> QuerySet[Mention]:
    """Where the user is mentioned by somebody else, in entries that they may read; the latest first."""
    return (
        Mention.objects.filter(user=user, interaction__in=visible_interactions(user).order_by())
        .exclude(interaction__recorded_by=user)
        .order_by("-interaction__at", "-id")
    )


def mentions_lately(user: User, limit: int) -> list[Mention]:
    """Those of the last month for the person's home."""
    since = timezone.now() - timedelta(days=MENTIONED_LATELY_DAYS)
    # What they may read is a long question; most people are not mentioned every month, and that is a short one.
    if not _one_mention(user.pk, since):
        return []
    found = mentions_of(user).filter(interaction__recorded_at__gte=since)
    return list(
        found.select_related("interaction__account", "interaction__recorded_by").defer("interaction__account__search_text")[
            :limit
        ]
    )


@compiled_once
def _one_mention(person: int, since: datetime) -> QuerySet[Mention, int]:
    found = Mention.objects.filter(user=person, interaction__recorded_at__gte=since)
    return found.order_by().values_list("pk", flat=True)[:1]


def note_pieces(entry: Interaction, mentions: Sequence[Mention]) -> list[Piece]:
    """The note of an entry with its mentions as links. Whoever was renamed or is no longer known stands there as plain text."""
    known = {_key(one): one for one in mentions}
    read = read_mentions(entry.note, [KnownPerson(key, str(one)) for key, one in known.items()])
    pieces: list[Piece] = []
    place = 0
    for found in read.mentions:
        pieces.append(Piece(entry.note[place : found.start]))
        pieces.append(Piece(entry.note[found.start : found.end], address_of(known[found.person.key])))
        place = found.end
    return [piece for piece in (*pieces, Piece(entry.note[place:])) if piece.text]


def address_of(mention: Mention) -> str:
    """The page of a contact; of one of ours the accounts in their care."""
    if mention.contact_id is not None:
        return reverse("relationships:contact", args=[mention.contact_id])
    return f"{reverse('accounts:list')}?manager={mention.user_id}"


def _key(mention: Mention) -> str:
    return f"u{mention.user_id}" if mention.user_id is not None else f"c{mention.contact_id}"
