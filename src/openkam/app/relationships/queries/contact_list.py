"""The contacts over all accounts that a person sees: one row for each post, with who of ours was in touch and when.

Of a person's posts only those at visible accounts are rows, and what stands beside one is told of that account alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, IntegerField, Max, Prefetch, Q, QuerySet, When
from django.utils import timezone

from openkam.app.accounts.queries.near_words import a_slip_away
from openkam.app.accounts.queries.scope import account_bin
from openkam.app.accounts.terms.names import folded
from openkam.app.people.models import User
from openkam.app.people.terms import Scope
from openkam.app.relationships.models import BuyingRole, Employment, Participant
from openkam.app.relationships.queries.contacts import named, visible_buying_roles, visible_contacts, visible_employments
from openkam.app.relationships.queries.interactions import visible_interactions
from openkam.app.relationships.queries.last_contacts import told_to
from openkam.app.relationships.terms import InteractionKind

LONGEST_SEARCH = 100
MOST_NEAR = 50
"""People shown whose names are only a slip of the keyboard away."""
HOLDING_DAYS = 365
MOST_HOLDERS = 2
POSTS_PER_PERSON = 3
"""Posts read for each person to be found, since somebody may hold several."""


@dataclass(frozen=True, slots=True)
class Touch:
    """When somebody last had contact with us at an account, and who of ours had within a year, the most often first."""

    last_at: datetime | None = None
    held_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A post with its person, the roles there, and the touch."""

    post: Employment
    roles: Sequence[BuyingRole]
    touch: Touch


def named_or_near(user: User, posts: QuerySet[Employment], text: str) -> QuerySet[Employment]:
    """The posts whose holder's name has every word; only when there are none, those whose holder's name is a slip away."""
    wanted = folded(text[:LONGEST_SEARCH])
    held = named(posts, wanted)
    if not wanted or held.exists():
        return held
    return posts.filter(contact__in=a_slip_away(visible_contacts(user), "sort_name", wanted, MOST_NEAR))


def in_post_count(user: User) -> int:
    """How many posts are held now, by whoever is not archived, at the accounts that the user sees.

    For who sees everything: all that are held less the few that are left out, each by an index. To join them all takes ten times as long.
    """
    if user.effective_scope != Scope.ALL:
        return visible_employments(user).filter(until_on=None, contact__archived_at=None).count()
    held, binned = Employment.objects.filter(until_on=None).order_by(), account_bin(user).order_by()
    of_archived = held.filter(contact__archived_at__isnull=False).exclude(account__in=binned)
    return held.count() - held.filter(account__in=binned).values("pk").union(of_archived.values("pk"), all=True).count()


def untouched_since(user: User, posts: QuerySet[Employment], day: date) -> QuerySet[Employment]:
    """The posts whose holder had no contact with us at that account on the day or later, as far as the user may know."""
    begin = datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
    return posts.alias(told_at=told_to(user)).filter(Q(told_at=None) | Q(told_at__lt=begin))


def by_last_contact(user: User, posts: QuerySet[Employment], *, is_descending: bool) -> QuerySet[Employment]:
    """The posts by the day of the last contact; whoever had none stands last, whichever way."""
    posts = posts.alias(told_at=told_to(user))
    untouched, last = ExpressionWrapper(Q(told_at=None), output_field=BooleanField()), F("told_at")
    return posts.order_by(untouched, last.desc() if is_descending else last.asc(), "contact__sort_name", "id")


def lines_of(user: User, keys: Sequence[int]) -> list[ContactLine]:
    """The rows of those posts, in their order: four queries, however many they are."""
    roles = Prefetch("contact__buying_roles", visible_buying_roles(user).filter(until_on=None), to_attr="roles_here")
    posts = (
        visible_employments(user)
        .filter(pk__in=keys)
        .select_related("contact", "account")
        .defer("account__search_text")
        .prefetch_related("contact__points", roles)
        .in_bulk()
    )
    touches = _touches(user, list(posts.values()))
    return [
        ContactLine(
            post,
            [role for role in post.contact.roles_here if role.account_id == post.account_id],
            touches.get((post.contact_id, post.account_id), Touch()),
        )
        for post in (posts[key] for key in keys if key in posts)
    ]


def found_contacts(user: User, text: str, limit: int, *, forgives: bool = True) -> list[Employment]:
    """A post of each visible contact that the text means, the latest of theirs; names that begin with it first, the archived left out.

    Only where nobody bears the words, and `forgives` says so: whose names are a slip of the keyboard away.
    """
    wanted = folded(text[:LONGEST_SEARCH])
    if not wanted:
        return []
    posts = visible_employments(user).filter(contact__archived_at=None).select_related("contact", "account")
    posts = posts.defer("account__search_text")
    place = Case(
        When(contact__sort_name__startswith=wanted, then=0),
        When(contact__sort_name__contains=f" {wanted}", then=1),
        default=2,
        output_field=IntegerField(),
    )
    in_post_first = Case(When(until_on=None, then=0), default=1, output_field=IntegerField())
    order = (place, "contact__sort_name", "contact_id", in_post_first, "-until_on", "-id")
    found = _one_each(named(posts, wanted).order_by(*order)[: limit * POSTS_PER_PERSON], limit)
    if found or not forgives:
        return found
    near = a_slip_away(visible_contacts(user).filter(archived_at=None), "sort_name", wanted, limit)
    if not near:
        return []
    held = _one_each(posts.filter(contact__in=near).order_by(*order), limit)
    return sorted(held, key=lambda post: near.index(post.contact_id))


def _one_each(posts: QuerySet[Employment], limit: int) -> list[Employment]:
    found: dict[int, Employment] = {}
    for post in posts:
        found.setdefault(post.contact_id, post)
    return list(found.values())[:limit]


def _touches(user: User, posts: Sequence[Employment]) -> dict[tuple[int, int], Touch]:
    """One query: last contact of every pair of a person and an account, by who of ours took part in it."""
    people = {post.contact_id for post in posts}
    told = visible_interactions(user).exclude(kind=InteractionKind.NOTE).filter(account__in={post.account_id for post in posts})
    parts = Participant.objects.filter(contact__in=people, interaction__in=told.order_by()).order_by()
    rows = parts.values_list("contact", "interaction__account", "interaction__participants__user__name").annotate(
        times=Count("interaction", distinct=True), last=Max("interaction__at")
    )
    recent = timezone.now() - timedelta(days=HOLDING_DAYS)
    last: dict[tuple[int, int], datetime] = {}
    holders: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for contact, account, name, times, at in rows:
        pair = contact, account
        last[pair] = max(at, last.get(pair, at))
        if name and at >= recent:
            holders.setdefault(pair, []).append((-times, name))
    return {pair: Touch(at, [name for _, name in sorted(holders.get(pair, []))[:MOST_HOLDERS]]) for pair, at in last.items()}
