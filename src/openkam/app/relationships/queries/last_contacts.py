"""When the holder of a post last had contact with us at its account, as the records say; a note is no contact, what was removed is none.

Two instants are stored with a post, since private entries are for the account's manager and team alone: that of the open entries, and
that of all. Whoever may not read the private ones is told by the first, whatever the second says (`told_to`).
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, F, Max, Q, When

from openkam.app.people.models import User
from openkam.app.relationships.models import Employment, Participant
from openkam.app.relationships.queries.claims import own_accounts
from openkam.app.relationships.terms import InteractionKind

Latest = tuple[datetime | None, datetime | None]
"""The latest contact by all entries, and by the open ones."""


def posts_told_wrongly(contacts: Collection[int], accounts: Collection[int] | None = None) -> list[Employment]:
    """The posts of these contacts (at these accounts) whose stored instants are not those of the entries, with the right ones set.

    Two queries, grouped by person and account: one that asked for each post would go through all entries of an account each time.
    """
    parts = Participant.objects.filter(contact__in=contacts, interaction__removed_at=None)
    parts = parts.exclude(interaction__kind=InteractionKind.NOTE)
    posts = Employment.objects.filter(contact__in=contacts)
    if accounts is not None:
        parts, posts = parts.filter(interaction__account__in=accounts), posts.filter(account__in=accounts)
    at, is_open = "interaction__at", Q(interaction__is_private=False)
    rows = (
        parts.order_by().values_list("contact", "interaction__account").annotate(last=Max(at), last_open=Max(at, filter=is_open))
    )
    latest: dict[tuple[int, int], Latest] = {(contact, account): (last, last_open) for contact, account, last, last_open in rows}
    wrong: list[Employment] = []
    for post in posts.order_by("pk"):
        right = latest.get((post.contact_id, post.account_id), (None, None))
        if (post.last_contact_at, post.last_open_contact_at) != right:
            post.last_contact_at, post.last_open_contact_at = right
            wrong.append(post)
    return wrong


def told_to(user: User) -> F | Case:
    """What says of a post when its holder last had contact with us, as far as the user may know.

    At the user's own accounts a private entry counts. Where none of them has one that is the latest, the open field says the same for
    all posts, and has an index.
    """
    own = own_accounts(user).order_by()
    differs = Q(last_open_contact_at=None) | ~Q(last_contact_at=F("last_open_contact_at"))
    if Employment.objects.filter(differs, account__in=own, last_contact_at__isnull=False).exists():
        return Case(When(account__in=own, then=F("last_contact_at")), default=F("last_open_contact_at"))
    return F("last_open_contact_at")
