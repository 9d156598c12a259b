"""When the holder of a post last had contact with us at its account, as the records say; a note is no contact, what was removed is none.

Two instants are stored with a post, since private entries are for the account's manager and team alone: that of the open entries, and
that of all. Whoever may not read the private ones is told by the first, whatever the second says (`told_to`).
"""

from django.db.models import Case, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery, When

from openkam.app.people.models import User
from openkam.app.relationships.models import Employment, Participant
from openkam.app.relationships.queries.claims import own_accounts
from openkam.app.relationships.terms import InteractionKind


def latest_contact(*, is_open: bool) -> Subquery:
    """The latest contact of a post's holder at its account, by the entries themselves; null where none is on record."""
    parts = Participant.objects.filter(contact=OuterRef("contact"), interaction__account=OuterRef("account"))
    told = parts.filter(interaction__removed_at=None).exclude(interaction__kind=InteractionKind.NOTE).order_by()
    if is_open:
        told = told.filter(interaction__is_private=False)
    return Subquery(told.values("contact").annotate(last=Max("interaction__at")).values("last"), output_field=DateTimeField())


def with_latest_contacts(posts: QuerySet[Employment]) -> QuerySet[Employment]:
    """The posts with `latest` and `latest_open`, reckoned from the entries: what belongs into the stored fields."""
    return posts.annotate(latest=latest_contact(is_open=False), latest_open=latest_contact(is_open=True))


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
