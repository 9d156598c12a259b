"""The contacts a person sees: those who work, or once worked, at an account that they see.

Of a person's posts and roles only those at visible accounts are shown: where else somebody works may be a colleague's affair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.names import folded
from openkam.app.people.models import User
from openkam.app.relationships.models import BuyingRole, Contact, ContactPoint, Employment

Record = TypeVar("Record", Contact, Employment, BuyingRole)


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A person with the posts and roles that the reader may see; posts that they hold now stand first."""

    contact: Contact
    points: Sequence[ContactPoint]
    current: Sequence[Employment]
    former: Sequence[Employment]
    roles: Sequence[BuyingRole]
    former_roles: Sequence[BuyingRole]


def visible_employments(user: User) -> QuerySet[Employment]:
    """Every post, past or present, at an account that the user sees."""
    return Employment.objects.filter(account__in=visible_accounts(user).order_by())


def visible_buying_roles(user: User) -> QuerySet[BuyingRole]:
    """Every role in the buying of an account that the user sees."""
    return BuyingRole.objects.filter(account__in=visible_accounts(user).order_by())


def visible_contacts(user: User) -> QuerySet[Contact]:
    """Everybody with a post at an account that the user sees, the archived among them."""
    return Contact.objects.filter(pk__in=visible_employments(user).order_by().values("contact"))


def visible_points(user: User) -> QuerySet[ContactPoint]:
    """The ways to reach the contacts that the user sees."""
    return ContactPoint.objects.filter(contact__in=visible_contacts(user).order_by())


def contact(user: User, pk: int) -> Contact:
    """One visible contact; raises `Http404` when there is none, or none that the user sees."""
    return _found(visible_contacts(user).select_related("created_by"), pk, "No such contact.")


def employment(user: User, pk: int) -> Employment:
    """One post at a visible account; raises `Http404` for any other."""
    return _found(visible_employments(user).select_related("contact", "account"), pk, "No such post.")


def buying_role(user: User, pk: int) -> BuyingRole:
    """One role at a visible account; raises `Http404` for any other."""
    return _found(visible_buying_roles(user).select_related("contact", "account"), pk, "No such role.")


def accounts_of(user: User, person: Contact) -> QuerySet[Account]:
    """The visible accounts at which a person holds or held a post."""
    return visible_accounts(user).filter(pk__in=person.employments.order_by().values("account"))


def contact_page(user: User, pk: int) -> ContactPage:
    """The page of one visible contact; raises `Http404` for any other."""
    person = contact(user, pk)
    posts = list(visible_employments(user).filter(contact=person).select_related("account"))
    roles = list(visible_buying_roles(user).filter(contact=person).select_related("account"))
    return ContactPage(
        contact=person,
        points=list(person.points.all()),
        current=[post for post in posts if post.until_on is None],
        former=[post for post in posts if post.until_on is not None],
        roles=[role for role in roles if role.until_on is None],
        former_roles=[role for role in roles if role.until_on is not None],
    )


def people_of(account: Account) -> QuerySet[Employment]:
    """The posts at an account that `account` or `visible_accounts` returned, by name.

    With each the person, their `roles_here` (those that they have now) and the ways to reach them.
    """
    roles = BuyingRole.objects.filter(account=account, until_on=None)
    return (
        Employment.objects.filter(account=account)
        .select_related("contact")
        .prefetch_related("contact__points", Prefetch("contact__buying_roles", queryset=roles, to_attr="roles_here"))
        .order_by("contact__sort_name", "contact_id", "-id")
    )


def contacts_at(account: Account) -> QuerySet[Contact]:
    """Who holds or held a post at an account that `account` or `visible_accounts` returned, the archived and the erased left out."""
    return Contact.objects.filter(
        pk__in=Employment.objects.filter(account=account).order_by().values("contact"), archived_at=None, erased_at=None
    )


def named(posts: QuerySet[Employment], text: str) -> QuerySet[Employment]:
    """Those of the posts whose holder's name has every word of the text, in whatever accents and case."""
    for word in folded(text).split():
        posts = posts.filter(contact__sort_name__fragment=word)
    return posts


def _found(records: QuerySet[Record], pk: int, nothing: str) -> Record:
    found = records.filter(pk=pk).first()
    if found is None:
        raise Http404(nothing)
    return found
